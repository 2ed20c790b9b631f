// SPDX-License-Identifier: Apache-2.0
// What people do to the Deployment itself while a Canary governs it: pause it, delete it, make it anew.
import { describe, expect, it } from '@jest/globals';
import { fromIso } from '../time.ts';
import { FakeCluster, V1, V2, V3 } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import { adopted, ask, atStep, releasing, said, shown, takeEvents } from './test-releases.ts';

function pause(operator: FakeOperator, paused: boolean): FakeOperator {
  return operator.meanwhile(({ target }) => void (target && (target.paused = paused)));
}

describe.each([{ route: true }, { route: false }])('a paused Deployment, route: $route', ({ route }) => {
  it('keeps its new template back until it is resumed', () => {
    const operator = pause(adopted({ route }), true);
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Paused: Ready=False Paused, Reconciling, Paused');
    expect(said(operator)).toBe(
      'Deployment web is paused; its new template is released when it is resumed; all traffic stays on 1.0',
    );
    pause(operator, false).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('without a new template is as healthy as any', () => {
    expect(shown(pause(adopted({ route }), true).runUntilIdle())).toBe(
      'Healthy: Ready=True Succeeded, Promoted',
    );
  });

  it('holds a release where it is, for as long as it takes, and it goes on when it is resumed', () => {
    const operator = pause(atStep(1, { route }), true);
    operator.takeWrites();
    operator.runFor(3_600_000);
    expect(operator.takeWrites().filter((write) => !write.startsWith('scale'))).toEqual([]);
    expect(shown(operator)).toBe('Paused: Ready=False Paused, Reconciling, Paused');
    expect(said(operator)).toBe(
      'step 2/4, 20% on 2.0; Deployment web is paused; it goes on when that is resumed',
    );
    expect(operator.status.weight?.observed).toBe(20);
    pause(operator, false).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('holds the weight that a step was about to raise', () => {
    const operator = pause(releasing({ route }), true).runFor(3_600_000);
    expect(operator.status).toMatchObject({ stage: 'Stepping', step: { index: 0 }, weight: { observed: 0 } });
    expect(said(operator)).toContain('Deployment web is paused; it goes on when that is resumed');
    pause(operator, false).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('takes no third template up, but goes back to stable at once', () => {
    const operator = pause(atStep(1, { route }), true);
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runFor(60_000);
    expect(operator.status.canary?.revision).toBe('bbb');
    operator.meanwhile((cluster) => cluster.setTemplate(V1)).runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('does not keep a release from being aborted', () => {
    const operator = ask(pause(atStep(1, { route }), true), 'abort').runUntilIdle();
    expect(operator.status).toMatchObject({ stage: 'RolledBack', failure: { reason: 'Aborted' } });
  });

  it('is adopted when it is resumed, because its pods may be of another template', () => {
    const operator = new FakeOperator(new FakeCluster({ route }));
    pause(operator, true).runUntilIdle();
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Holding: Ready=False Paused, Reconciling');
    expect(said(operator)).toBe(
      'Deployment web is paused, so its pods may be of another template than it has; it is adopted when it is resumed',
    );
    pause(operator, false).runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });
});

describe.each([{ route: true }, { route: false }])(
  'a Deployment that is deleted, route: $route',
  ({ route }) => {
    const lose = (operator: FakeOperator): FakeOperator =>
      operator.meanwhile((cluster) => void (cluster.target = undefined));

    it('at rest leaves all traffic where it is, and that is said', () => {
      const operator = lose(adopted({ route })).runFor(86_400_000);
      expect(operator.takeWrites()).toEqual([]);
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
      expect(shown(operator)).toBe('Holding: Ready=False TargetNotFound, Stalled');
      expect(said(operator)).toBe(
        'Deployment web is not in namespace shop; all traffic stays on 1.0; it is taken up as soon as it is',
      );
    });

    it('and made anew with the same template is adopted again without a pod, and starts no release', () => {
      const operator = lose(adopted({ route })).runFor(60_000);
      takeEvents(operator);
      operator.meanwhile((cluster) => cluster.createTarget(V1, 3)).runUntilIdle();
      expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
      expect(operator.takeWrites()).toEqual(['scale web to 0']);
      // its replicas are those that it was made with: nobody has fought
      expect(takeEvents(operator)).toEqual([]);
      expect(operator.status.fights).toBeUndefined();
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
    });

    it('and made anew as often as it takes is no fight', () => {
      const operator = adopted({ route });
      for (let times = 0; times < 6; times++) {
        lose(operator).runFor(5000);
        operator.meanwhile((cluster) => cluster.createTarget(V1, 3)).runFor(10_000);
      }
      operator.runUntilIdle();
      expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
      expect(operator.status.fights).toBeUndefined();
      expect(operator.cluster.target?.replicas).toBe(0);
    });

    it('and made anew with another template is released by the steps', () => {
      const operator = lose(adopted({ route })).runFor(60_000);
      operator.meanwhile((cluster) => cluster.createTarget(V2, 3)).runUntilIdle();
      expect(operator.status.history?.map(({ outcome, revision }) => [outcome, revision])).toEqual([
        ['Promoted', 'bbb'],
      ]);
      expect(operator.cluster.service?.endpoints).toEqual({ bbb: 5 });
    });

    it('in a release holds it, and made anew goes on with it', () => {
      const operator = lose(atStep(1, { route })).runFor(60_000);
      expect(said(operator)).toBe(
        'step 2/4, 20% on 2.0; held: Deployment web is not in namespace shop; it is taken up as soon as it is',
      );
      operator.meanwhile((cluster) => cluster.createTarget(V2, 0)).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
    });

    it('while the new revision takes over does not keep that from being finished', () => {
      const operator = releasing({ route }).runUntil(({ pinned }) => pinned?.selector === 'revision bbb');
      lose(operator).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
      expect(operator.cluster.service?.endpoints).toEqual({ bbb: 5 });
      expect(operator.cluster.route?.weight ?? 0).toBe(0);
      expect(shown(operator)).toBe('Holding: Ready=False TargetNotFound, Stalled');
    });

    it('in a release that is aborted meanwhile goes back all the same', () => {
      const operator = lose(atStep(1, { route })).runFor(1000);
      ask(operator, 'abort').runUntilIdle();
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
      expect(operator.status.failure?.reason).toBe('Aborted');
    });
  },
);

describe.each([{ route: true }, { route: false }])(
  'minReadySeconds of the Deployment, route: $route',
  ({ route }) => {
    it('pass before pods of the canary count', () => {
      const operator = adopted({ route });
      operator.meanwhile((cluster) => {
        if (cluster.target) cluster.target.minReadyMs = 30_000;
        cluster.setTemplate(V2);
      });
      operator.runUntil(({ step }) => step?.index === 1);
      const made = operator.cluster.revisions.get('web-bbb');
      const readyAtMs = made?.pods[0]?.readyAtMs ?? Number.POSITIVE_INFINITY;
      expect(fromIso(operator.status.step?.startedAt) - readyAtMs).toBeGreaterThanOrEqual(30_000);
      operator.runUntilIdle();
      expect(operator.cluster.service?.endpoints).toEqual({ bbb: 5 });
    });
  },
);
