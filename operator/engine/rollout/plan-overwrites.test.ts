// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { FakeOperator } from './fake-operator.ts';
import type { Pin } from './types.ts';
import { adopted, ask, atStep, releasing, said, shown, takeEvents } from './test-releases.ts';

function overwritePin(operator: FakeOperator, pin: Pin, manager = 'argocd'): FakeOperator {
  operator.auditor.excused = true;
  return operator.meanwhile((cluster) => cluster.pin(pin, manager));
}

function overwriteWeight(operator: FakeOperator, weight: number, manager = 'kubectl-edit'): FakeOperator {
  operator.auditor.excused = true;
  return operator.meanwhile((cluster) => cluster.overwriteWeight(weight, manager));
}

const SELECTOR = 'the selector of Service checkout';

describe('a selector that somebody else overwrites', () => {
  it('at rest is put back, counted, and said who did it', () => {
    const operator = overwritePin(adopted(), { kind: 'none' }).runUntilIdle();
    expect(operator.takeWrites()).toEqual(['checkout -> revision aaa']);
    expect(takeEvents(operator)).toEqual([
      `Warning TrafficOverwritten: argocd changed ${SELECTOR} from revision aaa to none; put back (1 of 3)`,
    ]);
    expect(operator.status.fights).toEqual({
      [SELECTOR]: { count: 1, manager: 'argocd', at: expect.any(String) },
    });
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it.each([{ route: true }, { route: false }])(
    'so that it names pods that were taken out, too, is put back, route: $route',
    ({ route }) => {
      const pin = { kind: 'revision', revision: 'aaa', whole: true } as const;
      const operator = overwritePin(adopted({ route }), pin).runUntilIdle();
      expect(operator.takeWrites()).toEqual(['checkout -> revision aaa']);
      expect(takeEvents(operator)).toEqual([
        `Warning TrafficOverwritten: argocd changed ${SELECTOR} from revision aaa to revision aaa with the pods that were taken out; put back (1 of 3)`,
      ]);
    },
  );

  it.each([{ route: true }, { route: false }])(
    'in a release is put back and the release goes on, route: $route',
    ({ route }) => {
      const operator = overwritePin(atStep(1, { route }), { kind: 'none' });
      operator.takeWrites();
      operator.runFor(1000);
      expect(operator.takeWrites()).toEqual([
        route ? 'checkout -> revision aaa' : 'checkout -> all revisions',
      ]);
      operator.runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
      expect(operator.status.fights?.[SELECTOR]?.count).toBe(1);
    },
  );

  it.each([{ route: true }, { route: false }])(
    'is left while stable has no pod to be named, route: $route',
    ({ route }) => {
      const operator = adopted({ route });
      operator.auditor.excused = true;
      operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-aaa'), true));
      overwritePin(operator, { kind: 'none' }).runFor(10_000);
      expect(operator.takeWrites()).toEqual([]);
      expect(shown(operator)).toBe('Holding: Ready=False NoStableEndpoints, Stalled');
      expect(said(operator)).toBe(
        'revision aaa has no ready pod (ImagePullBackOff) to take the traffic back; traffic held where it is',
      );
      operator
        .meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-aaa'), false))
        .runUntilIdle();
      expect(operator.takeWrites()).toEqual(['checkout -> revision aaa']);
    },
  );

  it('between the flip and the end of a promotion does not lead back to the old version', () => {
    const operator = releasing().runUntil(({ pinned }) => pinned?.selector === 'revision bbb');
    overwritePin(operator, { kind: 'none' }).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('four times in ten minutes is left as it is, and taken up again later', () => {
    const operator = adopted();
    for (let fight = 0; fight < 3; fight++) overwritePin(operator, { kind: 'none' }).runFor(1000);
    operator.takeWrites();
    overwritePin(operator, { kind: 'none' }).runFor(1000);
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Holding: Ready=False Contended, Stalled');
    expect(said(operator)).toBe(
      `argocd keeps changing ${SELECTOR} to none; it should be revision aaa. Put back 3 times, now held: let one of the two writers own it`,
    );
    expect(operator.last?.afterMs).toBeGreaterThan(590_000);
    operator.runUntilIdle();
    expect(operator.takeWrites()).toEqual(['checkout -> revision aaa']);
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('by different hands within ten minutes is one fight', () => {
    const operator = adopted();
    for (const hand of ['argocd', 'kubectl', 'helm'])
      overwritePin(operator, { kind: 'none' }, hand).runFor(1000);
    expect(operator.status.fights?.[SELECTOR]).toMatchObject({ count: 3, manager: 'helm' });
  });

  it('is counted anew after ten quiet minutes', () => {
    const operator = overwritePin(adopted(), { kind: 'none' }).runFor(601_000);
    overwritePin(operator, { kind: 'none' }).runFor(1000);
    expect(operator.status.fights?.[SELECTOR]?.count).toBe(1);
  });
});

describe('a selector that is fought over', () => {
  it('never keeps a bad release from being rolled back', () => {
    const operator = ask(atStep(1, { route: false }), 'pause').runFor(1000);
    for (let fight = 0; fight < 4; fight++) overwritePin(operator, { kind: 'none' }).runFor(3000);
    expect(shown(operator)).toBe('Holding: Ready=False Contended, Stalled');
    operator.takeWrites();
    ask(operator, 'abort').runFor(5000);
    expect(operator.takeWrites()).toEqual(['checkout -> revision aaa', 'scale web-aaa to 5']);
  });
});

describe('a weight that somebody else overwrites', () => {
  it.each([{ weight: 80 }, { weight: 0 }])(
    'with $weight is put back at once, and said who did it',
    ({ weight }) => {
      const operator = overwriteWeight(atStep(1), weight);
      operator.takeWrites();
      takeEvents(operator);
      operator.runFor(1000);
      expect(operator.takeWrites()).toEqual(['weight 20']);
      expect(takeEvents(operator)).toEqual([
        `Warning TrafficOverwritten: kubectl-edit changed the canary-weight annotation of Ingress web-canary from 20% to ${weight}%; put back (1 of 3)`,
      ]);
      operator.runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
    },
  );

  it('is not said of a route that was changed in something else', () => {
    const operator = atStep(1);
    operator.takeWrites();
    takeEvents(operator);
    operator.auditor.excused = true;
    operator.meanwhile(({ route }) => {
      const overwritten = { field: 'spec.hostnames of HTTPRoute checkout', manager: 'kubectl-edit' };
      if (route) Object.assign(route, { outdated: true, overwritten });
    });
    operator.runFor(1000);
    expect(operator.takeWrites()).toEqual(['weight 20']);
    expect(takeEvents(operator)).toEqual([
      'Warning TrafficOverwritten: kubectl-edit changed spec.hostnames of HTTPRoute checkout from what Headway wrote to something else; put back (1 of 3)',
    ]);
  });

  it('in a pause that somebody asked for is put back too', () => {
    const operator = ask(atStep(1), 'pause').runFor(1000);
    operator.takeWrites();
    overwriteWeight(operator, 0).runFor(5000);
    expect(operator.takeWrites()).toEqual(['weight 20']);
    expect(shown(operator)).toBe('Paused: Ready=False Paused, Reconciling, Paused');
  });

  it('again and again is left as it is, with both names', () => {
    const operator = ask(atStep(1), 'pause').runFor(1000);
    for (let fight = 0; fight < 3; fight++) overwriteWeight(operator, 80).runFor(3000);
    overwriteWeight(operator, 80).runFor(3000);
    expect(shown(operator)).toBe('Holding: Ready=False Contended, Stalled');
    expect(operator.status.weight).toMatchObject({ desired: 20, observed: 80 });
    expect(said(operator)).toBe(
      'kubectl-edit keeps changing the canary-weight annotation of Ingress web-canary to 80%; it should be 20%. Put back 3 times, now held: let one of the two writers own it',
    );
  });

  it('never keeps a bad release from being rolled back', () => {
    const operator = ask(atStep(1), 'pause').runFor(1000);
    for (let fight = 0; fight < 4; fight++) overwriteWeight(operator, 80).runFor(3000);
    operator.takeWrites();
    ask(operator, 'abort').runFor(100);
    expect(operator.takeWrites()).toEqual(['weight 0']);
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
  });

  it('while the route drains at rest is taken back', () => {
    const operator = ask(atStep(3), 'abort').runUntil(({ stage }) => stage === 'RolledBack');
    operator.takeWrites();
    overwriteWeight(operator, 30).runUntilIdle();
    expect(operator.takeWrites()[0]).toBe('weight 0');
    expect(operator.cluster.route?.exists).toBe(false);
  });
});

describe('a route that is out of date', () => {
  it('is written again at its weight, and that is no fight', () => {
    const operator = atStep(1);
    operator.takeWrites();
    operator.meanwhile(({ route }) => void (route && (route.outdated = true))).runFor(1000);
    expect(operator.takeWrites()).toEqual(['weight 20']);
    expect(operator.status.fights).toBeUndefined();
  });

  it('that somebody deletes is made again', () => {
    const operator = atStep(1);
    operator.takeWrites();
    operator.meanwhile(({ route }) => {
      if (route) Object.assign(route, { exists: false, weight: 0 });
    });
    operator.runUntilIdle();
    expect(operator.takeWrites()[0]).toBe('weight 20');
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});

describe('a canary Service', () => {
  it('that somebody deletes is made again without weight on it', () => {
    const operator = atStep(1);
    operator.auditor.excused = true;
    operator.takeWrites();
    operator.meanwhile((cluster) => void (cluster.canaryService = undefined)).runUntilIdle();
    expect(operator.takeWrites().slice(0, 3)).toEqual([
      'weight 0',
      'checkout-canary -> revision bbb',
      'weight 20',
    ]);
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it.each<[string, () => FakeOperator, string]>([
    [
      'at the end of a promotion',
      () =>
        releasing({ route: 'user' }).runUntil(
          ({ stage, pinned, weight }) =>
            stage === 'Promoting' && pinned?.selector === 'revision bbb' && weight?.route === 0,
        ),
      'bbb',
    ],
    [
      'in a rollback',
      () => ask(atStep(1, { route: 'user' }), 'abort').runUntil(({ weight }) => weight?.route === 0),
      'aaa',
    ],
  ])('that somebody deletes %s is made again, for a Gateway to confirm the route', (_, begin, stable) => {
    const operator = begin();
    operator.auditor.excused = true;
    operator.takeWrites();
    const pending = 'Gateway main to take up HTTPRoute web (BackendNotFound)';
    operator.meanwhile((cluster) => {
      cluster.canaryService = undefined;
      if (cluster.route) cluster.route.pending = pending;
    });
    operator.runUntil(({ message }) => message?.includes('BackendNotFound') === true).runFor(1000);
    expect(operator.takeWrites()).toEqual(['checkout-canary -> revision bbb']);
    operator.meanwhile(({ route }) => void delete route?.pending).runUntilIdle();
    expect(operator.status.stable?.revision).toBe(stable);
    expect(['Idle', 'RolledBack']).toContain(operator.status.stage);
  });

  it('of somebody else is never taken', () => {
    const operator = adopted();
    operator.meanwhile((cluster) => {
      cluster.canaryService = { revision: '', endpoints: {}, ours: false };
    });
    operator.runUntilIdle();
    expect(shown(operator)).toBe('Holding: Ready=False NameTaken, Stalled');
    expect(said(operator)).toBe(
      'Service checkout-canary exists and is not of this Canary; rename or delete it',
    );
    expect(operator.takeWrites()).toEqual([]);
  });
});
