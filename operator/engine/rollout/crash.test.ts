// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { BROKEN, FakeCluster, V1, V2, V3 } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import type { FakeRouteKind } from './fake-route.ts';
import { adopted, ask, atStep, changeSpec, deleteCanary, QUICK_CHECK, releasing } from './test-releases.ts';

const JUDGED = {
  analysis: { checks: [QUICK_CHECK] },
  steps: [
    { setWeight: 20 },
    { analysis: { checks: [{ ...QUICK_CHECK, count: 2 }] } },
    { replicas: 3 },
    { setWeight: 50 },
  ],
};

const BAKED = { bake: { duration: '30s' } };

function baking(route: FakeRouteKind): FakeOperator {
  const operator = releasing({ route, spec: { ...JUDGED, ...BAKED } });
  return operator.runUntil(({ stage }) => stage === 'Baking').runFor(10_000);
}

const WINDOW = { rollbackWindow: { revisions: 2 } };

function released(route: FakeRouteKind, spec: Record<string, unknown> = {}): FakeOperator {
  return adopted({ route, spec })
    .meanwhile((cluster) => cluster.setTemplate(V2))
    .runUntilIdle();
}

type Story = (route: FakeRouteKind) => FakeOperator;

/** Each up to the moment from which every write is followed by a crash in one of the runs. */
const stories: [string, Story][] = [
  ['an adoption', (route) => new FakeOperator(new FakeCluster({ route }))],
  ['a good release', (route) => adopted({ route }).meanwhile((cluster) => cluster.setTemplate(V2))],
  [
    'a judged release',
    (route) => adopted({ route, spec: JUDGED }).meanwhile((cluster) => cluster.setTemplate(V2)),
  ],
  [
    'a bad release',
    (route) => failing(adopted({ route, spec: JUDGED }).meanwhile((cluster) => cluster.setTemplate(V2))),
  ],
  [
    'pods that never get ready',
    (route) => adopted({ route }).meanwhile((cluster) => cluster.setTemplate(BROKEN)),
  ],
  ['a promotion', (route) => releasing({ route }).runUntil(({ stage }) => stage === 'Promoting')],
  [
    'a promotion with a bake',
    (route) =>
      releasing({ route, spec: { ...JUDGED, ...BAKED } }).runUntil(({ stage }) => stage === 'Promoting'),
  ],
  ['a failed bake', (route) => failing(baking(route))],
  ['an abort in a bake', (route) => ask(baking(route), 'abort', 'bbb')],
  ['the old template in a bake', (route) => baking(route).meanwhile((cluster) => cluster.setTemplate(V1))],
  ['a newer template in a bake', (route) => baking(route).meanwhile((cluster) => cluster.setTemplate(V3))],
  [
    'a template that is set back within the window',
    (route) => released(route, WINDOW).meanwhile((cluster) => cluster.setTemplate(V1)),
  ],
  ['a rollback on request', (route) => ask(released(route), 'rollback', 'aaa')],
  ['a deletion in a bake', (route) => deleteCanary(baking(route))],
  [
    'a failure that pauses, and is aborted',
    (route) => {
      const operator = failing(releasing({ route, spec: { ...JUDGED, onFailure: 'Pause' } }));
      return ask(
        operator.runUntil(({ pause }) => pause?.by === 'Failure'),
        'abort',
      );
    },
  ],
  [
    'an admission',
    (route) => {
      const spec = { releasePolicy: 'Managed' };
      return ask(
        adopted({ route, spec })
          .meanwhile((cluster) => cluster.setTemplate(V2))
          .runFor(1000),
        'admit',
      );
    },
  ],
  ['promote-full', (route) => ask(atStep(1, { route }), 'promote-full')],
  ['a newer template', (route) => atStep(3, { route }).meanwhile((cluster) => cluster.setTemplate(V3))],
  ['a return to stable', (route) => atStep(3, { route }).meanwhile((cluster) => cluster.setTemplate(V1))],
  ['an adoption with config', (route) => configured(route)],
  [
    'a change of config',
    (route) =>
      configured(route)
        .runUntilIdle()
        .meanwhile(({ configMaps }) => void configMaps.set('app', 'a2')),
  ],
  ['an abort', (route) => ask(atStep(3, { route }), 'abort')],
  ['a retry', (route) => ask(ask(atStep(1, { route }), 'abort').runUntilIdle(), 'retry')],
  ['a change of replicas', (route) => changeSpec(atStep(1, { route }), { replicas: 7 })],
  ['fewer replicas at rest', (route) => changeSpec(adopted({ route }), { replicas: 2 })],
  ['more replicas while others drain', (route) => changeSpec(draining(adopted({ route })), { replicas: 4 })],
  ['an abort while stable pods drain', (route) => ask(atStep(3, { route }).runFor(1000), 'abort')],
  [
    'other steps',
    (route) => changeSpec(atStep(3, { route }), { steps: [{ setWeight: 10 }, { setWeight: 60 }] }),
  ],
  ['a deletion at rest', (route) => deleteCanary(adopted({ route }))],
  ['a deletion in a release', (route) => deleteCanary(atStep(3, { route }))],
  [
    'a deletion of what was rolled back, and the word that it shall have all traffic',
    (route) =>
      ask(deleteCanary(ask(atStep(3, { route }), 'abort').runUntilIdle()).runUntilIdle(), 'promote-full'),
  ],
  ['a deletion of what has failed in a bake', (route) => deleteCanary(failing(baking(route)))],
  ['a deletion of what was just flipped', (route) => deleteCanary(flipped(route))],
];

function configured(route: FakeRouteKind): FakeOperator {
  const cluster = new FakeCluster({ route });
  cluster.configMaps.set('app', 'a1').set('flags', 'f1');
  cluster.setTemplate({ ...V1, config: ['app', 'flags'] });
  return new FakeOperator(cluster);
}

function failing(operator: FakeOperator): FakeOperator {
  operator.metrics = (revision) => (revision === 'bbb' ? 9 : 0);
  return operator;
}

function flipped(route: FakeRouteKind): FakeOperator {
  return releasing({ route }).runUntil(({ pinned }) => pinned?.selector === 'revision bbb');
}

function draining(operator: FakeOperator): FakeOperator {
  return changeSpec(operator, { replicas: 2 }).runUntil(({ drain }) => drain !== undefined);
}

/** What is left in the end, but for times. */
function endOf({ cluster, isGone }: FakeOperator) {
  const { target, service, route, canaryService, canary: rollout } = cluster;
  return {
    isGone,
    target: target?.replicas,
    service: [service?.pin, service?.endpoints],
    route: [route?.state(true), canaryService?.revision],
    revisions: [...cluster.revisions].map(([name, { replicas }]) => [name, replicas]),
    status: rollout.status && outcomeOf(rollout.status),
  };
}

function outcomeOf({ stable, canary, stage, phase, fights, history = [], conditions = [] }: RolloutStatus) {
  return {
    roles: [stable?.revision, canary?.revision],
    stage: [stage, phase],
    fights,
    history: history.map(({ outcome, revision, reason }) => [outcome, revision, reason]),
    conditions: conditions.map(({ type, status, reason }) => [type, status, reason]),
  };
}

function finish(operator: FakeOperator): { end: unknown; writes: string[] } {
  operator.runUntilIdle();
  return { end: endOf(operator), writes: operator.takeWrites().toSorted() };
}

describe('a decision about a release on its way', () => {
  it('is stored before anything is done about it', () => {
    const operator = ask(atStep(1), 'abort');
    operator.takeWrites();
    const first = operator.reconcile();
    expect(first.plan).toMatchObject({ actions: [], afterMs: 0, status: { stage: 'RollingBack' } });
    expect(operator.status).toMatchObject({ failure: { weight: 20, step: 1 }, weight: { route: 20 } });
    const second = operator.reconcile();
    expect(second.plan.actions).toEqual([{ kind: 'setWeight', weight: 0 }]);
  });

  it('is told once', () => {
    const operator = ask(atStep(1), 'abort').runUntilIdle();
    const reasons = operator.events.map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'Aborted')).toHaveLength(1);
    expect(reasons.filter((reason) => reason === 'RolledBack')).toHaveLength(1);
  });
});

describe.each<{ route: FakeRouteKind }>([
  { route: true },
  { route: 'user' },
  { route: 'own' },
  { route: 'alb' },
  { route: false },
])('a crash after every write, route: $route', ({ route }) => {
  it.each(stories)('of %s: the same end, and no write twice', (_name, story) => {
    const undisturbed = story(route);
    undisturbed.takeWrites();
    const before = undisturbed.written;
    const expected = finish(undisturbed);
    const count = undisturbed.written - before;
    expect(count).toBeGreaterThan(1);
    for (let crashIn = 1; crashIn <= count; crashIn++) {
      const crashed = story(route);
      crashed.takeWrites();
      crashed.crashIn = crashIn;
      expect({ crashIn, ...finish(crashed) }).toEqual({ crashIn, ...expected });
    }
  });

  it.each(stories)(
    'of %s: also when it crashes after each of them, or every other one, in one run',
    (_name, story) => {
      const undisturbed = story(route);
      undisturbed.takeWrites();
      const expected = finish(undisturbed);
      for (const crashesEvery of [1, 2]) {
        const unlucky = story(route);
        unlucky.takeWrites();
        unlucky.crashesEvery = crashesEvery;
        expect({ crashesEvery, ...finish(unlucky) }).toEqual({ crashesEvery, ...expected });
      }
    },
  );
});
