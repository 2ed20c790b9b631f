// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { projectPod, type PodProjection } from './pod-projection.ts';
import { drainPatch, podFacts, returnPatch } from './pods.ts';
import { podOf } from './test-objects.ts';

const COST = 'controller.kubernetes.io/pod-deletion-cost';
const BEFORE = 'headway.dev/pod-deletion-cost-before';
const CHEAPEST = '-2147483648';

function pod(name: string, more: Partial<PodProjection> = {}): PodProjection {
  return { ...projectPod(podOf('aaa', name)), ...more };
}

function metadata(serving: boolean, annotations?: Record<string, string | null>): object {
  const labels = { 'headway.dev/serving': String(serving) };
  return { metadata: { uid: 'uid-a', labels, ...(annotations ? { annotations } : {}) } };
}

describe('podFacts', () => {
  it('are those of pods that run, oldest first, with whether a Service has them', () => {
    const pods = [
      pod('b', { createdAtMs: 2, node: 'n' }),
      pod('c', { createdAtMs: 2, serving: false, ready: true }),
      pod('gone', { active: false }),
      pod('a', { createdAtMs: 1 }),
    ];
    const common = { ready: false, serving: true, reached: false, cost: 0 };
    expect(podFacts(pods, new Set(['c', 'stranger']))).toEqual([
      { ...common, name: 'a', uid: 'uid-a', createdAtMs: 1 },
      { ...common, name: 'b', uid: 'uid-b', createdAtMs: 2, node: 'n' },
      { ...common, name: 'c', uid: 'uid-c', createdAtMs: 2, ready: true, serving: false, reached: true },
    ]);
  });

  it.each<[Partial<PodProjection>, number]>([
    [{}, 0],
    [{ cost: '12' }, 12],
    [{ cost: '-3' }, -3],
    [{ cost: 'dear' }, 0],
    [{ cost: CHEAPEST }, 0],
    [{ cost: CHEAPEST, costBefore: '12' }, 12],
  ])('of %p cost what others said: %i', (more, cost) => {
    expect(podFacts([pod('a', more)], new Set())[0]?.cost).toBe(cost);
  });
});

describe('taking a pod out', () => {
  it.each<[string, Partial<PodProjection>, Record<string, string>]>([
    ['without a cost', {}, { [COST]: CHEAPEST }],
    ['with one', { cost: '12' }, { [COST]: CHEAPEST, [BEFORE]: '12' }],
    ['that is out already', { cost: CHEAPEST, costBefore: '12' }, { [COST]: CHEAPEST, [BEFORE]: '12' }],
    ['that never had one and is out already', { cost: CHEAPEST }, { [COST]: CHEAPEST }],
  ])('%s is one patch', (_what, more, annotations) => {
    expect(drainPatch('uid-a', pod('a', more))).toEqual(metadata(false, annotations));
  });

  it('is the same for one that is not known', () => {
    expect(drainPatch('uid-a', undefined)).toEqual(metadata(false, { [COST]: CHEAPEST }));
  });
});

describe('letting a pod in', () => {
  it.each<[string, Partial<PodProjection>, Record<string, string | null> | undefined]>([
    [
      'gives back the cost that it had',
      { cost: CHEAPEST, costBefore: '12' },
      { [COST]: '12', [BEFORE]: null },
    ],
    ['removes one that it had not', { cost: CHEAPEST }, { [COST]: null, [BEFORE]: null }],
    ['leaves one that somebody has set since', { cost: '3' }, undefined],
    ['leaves one that was never out as it is', {}, undefined],
  ])('%s', (_what, more, annotations) => {
    expect(returnPatch('uid-a', pod('a', more))).toEqual(metadata(true, annotations));
  });
});
