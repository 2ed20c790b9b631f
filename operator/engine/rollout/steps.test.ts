// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { specOf } from './fake-cluster.ts';
import { expandSteps, replicasAt, stepsHash, weightAt } from './steps.ts';

describe('expandSteps', () => {
  it('spells weights and interval out', () => {
    expect(expandSteps(specOf({ weights: [5, 50], interval: '2m' }))).toEqual([
      { setWeight: 5 },
      { pause: { duration: '2m' } },
      { setWeight: 50 },
      { pause: { duration: '2m' } },
    ]);
  });

  it('leaves steps as they are', () => {
    const steps = [{ setWeight: 5 }, { pause: {} }];
    expect(expandSteps(specOf({ steps }))).toEqual(steps);
  });
});

describe('stepsHash', () => {
  it('names a list of steps, not the way it is written', () => {
    const long = expandSteps(specOf({ steps: [{ setWeight: 5 }, { pause: { duration: '2m' } }] }));
    const short = expandSteps(specOf({ weights: [5], interval: '2m' }));
    expect(stepsHash(short)).toBe(stepsHash(long));
    expect(stepsHash([...long, { pause: {} }])).not.toBe(stepsHash(long));
    expect(stepsHash([{ replicas: 2, setWeight: 5 }])).toBe(stepsHash([{ setWeight: 5, replicas: 2 }]));
  });
});

const STEPS = [
  { pause: {} },
  { setWeight: 5 },
  { replicas: 3 },
  { pause: {} },
  { setWeight: 40 },
  { setWeight: 60, replicas: 4 },
];

describe('weightAt and replicasAt', () => {
  it.each([
    [0, 0, undefined],
    [1, 5, undefined],
    [2, 5, 3],
    [3, 5, 3],
    [4, 40, undefined],
    [5, 60, 4],
    [9, 60, 4],
  ])('at step %i: %i%%, %p pods', (index, weight, replicas) => {
    expect(weightAt(STEPS, index)).toBe(weight);
    expect(replicasAt(STEPS, index)).toBe(replicas);
  });
});
