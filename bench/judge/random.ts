// SPDX-License-Identifier: Apache-2.0

/** Seeded chance: the same seed gives the same numbers everywhere. */
export interface Random {
  /** From 0 to less than 1. */
  next(): number;
  poisson(mean: number): number;
  binomial(trials: number, share: number): number;
  /** At least 1, with this mean. */
  geometric(mean: number): number;
  exponential(mean: number): number;
}

/** sfc32, of PractRand by Chris Doty-Humphrey. */
function createSource(seed: number): () => number {
  let a = 0x9e3779b9;
  let b = 0x243f6a88;
  let c = seed | 0;
  let counter = 1;
  for (let i = 0; i < 15; i += 1) next();

  function next(): number {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4_294_967_296;
  }

  return next;
}

export function createRandom(seed: number): Random {
  const next = createSource(seed);

  function normal(): number {
    return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  }

  function poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    let left = Math.exp(-mean);
    let count = 0;
    for (let u = next(); u > left && count < 1000; count += 1) {
      u -= left;
      left *= mean / (count + 1);
    }
    return count;
  }

  function binomial(trials: number, share: number): number {
    if (trials <= 0 || share <= 0) return 0;
    if (share >= 1) return trials;
    if (trials <= 40) return bernoulli(trials, share);
    const mean = trials * share;
    const spread = Math.sqrt(mean * (1 - share));
    if (mean > 30 && trials - mean > 30)
      return Math.min(trials, Math.max(0, Math.round(mean + spread * normal())));
    return mean <= 30 ? inverted(trials, share) : trials - inverted(trials, 1 - share);
  }

  function bernoulli(trials: number, share: number): number {
    let count = 0;
    for (let i = 0; i < trials; i += 1) if (next() < share) count += 1;
    return count;
  }

  function inverted(trials: number, share: number): number {
    const odds = share / (1 - share);
    let chance = (1 - share) ** trials;
    let count = 0;
    for (let u = next(); u > chance && count < trials; count += 1) {
      u -= chance;
      chance *= (odds * (trials - count)) / (count + 1);
    }
    return count;
  }

  return {
    next,
    poisson,
    binomial,
    geometric: (mean) => 1 + Math.floor(Math.log(1 - next()) / Math.log(1 - 1 / Math.max(mean, 1.001))),
    exponential: (mean) => -mean * Math.log(1 - next()),
  };
}
