// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { adoptedRevision } from './adopted.ts';
import type { Pin, PodFacts, RevisionFacts, RolloutWorld, TargetFacts } from './types.ts';

const target: TargetFacts = {
  uid: 'uid-web',
  replicas: 3,
  template: 'template bbb',
  hash: 'bbb',
  available: 3,
};

function pod(name: string, facts: Partial<PodFacts> = {}): PodFacts {
  const usual = { createdAtMs: 0, ready: true, serving: true, reached: true, cost: 0 };
  return { name, uid: `uid-${name}`, ...usual, ...facts };
}

function revision(name: string, facts: Partial<RevisionFacts> = {}): RevisionFacts {
  return {
    revision: name,
    deployment: `web-${name}`,
    uid: `uid-web-${name}`,
    createdAtMs: 0,
    template: `template ${name}`,
    replicas: 1,
    available: 0,
    pods: 1,
    current: true,
    members: [],
    ...facts,
  };
}

function adopted(pin: Pin, ...revisions: readonly RevisionFacts[]): string {
  const world: RolloutWorld = {
    service: { pin, endpoints: {} },
    revisions,
    takenNames: [],
    rivals: [],
    overlaps: [],
    templates: {},
    results: [],
  };
  return adoptedRevision({ world }, target);
}

describe('the revision that an adoption makes stable', () => {
  const named: Pin = { kind: 'revision', revision: 'aaa' };

  it.each<[string, Partial<RevisionFacts>]>([
    ['has available pods', { available: 1 }],
    ['is just being scaled', { current: false }],
    [
      'was just scaled down, where the watch of pods still shows those that were taken out',
      { members: [pod('a'), pod('b', { serving: false, reached: false })] },
    ],
  ])('is the one that the Service names, where it %s', (_what, facts) => {
    expect(adopted(named, revision('aaa', facts))).toBe('aaa');
  });

  it.each<[string, Partial<RevisionFacts>]>([
    ['has no pod that is ready', { members: [pod('a', { ready: false, reached: false })] }],
    ['has only pods that were taken out', { members: [pod('b', { serving: false, reached: false })] }],
    ['has no pod', {}],
  ])('is what the Deployment asks for, where the named one %s', (_what, facts) => {
    expect(adopted(named, revision('aaa', facts))).toBe('bbb');
  });

  it('is the one that a release began from, where the Service names all', () => {
    const both = [revision('aaa', { available: 2 }), revision('bbb', { available: 1 })];
    expect(adopted({ kind: 'all' }, ...both)).toBe('aaa');
  });
});
