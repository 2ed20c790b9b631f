// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { createRandom, type Random } from './random.ts';

function momentsOf(draw: (random: Random) => number, seed = 1): { mean: number; variance: number } {
  const random = createRandom(seed);
  const drawn = Array.from({ length: 20_000 }, () => draw(random));
  const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
  return { mean, variance: drawn.reduce((sum, one) => sum + (one - mean) ** 2, 0) / drawn.length };
}

describe('createRandom', () => {
  it.each<[string, (random: Random) => number, number, number]>([
    ['next', (random) => random.next(), 0.5, 1 / 12],
    ['poisson, small', (random) => random.poisson(0.3), 0.3, 0.3],
    ['poisson, middle', (random) => random.poisson(40), 40, 40],
    ['poisson, great', (random) => random.poisson(3000), 3000, 3000],
    ['binomial of few', (random) => random.binomial(20, 0.3), 6, 4.2],
    ['binomial, rare', (random) => random.binomial(3000, 0.005), 15, 14.9],
    ['binomial, nearly all', (random) => random.binomial(3000, 0.999), 2997, 3],
    ['binomial, great', (random) => random.binomial(3000, 0.3), 900, 630],
    ['geometric', (random) => random.geometric(20), 20, 380],
    ['exponential', (random) => random.exponential(20), 20, 400],
  ])('%s has its mean and variance', (_, draw, mean, variance) => {
    const found = momentsOf(draw);
    expect(Math.abs(found.mean - mean)).toBeLessThan(0.05 * Math.sqrt(variance));
    expect(found.variance / variance).toBeGreaterThan(0.9);
    expect(found.variance / variance).toBeLessThan(1.1);
  });

  it.each<[string, (random: Random) => number, number]>([
    ['no requests', (random) => random.binomial(0, 0.5), 0],
    ['no errors', (random) => random.binomial(50, 0), 0],
    ['nothing but errors', (random) => random.binomial(50, 1), 50],
    ['no traffic', (random) => random.poisson(0), 0],
  ])('%s', (_, draw, expected) => {
    expect(draw(createRandom(1))).toBe(expected);
  });

  it('is another one with another seed, and the same with the same', () => {
    const drawn = (seed: number) => Array.from({ length: 5 }, createRandom(seed).next);
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });
});
