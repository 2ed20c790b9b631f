// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type FakeCluster, V3 } from './fake-cluster.ts';
import type { FakeOperator } from './fake-operator.ts';
import type { FakeRouteKind } from './fake-route.ts';
import { adopted, ask, atStep, said, shown, takeEvents } from './test-releases.ts';

const SELECTOR = 'the selector of Service checkout';
const WEIGHT = 'the canary-weight annotation of Ingress web-canary';
const HELD = 'Holding: Ready=False Contended, Stalled';

interface Rival {
  readonly field: string;
  readonly begin: () => FakeOperator;
  readonly overwrite: (operator: FakeOperator) => FakeOperator;
  /** The other writer puts right what it changed, and stops. */
  readonly giveWay: (operator: FakeOperator) => FakeOperator;
  readonly restored: string;
  readonly message: string;
}

const rivals: readonly Rival[] = [
  {
    field: SELECTOR,
    begin: () => atStep(1),
    overwrite: (operator) => operator.meanwhile((cluster) => cluster.pin({ kind: 'none' }, 'argocd')),
    giveWay: (operator) =>
      operator.meanwhile((cluster) => cluster.pin({ kind: 'revision', revision: 'aaa' }, 'argocd')),
    restored: 'checkout -> revision aaa',
    message: `argocd keeps changing ${SELECTOR} to none; it should be revision aaa. Put back 3 times, now held: let one of the two writers own it`,
  },
  {
    field: WEIGHT,
    begin: () => atStep(1),
    overwrite: (operator) => operator.meanwhile((cluster) => cluster.overwriteWeight(80, 'argocd')),
    giveWay: (operator) => operator.meanwhile((cluster) => cluster.overwriteWeight(20, 'argocd')),
    restored: 'weight 20',
    message: `argocd keeps changing ${WEIGHT} to 80%; it should be 20%. Put back 3 times, now held: let one of the two writers own it`,
  },
];

/** A release that is paused by a person, with a rival that has overwritten the field four times. */
function fought(rival: Rival): FakeOperator {
  const operator = ask(rival.begin(), 'pause').runFor(1000);
  operator.auditor.excused = true;
  for (let fight = 0; fight < 3; fight++) rival.overwrite(operator).runFor(3000);
  rival.overwrite(operator).runFor(1);
  return operator;
}

describe.each(rivals)('a rival for $field', (rival) => {
  it('is told three times that it was put back, and the fourth time that it is left', () => {
    const operator = fought(rival);
    const told = takeEvents(operator).filter((line) => line.startsWith('Warning'));
    expect(told.slice(0, 3).every((line) => line.includes(`argocd changed ${rival.field}`))).toBe(true);
    expect(told.slice(3)).toEqual([`Warning Contended: ${rival.message}`]);
    expect(shown(operator)).toBe(HELD);
    expect(said(operator)).toBe(rival.message);
    expect(operator.status.fights?.[rival.field]).toMatchObject({ count: 4, manager: 'argocd' });
  });

  it('that goes on is neither fought nor told again', () => {
    const operator = fought(rival);
    takeEvents(operator);
    operator.takeWrites();
    for (let i = 0; i < 5; i++) rival.overwrite(operator).reconcile();
    expect(operator.takeWrites()).toEqual([]);
    expect(takeEvents(operator)).toEqual([]);
    expect(shown(operator)).toBe(HELD);
  });

  it('that gives way lets the release go on without a write', () => {
    const operator = fought(rival);
    operator.takeWrites();
    rival.giveWay(operator).runFor(10_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Paused: Ready=False Paused, Reconciling, Paused');
  });

  it('loses when somebody asks for a verb, and is counted anew', () => {
    const operator = fought(rival);
    operator.takeWrites();
    ask(operator, 'resume').runFor(1000);
    expect(operator.takeWrites()).toContain(rival.restored);
    expect(operator.status.fights?.[rival.field]).toMatchObject({ count: 1 });
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('loses by retry too, and the release stays where it was paused', () => {
    const operator = fought(rival);
    operator.takeWrites();
    expect(operator.status.allowedActions).toContain('retry');
    ask(operator, 'retry').runFor(10_000);
    expect(operator.takeWrites()).toEqual([rival.restored]);
    expect(shown(operator)).toBe('Paused: Ready=False Paused, Reconciling, Paused');
    expect(operator.status.allowedActions).not.toContain('retry');
  });

  it('keeps what it has when the request is refused', () => {
    const operator = fought(rival);
    operator.takeWrites();
    ask(operator, 'admit').runFor(1);
    expect(operator.status.lastAction?.result).toBe('Rejected');
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe(HELD);
  });
});

describe('a release that fails while a rival holds its weight', () => {
  function failing(): FakeOperator {
    const check = { name: 'errors', provider: 'prometheus', query: 'errors', max: 1, interval: '10s' };
    const operator = atStep(1, { spec: { analysis: { checks: [check] } } });
    operator.auditor.excused = true;
    operator.metrics = () => 0;
    for (let fight = 0; fight < 5; fight++)
      operator.meanwhile((cluster) => cluster.overwriteWeight(80, 'argocd')).runFor(500);
    expect(shown(operator)).toBe(HELD);
    operator.takeWrites();
    takeEvents(operator);
    operator.metrics = () => 7;
    return operator;
  }

  it('takes the weight from the rival: a rollback is fought for anew', () => {
    const operator = failing();
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False AnalysisFailed, Stalled, RolledBack');
    expect(operator.cluster.route?.weight ?? 0).toBe(0);
  });

  it('is put back at 0 three times more before it is left', () => {
    const operator = failing();
    operator.runUntil(({ stage }) => stage === 'RollingBack').runFor(10);
    for (let fight = 0; fight < 3; fight++) {
      operator.meanwhile((cluster) => cluster.overwriteWeight(80, 'argocd')).runFor(500);
      expect(operator.cluster.route?.weight ?? 0).toBe(0);
    }
  });
});

/** Does it three times, and once more, until that is left. The ten minutes have only begun then. */
function fourTimes(
  operator: FakeOperator,
  act: (cluster: FakeCluster) => void,
  pauseMs = 3000,
): FakeOperator {
  operator.auditor.excused = true;
  for (let fight = 0; fight < 3; fight++) operator.meanwhile(act).runFor(pauseMs);
  operator.meanwhile(act).runUntil(({ phase }) => phase === 'Holding');
  expect(shown(operator)).toBe(HELD);
  operator.takeWrites();
  return operator;
}

describe('a promotion while a rival holds the weight', () => {
  it.each<FakeRouteKind>([true, 'user'])('is no fight over what was never written, route: %s', (route) => {
    const steps = [{ setWeight: 20 }, { pause: {} }];
    const operator = fourTimes(atStep(1, { route, spec: { steps } }).runFor(10_000), (cluster) =>
      cluster.overwriteWeight(80, 'argocd'),
    );
    takeEvents(operator);
    ask(operator, 'promote').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
    expect(takeEvents(operator).filter((event) => event.startsWith('Warning'))).toEqual([]);
  });
});

describe('a rival at rest', () => {
  function fight(operator: FakeOperator): FakeOperator {
    return fourTimes(operator, (cluster) => cluster.pin({ kind: 'none' }, 'argocd'));
  }

  it.each([
    { title: 'of an app that was never released', begin: () => adopted() },
    { title: 'after a promotion', begin: () => atStep(1).runUntilIdle() },
  ])('$title loses by retry, which nothing else can be asked for there', ({ begin }) => {
    const operator = fight(begin());
    expect(operator.status.allowedActions).toContain('retry');
    const restored = `checkout -> revision ${operator.status.stable?.revision}`;
    ask(operator, 'retry').runFor(1000);
    expect(operator.takeWrites()).toEqual([restored]);
    expect(shown(operator)).toMatch(/^Healthy: Ready=True Succeeded/);
    expect(operator.status.allowedActions).not.toContain('retry');
    expect(operator.status.fights?.[SELECTOR]?.count).toBe(1);
  });
});

describe('a rival after a rollback', () => {
  it('loses by retry, which begins the release anew only when it is asked for once more', () => {
    const operator = fourTimes(ask(atStep(1), 'abort').runUntilIdle(), (cluster) =>
      cluster.pin({ kind: 'none' }, 'argocd'),
    );
    ask(operator, 'retry').runFor(10_000);
    expect(operator.takeWrites()).toEqual(['checkout -> revision aaa']);
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
    ask(operator, 'retry').runFor(1000);
    expect(operator.status.stage).toBe('Stepping');
  });
});

describe('a rival for the selector of the canary Service', () => {
  const FIELD = 'the selector of Service checkout-canary';

  interface Act {
    readonly title: string;
    readonly found: string;
    readonly by: string;
    readonly act: (operator: FakeOperator) => FakeOperator;
  }

  const acts: readonly Act[] = [
    {
      title: 'that points it at stable',
      found: 'revision aaa',
      by: 'argocd',
      act: (operator) => operator.meanwhile((cluster) => cluster.pinCanary('aaa', 'argocd')),
    },
    {
      title: 'that deletes it',
      found: 'nothing, with the Service deleted',
      by: 'somebody',
      act: (operator) => operator.meanwhile((cluster) => void (cluster.canaryService = undefined)),
    },
  ];

  function paused(): FakeOperator {
    const operator = atStep(1, { spec: { steps: [{ setWeight: 20 }, { pause: {} }] } }).runFor(10_000);
    operator.auditor.excused = true;
    operator.takeWrites();
    takeEvents(operator);
    return operator;
  }

  it.each(acts)('$title: the weight goes first, then it is put right, and the weight comes back', (rival) => {
    const operator = rival.act(paused()).runFor(20_000);
    expect(operator.takeWrites()).toEqual(['weight 0', 'checkout-canary -> revision bbb', 'weight 20']);
    expect(takeEvents(operator)).toEqual([
      `Warning TrafficOverwritten: ${rival.by} changed ${FIELD} from revision bbb to ${rival.found}; put back (1 of 3)`,
    ]);
    expect(operator.status.fights?.[FIELD]).toMatchObject({ count: 1 });
  });

  it.each(acts)('$title again and again gets no traffic, and is told once', (rival) => {
    const operator = paused();
    for (let fight = 0; fight < 3; fight++) rival.act(operator).runFor(20_000);
    operator.takeWrites();
    rival.act(operator).runFor(60_000);
    expect(operator.takeWrites()).toEqual(['weight 0']);
    expect(shown(operator)).toBe(HELD);
    const sentence = `${rival.by} keeps changing ${FIELD} to ${rival.found}; it should be revision bbb. Put back 3 times, now held: let one of the two writers own it`;
    expect(said(operator)).toBe(sentence);
    const told = takeEvents(operator).filter((event) => event.startsWith('Warning Contended'));
    expect(told).toEqual([`Warning Contended: ${sentence}`]);
  });

  it('that is faster than the canary is routed is counted too', () => {
    const operator = paused();
    operator.meanwhile((cluster) => cluster.pinCanary('aaa', 'argocd')).runFor(2010);
    for (let fight = 0; fight < 3; fight++)
      operator.meanwhile((cluster) => cluster.pinCanary('aaa', 'argocd')).runFor(5);
    expect(operator.cluster.route?.weight).toBe(0);
    expect(shown(operator)).toBe(HELD);
    expect(operator.takeWrites().filter((write) => write.startsWith('checkout-canary'))).toHaveLength(3);
  });

  it('loses by retry', () => {
    const operator = fourTimes(paused(), (cluster) => cluster.pinCanary('aaa', 'argocd'), 20_000);
    ask(operator, 'retry').runFor(20_000);
    expect(operator.takeWrites()).toEqual(['checkout-canary -> revision bbb', 'weight 20']);
  });

  it('is nobody where a release before this one had the Service', () => {
    const operator = atStep(1)
      .meanwhile((cluster) => cluster.setTemplate(V3))
      .runUntilIdle();
    expect(operator.status.stable?.revision).toBe('ccc');
    expect(operator.status.fights).toBeUndefined();
  });
});

describe('a rival for the replicas of a revision', () => {
  const FIELD = 'replicas of Deployment web-aaa';

  function scale(operator: FakeOperator, replicas: number): FakeOperator {
    operator.auditor.excused = true;
    return operator.meanwhile((cluster) => {
      cluster.scale(cluster.revisions.get('web-aaa'), replicas, 'hpa');
    });
  }

  it.each([
    { route: true, replicas: 2 },
    { route: false, replicas: 2 },
    { route: true, replicas: 8 },
    { route: false, replicas: 8 },
  ])('is put right from $replicas, counted and named, route: $route', ({ route, replicas }) => {
    const operator = scale(adopted({ route }), replicas).runUntilIdle();
    expect(operator.cluster.revisions.get('web-aaa')?.replicas).toBe(5);
    expect(takeEvents(operator)).toEqual([
      `Warning TrafficOverwritten: hpa changed ${FIELD} from 5 to ${replicas}; put back (1 of 3)`,
    ]);
    expect(shown(operator)).toMatch(/^Healthy/);
  });

  it('who takes pods away gets none of them, however often, and is named', () => {
    const operator = adopted();
    for (let fight = 0; fight < 5; fight++) scale(operator, 2).runFor(3000);
    expect(operator.cluster.revisions.get('web-aaa')?.replicas).toBe(5);
    const told = takeEvents(operator);
    expect(told.slice(0, 3).every((event) => event.startsWith('Warning TrafficOverwritten: hpa '))).toBe(
      true,
    );
    expect(told.slice(3)).toEqual([
      `Warning Contended: hpa keeps changing ${FIELD} to 2; it should be 5. Put back 3 times, and again each time, for requests may need these pods: let one of the two writers own it`,
    ]);
    expect(shown(operator)).toMatch(/^Healthy/);
  });

  it('who adds pods keeps them in the end, and all of them serve', () => {
    const operator = adopted();
    for (let fight = 0; fight < 4; fight++) scale(operator, 8).runFor(20_000);
    const revision = operator.cluster.revisions.get('web-aaa');
    expect(revision?.replicas).toBe(8);
    expect(revision?.pods.every(({ serving }) => serving)).toBe(true);
    expect(shown(operator)).toBe(HELD);
    const sentence = `hpa keeps changing ${FIELD} to 8; it should be 5. Put back 3 times, now held: let one of the two writers own it`;
    expect(said(operator)).toBe(sentence);
    expect(takeEvents(operator).slice(3)).toEqual([`Warning Contended: ${sentence}`]);
  });

  it('who adds pods loses them when somebody asks for it', () => {
    const operator = fourTimes(
      adopted(),
      (cluster) => cluster.scale(cluster.revisions.get('web-aaa'), 8, 'hpa'),
      20_000,
    );
    ask(operator, 'retry').runFor(20_000);
    expect(operator.cluster.revisions.get('web-aaa')?.replicas).toBe(5);
    expect(shown(operator)).toMatch(/^Healthy/);
  });

  it('holds a release whose split is the pods, and no deadline counts', () => {
    const atForty = atStep(1, { route: false, spec: { steps: [{ setWeight: 40 }, { pause: {} }] } });
    const operator = fourTimes(
      atForty.runFor(20_000),
      (cluster) => cluster.scale(cluster.revisions.get('web-aaa'), 8, 'hpa'),
      20_000,
    );
    for (let minutes = 0; minutes < 5; minutes++) {
      operator.meanwhile((cluster) => cluster.advanceTo(cluster.now + 60_000)).reconcile();
      expect(shown(operator)).toBe(HELD);
    }
    ask(operator, 'promote-full').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});

describe('a rival for the replicas of the target', () => {
  it('is left after three times, with traffic on the revision that is stable', () => {
    const operator = adopted();
    operator.auditor.excused = true;
    for (let i = 0; i < 4; i++)
      operator.meanwhile((cluster) => cluster.scale(cluster.target, 2, 'kubectl-scale')).runFor(60_000);
    expect(shown(operator)).toBe(HELD);
    expect(said(operator)).toContain('kubectl-scale keeps changing replicas of Deployment web to 2');
    expect(operator.cluster.service?.pin).toEqual({ kind: 'revision', revision: 'aaa' });
  });
});
