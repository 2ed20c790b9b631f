// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { playRun } from './play.ts';
import { scenarios } from './scenario.ts';
import { summarise } from './summary.ts';

const RUNS = 150;

function played(name: string, runs = RUNS) {
  const scenario = scenarios.find((known) => known.name === name);
  if (!scenario) throw new Error(`no scenario ${name}`);
  return summarise(
    scenario,
    Array.from({ length: runs }, (_, seed) => playRun(scenario, seed)),
  ).rules;
}

const healthy = scenarios.filter((scenario) => scenario.healthy).map(({ name }) => name);

describe('a healthy canary is not rolled back', () => {
  // Of 150 runs, 0.5 % of them is less than one; three have a chance of 4 in 100 at exactly that rate.
  it.each(healthy)('%s', (name) => {
    expect(played(name).Headway.rolledBack).toBeLessThanOrEqual(2);
  });

  it('while the rules of thumb show that the scenarios are not harmless', () => {
    expect(played('incident in both arms, 100/s', 20)).toMatchObject({
      'Argo Rollouts': { rolledBack: 20 },
      Flagger: { rolledBack: 20 },
    });
    expect(played('10/s, 0.5 % errors', 50)['Argo Rollouts'].rolledBack).toBeGreaterThan(40);
  });
});

describe('a bad canary is rolled back', () => {
  it.each<[string, number, number]>([
    ['bad canary, 2x errors', 0.9, 1200],
    ['bad canary, 10x errors', 1, 90],
    ['bad canary, all requests fail', 1, 30],
    ['bad canary, 10x errors, 10/s', 1, 420],
    ['bad canary, all requests fail, 0.5/s', 1, 240],
    ['bad canary, 10x errors after 10 min', 1, 120],
    ['bad canary, 10x errors, bursts in single pods', 1, 690],
  ])('%s: at least %d, nine of ten in %d s', (name, share, seconds) => {
    const { rolledBack, p90Seconds } = played(name).Headway;
    expect(rolledBack).toBeGreaterThanOrEqual(share * RUNS);
    expect(p90Seconds).toBeLessThanOrEqual(seconds);
  });
});

it('the same seed is the same release', () => {
  const [scenario] = scenarios.slice(-1);
  if (scenario) expect(playRun(scenario, 7)).toEqual(playRun(scenario, 7));
});
