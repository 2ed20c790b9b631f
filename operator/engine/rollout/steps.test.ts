// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { specOf } from './fake-cluster.ts';
import { replicasAt, stepsHash, weightAt } from './steps.ts';

describe('stepsHash', () => {
  it('names a list of steps, not the way it is written', () => {
    const long = specOf({ steps: [{ setWeight: 5 }, { pause: { duration: '2m' } }] }).steps;
    const short = specOf({ weights: [5], interval: '2m' }).steps;
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
    expect(replicasAt(STEPS, index, 10)).toBe(replicas);
  });

  it('asks for all pods where the step says so, until another one asks for something else', () => {
    const steps = [{ whole: true as const }, { pause: {} }, { setWeight: 50 }];
    expect([0, 1, 2].map((index) => replicasAt(steps, index, 7))).toEqual([7, 7, undefined]);
  });
});
