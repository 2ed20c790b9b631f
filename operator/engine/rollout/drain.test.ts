// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { type PlanContext, PlanDraft } from './draft.ts';
import { fit, leavingOrder, strengthen, trackDrain, weaken } from './drain.ts';
import { START } from './fake-cluster.ts';
import { toIso } from '../time.ts';
import type { Action, PodFacts, RevisionFacts } from './types.ts';

const DRAIN_MS = 5000;

/** Pods from a line such as `a b- c+`: in service, taken out and gone from the endpoints, taken out and still there. */
function podsOf(line: string): PodFacts[] {
  const words = line.split(' ').filter((word) => word !== '');
  return words.map((word, age) => ({
    name: word.slice(0, 1),
    uid: `uid-${word.slice(0, 1)}`,
    createdAtMs: age,
    ready: true,
    serving: word.length === 1,
    reached: !word.endsWith('-'),
    cost: 0,
  }));
}

function revisionOf(line: string, more: Omit<More, 'agoMs' | 'wakesIn'> = {}): RevisionFacts {
  const members = podsOf(line);
  return {
    revision: 'aaa',
    deployment: 'web-aaa',
    uid: 'uid-web-aaa',
    createdAtMs: 0,
    template: '',
    replicas: members.length,
    available: members.filter(({ serving }) => serving).length,
    pods: members.length,
    current: true,
    members,
    ...more,
  };
}

function contextOf(revision: RevisionFacts & { heardSinceMs?: number }): PlanContext {
  const heardSinceMs = revision.heardSinceMs ?? Number.NEGATIVE_INFINITY;
  const context = { now: START, drainMs: DRAIN_MS, heardSinceMs, world: { revisions: [revision] } };
  return context as unknown as PlanContext;
}

function draftSince(agoMs: number | undefined): PlanDraft {
  const drain = agoMs === undefined ? {} : { drain: { pods: 1, since: toIso(START - agoMs) } };
  return new PlanDraft({ observedGeneration: 1, ...drain });
}

function written(actions: readonly Action[]): string[] {
  return actions.map((action) => {
    if (action.kind === 'drainPod') return `drain ${action.pod}`;
    if (action.kind === 'returnPod') return `return ${action.pod}`;
    return action.kind === 'scaleRevision' ? `scale to ${action.replicas}` : action.kind;
  });
}

interface More extends Partial<RevisionFacts> {
  heardSinceMs?: number;
  /** How long the last of those that are out has been. */
  agoMs?: number;
  wakesIn?: number;
}

type Case = [what: string, line: string, wanted: number, writes: string[], more?: More];

describe('strengthen', () => {
  it.each<Case>([
    ['has enough', 'a b', 2, []],
    ['has more than enough', 'a b c', 2, []],
    ['asks for new pods', 'a b', 4, ['scale to 4']],
    ['waits for those that were asked for', 'a b', 4, [], { replicas: 4 }],
    ['takes back what was taken out, the oldest first', 'a b- c-', 2, ['return b']],
    ['also what is still behind the Service', 'a b+', 2, ['return b']],
    ['takes back all, and asks for the rest', 'a b- c-', 5, ['return b', 'return c', 'scale to 5']],
    ['starts none for what is on its way out', 'a b- c-', 1, []],
    ['takes back nothing that may be about to end', 'a b- c-', 3, ['scale to 3'], { replicas: 1 }],
    ['nor while its controller has not seen the last scale', 'a b-', 2, [], { current: false }],
    ['knows no pod yet', '', 3, ['scale to 3']],
  ])('%s: %s for %i', (...[, line, wanted, writes, more]) => {
    const revision = revisionOf(line, more);
    const draft = draftSince(60_000);
    strengthen(contextOf(revision), draft, revision, wanted);
    expect(written(draft.actions)).toEqual(writes);
  });

  it('has the others wait anew when one comes back, for the ReplicaSet has to hear of it', () => {
    const revision = revisionOf('a b- c-', { replicas: 3 });
    const draft = draftSince(60_000);
    expect(strengthen(contextOf(revision), draft, revision, 2)).toBe(true);
    expect(draft.status.drain?.since).toBe(toIso(START));
  });
});

describe('weaken', () => {
  it.each<Case>([
    ['has no more than wanted', 'a b', 2, []],
    ['takes the youngest out first', 'a b c', 1, ['drain c', 'drain b']],
    ['takes none out twice', 'a b c- d-', 1, ['drain b']],
    ['waits until they have left the endpoints', 'a b+', 1, []],
    ['waits until they have drained', 'a b-', 1, [], { agoMs: 2000, wakesIn: 3000 }],
    ['ends them then', 'a b-', 1, ['scale to 1'], { agoMs: DRAIN_MS }],
    ['ends none while another one is still behind the Service', 'a b- c+', 1, [], { agoMs: DRAIN_MS }],
    ['waits all the time where it is not known since when', 'a b-', 1, [], { wakesIn: DRAIN_MS }],
    ['counts a time ahead of the clock from now', 'a b-', 1, [], { agoMs: -60_000, wakesIn: DRAIN_MS }],
    ['needs no drain for pods that were never made', 'a', 1, ['scale to 1'], { replicas: 3 }],
    ['waits for pods that may get requests and are not seen', 'a', 1, [], { replicas: 3, available: 3 }],
    [
      'and for one that is not seen beside those that drain',
      'a b-',
      1,
      [],
      { agoMs: DRAIN_MS, available: 2 },
    ],
    [
      'counts no time in which nobody heard of anything',
      'a b-',
      1,
      [],
      { agoMs: 60_000, heardSinceMs: START - 1000, wakesIn: 4000 },
    ],
    [
      'nor until everybody is back',
      'a b-',
      1,
      [],
      { agoMs: 60_000, heardSinceMs: START + 9000, wakesIn: DRAIN_MS },
    ],
    ['takes all out where none is wanted', 'a b', 0, ['drain b', 'drain a']],
    ['and ends all', 'a- b-', 0, ['scale to 0'], { agoMs: DRAIN_MS }],
  ])('%s: %s for %i', (...[, line, wanted, writes, { agoMs, wakesIn, ...more } = {}]) => {
    const revision = revisionOf(line, more);
    const draft = draftSince(agoMs);
    weaken(contextOf(revision), draft, revision, wanted);
    expect(written(draft.actions)).toEqual(writes);
    expect(draft.afterMs).toBe(wakesIn);
  });
});

describe('fit', () => {
  it.each<Case>([
    ['up', 'a', 2, ['scale to 2']],
    ['down', 'a b', 1, ['drain b']],
    ['never both in one pass: the ReplicaSet might end what comes back', 'a b- c-', 2, ['return b']],
    ['down, once one has come back', 'a b c-', 2, ['scale to 2']],
  ])('%s: %s for %i', (_what, line, wanted, writes) => {
    const revision = revisionOf(line);
    const draft = draftSince(DRAIN_MS);
    fit(contextOf(revision), draft, revision, wanted);
    expect(written(draft.actions)).toEqual(writes);
  });
});

describe('trackDrain', () => {
  /** As it was kept of the pods of a line, a while ago. */
  function drainOf(line: string, since = toIso(START - 2000)): RolloutStatus['drain'] {
    const draft = new PlanDraft({ observedGeneration: 1 });
    trackDrain(contextOf(revisionOf(line)), draft);
    const { drain } = draft.status;
    return drain && { ...drain, since };
  }

  it.each([
    ['the first leaves', 'a b-', undefined, { pods: 1, agoMs: 0 }],
    ['nothing changes', 'a b-', drainOf('a b-'), { pods: 1, agoMs: 2000 }],
    ['one more leaves', 'a b- c-', drainOf('a b-'), { pods: 2, agoMs: 0 }],
    ['one ends, so that the others wait anew', 'a b-', drainOf('a b- c-'), { pods: 1, agoMs: 0 }],
    ['one leaves in the moment in which another ends', 'a c-', drainOf('a b-'), { pods: 1, agoMs: 0 }],
    ['one leaves in the moment in which three end', 'a e-', drainOf('a b- c- d-'), { pods: 1, agoMs: 0 }],
    [
      'it is not known which they were',
      'a b-',
      { pods: 1, since: toIso(START - 2000) },
      { pods: 1, agoMs: 0 },
    ],
    ['one is still behind the Service', 'a b+', undefined, undefined],
    ['all have ended or come back', 'a b', drainOf('a b-'), undefined],
  ])('%s', (_what, line, drain, after) => {
    const draft = new PlanDraft({ observedGeneration: 1, ...(drain ? { drain } : {}) });
    trackDrain(contextOf(revisionOf(line)), draft);
    const { pods, since } = draft.status.drain ?? {};
    expect({ pods, since }).toEqual({ pods: after?.pods, since: after && toIso(START - after.agoMs) });
  });
});

describe('the order in which pods leave', () => {
  const pod = (name: string, more: Partial<PodFacts>): PodFacts => ({
    ...(podsOf(name)[0] as PodFacts),
    ...more,
  });

  it.each([
    ['not ready first', [pod('a', {}), pod('b', { ready: false, cost: 9 })], 'ba'],
    ['the cheap before the dear', [pod('a', { cost: 5 }), pod('b', { cost: -1 }), pod('c', {})], 'bca'],
    ['the young before the old', [pod('a', { createdAtMs: 3 }), pod('b', { createdAtMs: 9 })], 'ba'],
    ['by name where nothing else differs', [pod('a', {}), pod('b', {})], 'ba'],
    [
      'from where most would be left, in turn',
      [
        pod('a', { node: 'x', createdAtMs: 1 }),
        pod('b', { node: 'x', createdAtMs: 2 }),
        pod('c', { node: 'x', createdAtMs: 3 }),
        pod('d', { node: 'y', createdAtMs: 8 }),
        pod('e', { node: 'y', createdAtMs: 9 }),
      ],
      'cebda',
    ],
  ])('%s', (_what, pods, order) => {
    expect(
      leavingOrder(pods)
        .map(({ name }) => name)
        .join(''),
    ).toBe(order);
    expect(
      leavingOrder(pods.toReversed())
        .map(({ name }) => name)
        .join(''),
    ).toBe(order);
  });
});
