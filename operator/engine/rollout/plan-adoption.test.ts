// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { BROKEN, FakeCluster, V2 } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import type { Pin } from './types.ts';
import { adopted, atStep, changeSpec, releasing, said, shown, takeEvents } from './test-releases.ts';

function starting(options: ConstructorParameters<typeof FakeCluster>[0] = {}): FakeOperator {
  return new FakeOperator(new FakeCluster(options));
}

describe.each([{ route: true }, { route: false }])('adoption, route: $route', ({ route }) => {
  it('copies, waits, pins, and only after the drain retires the pods of the Deployment', () => {
    const operator = starting({ route });
    operator.step();
    expect(operator.takeWrites()).toEqual(['create web-aaa with 5']);
    expect(shown(operator)).toBe('Progressing: Ready=False Progressing, Reconciling');
    expect(said(operator)).toBe(
      'adopting Deployment web: waits for 5 ready pods of its first revision; its own pods serve until then',
    );
    expect(operator.last?.afterMs).toBeUndefined();
    operator.runUntil(({ pinned }) => pinned?.selector === 'revision aaa');
    expect(said(operator)).toBe('adopting Deployment web: waits for Service checkout to follow its selector');
    expect(operator.takeWrites()).toEqual(['checkout -> revision aaa']);
    operator.runUntil(({ message }) => message?.includes('to drain') === true);
    expect(shown(operator)).toBe('Progressing: Ready=False Progressing, Reconciling');
    expect(said(operator)).toBe('adopting Deployment web: waits for its own pods to drain');
    expect(operator.last?.afterMs).toBeGreaterThan(4800);
    expect(takeEvents(operator)).toEqual([]);
    operator.runUntilIdle();
    expect(operator.takeWrites()).toEqual(['scale web to 0', 'replicas of the Canary: 5']);
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(said(operator)).toBe('all traffic on 1.0 since 14:00:07');
    expect(takeEvents(operator)).toEqual(['Initialized: Deployment web adopted; all traffic on 1.0']);
    expect(operator.status).toMatchObject({
      parked: true,
      specReplicas: 5,
      replicas: 5,
      observedGeneration: 2,
    });
    expect(operator.status.selector).toBe(
      'headway.dev/canary=web,headway.dev/revision in (aaa),headway.dev/serving=true',
    );
  });

  it('of pods that never get ready leaves the Service alone and says what they complain of', () => {
    const operator = starting({ route });
    operator.cluster.setTemplate(BROKEN);
    operator.runFor(600_000);
    expect(operator.takeWrites()).toEqual(['create web-bad with 5']);
    expect(said(operator)).toBe(
      'adopting Deployment web: waits for 5 ready pods of its first revision (ImagePullBackOff); its own pods serve until then',
    );
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
    expect(operator.takeWrites()).toEqual([
      'create web-bbb with 5',
      'scale web-bad to 0',
      'checkout -> revision bbb',
      'scale web to 0',
      'replicas of the Canary: 5',
    ]);
    expect(said(operator)).toContain('all traffic on 2.0');
  });

  it('keeps the pods of a template that is replaced meanwhile for as long as the Service of old may find them', () => {
    const operator = starting({ route });
    operator.step();
    operator.cluster.endpointsLagMs = 1000;
    operator.runUntil(({ message }) => (message?.length ?? 0) > 0).runFor(1990);
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
    expect(operator.takeWrites()).toEqual([
      'create web-aaa with 5',
      'create web-bbb with 5',
      'checkout -> revision bbb',
      'scale web-aaa to 0',
      'scale web to 0',
      'replicas of the Canary: 5',
    ]);
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('follows replicas that change while it waits', () => {
    const operator = starting({ route });
    operator.step();
    changeSpec(operator, { replicas: 7 }).runUntilIdle();
    expect(operator.takeWrites()).toEqual([
      'create web-aaa with 5',
      'scale web-aaa to 7',
      'checkout -> revision aaa',
      'scale web to 0',
    ]);
  });

  it('makes a template that arrives after the Service was pinned the first release', () => {
    const operator = starting({ route }).runUntil(({ pinned }) => pinned?.selector === 'revision aaa');
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
    expect(operator.status.history?.map(({ outcome, revision }) => [outcome, revision])).toEqual([
      ['Promoted', 'bbb'],
    ]);
  });

  it('makes it that also where the first revision is just being scaled', () => {
    const operator = new FakeOperator(new FakeCluster({ route }));
    operator.runUntil(() => said(operator).includes('its own pods to drain'));
    operator.meanwhile((cluster) => {
      cluster.setTemplate(V2);
      cluster.scale(cluster.revisions.get('web-aaa'), 6, 'headway');
    });
    operator.takeWrites();
    operator.reconcile();
    expect(operator.takeWrites().filter((write) => write.startsWith('create'))).toEqual([]);
    operator.runUntil(({ stable }) => stable !== undefined);
    expect(operator.status.stable?.revision).toBe('aaa');
  });

  it('makes it that also where somebody has the Service name what is not there', () => {
    const operator = starting({ route }).runUntil(({ pinned }) => pinned?.selector === 'revision aaa');
    operator.auditor.excused = true;
    operator.meanwhile((cluster) => {
      cluster.pin({ kind: 'revision', revision: 'gone' }, 'kubectl');
      cluster.setTemplate(V2);
    });
    operator.runUntilIdle();
    expect(operator.status.history?.map(({ outcome, revision }) => [outcome, revision])).toEqual([
      ['Promoted', 'bbb'],
    ]);
  });

  it('never takes what is not ours', () => {
    const operator = starting({ route });
    operator.cluster.takenNames.push('web-aaa');
    operator.runUntilIdle();
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Holding: Ready=False NameTaken, Stalled');
    expect(said(operator)).toBe('Deployment web-aaa exists and is not of this Canary; rename or delete it');
  });
});

describe('a lost status', () => {
  it.each([{ route: true }, { route: false }])(
    'at rest is found again without a write, route: $route',
    ({ route }) => {
      const operator = adopted({ route });
      const before = operator.status;
      delete operator.cluster.canary.status;
      operator.runUntilIdle();
      expect(operator.takeWrites()).toEqual([]);
      expect(operator.status.stable).toMatchObject({ revision: 'aaa', version: '1.0' });
      expect(operator.status.specReplicas).toBe(before.specReplicas);
    },
  );

  it.each<Pin>([{ kind: 'none' }, { kind: 'revision', revision: 'gone' }])(
    'after which a new template comes, while somebody has the Service name %o, releases it',
    (pin) => {
      const operator = adopted();
      operator.auditor.excused = true;
      delete operator.cluster.canary.status;
      operator.meanwhile((cluster) => {
        cluster.pin(pin, 'kubectl');
        cluster.setTemplate(V2);
      });
      operator.runUntil(({ stage }) => stage === 'Stepping');
      expect(operator.status).toMatchObject({ stable: { revision: 'aaa' }, canary: { revision: 'bbb' } });
      expect(operator.takeWrites().slice(0, 1)).toEqual(['checkout -> revision aaa']);
    },
  );

  it('in a release by route begins the release again against the same stable revision', () => {
    const operator = atStep(3);
    operator.takeWrites();
    delete operator.cluster.canary.status;
    operator.runUntil(({ stage }) => stage === 'Stepping');
    expect(operator.status).toMatchObject({ stable: { revision: 'aaa' }, canary: { revision: 'bbb' } });
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
    const weights = operator.takeWrites().filter((write) => write.startsWith('weight'));
    expect(weights).toEqual(['weight 20', 'weight 50', 'weight 100', 'weight 0']);
  });

  it('in a release by ratio takes the revision that the template does not ask for as stable', () => {
    const operator = atStep(3, { route: false });
    operator.takeWrites();
    delete operator.cluster.canary.status;
    operator.runUntil(({ stage }) => stage === 'Stepping');
    expect(operator.status).toMatchObject({
      stable: { revision: 'aaa' },
      canary: { revision: 'bbb' },
      specReplicas: 5,
    });
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('after the Service was flipped takes what it names as stable', () => {
    const operator = releasing().runUntil(({ pinned }) => pinned?.selector === 'revision bbb');
    operator.takeWrites();
    delete operator.cluster.canary.status;
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
    expect(operator.takeWrites()).toEqual([
      'weight 0',
      'scale web-aaa to 0',
      'rest route',
      'remove checkout-canary',
    ]);
  });
});

describe('the target', () => {
  it('that somebody scales up again is put back, and said who did it', () => {
    const operator = adopted();
    operator.meanwhile((cluster) => cluster.scale(cluster.target, 3, 'kubectl')).runUntilIdle();
    expect(operator.takeWrites()).toEqual(['scale web to 0']);
    expect(takeEvents(operator)).toEqual([
      'Warning TrafficOverwritten: kubectl changed replicas of Deployment web from 0 to 3; put back (1 of 3)',
    ]);
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('that somebody keeps scaling up is left after three times, and taken up again when ten minutes have passed', () => {
    const operator = adopted();
    for (let fight = 0; fight < 3; fight++) {
      operator.meanwhile((cluster) => cluster.scale(cluster.target, 3, 'flux')).runFor(10_000);
    }
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.scale(cluster.target, 3, 'flux')).runFor(1000);
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Holding: Ready=False Contended, Stalled');
    expect(said(operator)).toBe(
      'flux keeps changing replicas of Deployment web to 3; it should be 0. Put back 3 times, now held: let one of the two writers own it',
    );
    expect(operator.last?.afterMs).toBeGreaterThan(500_000);
    operator.runUntilIdle();
    expect(operator.takeWrites()).toEqual(['scale web to 0']);
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('that had traffic again drains before it is put back', () => {
    const operator = adopted();
    operator.auditor.excused = true;
    operator.meanwhile((cluster) => {
      cluster.scale(cluster.target, 3, 'kubectl');
      cluster.losePods(cluster.revisions.get('web-aaa'), true);
      cluster.pin({ kind: 'none' }, 'kubectl');
    });
    operator.runFor(10_000);
    operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-aaa'), false));
    operator.runUntil(({ pinned }) => pinned?.selector === 'revision aaa');
    const pinnedAt = operator.cluster.now;
    operator.takeWrites();
    operator.runUntil(({ fights }) =>
      Object.keys(fights ?? {}).some((field) => field.startsWith('replicas')),
    );
    expect(operator.takeWrites()).toEqual(['scale web to 0']);
    expect(operator.cluster.now - pinnedAt).toBeGreaterThanOrEqual(5000);
  });
});
