// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { BROKEN, V1, V2, V3 } from './fake-cluster.ts';
import type { FakeOperator } from './fake-operator.ts';
import {
  ask,
  atStep,
  changeSpec,
  releasing,
  said,
  shown,
  takeEvents,
  writesOfGoingBack,
} from './test-releases.ts';

const modes = [{ route: true }, { route: false }];

function abort(operator: FakeOperator): FakeOperator {
  operator.takeWrites();
  takeEvents(operator);
  return ask(operator, 'abort');
}

describe.each(modes)('rollback, route: $route', ({ route }) => {
  it.each([{ index: 0 }, { index: 1 }, { index: 2 }, { index: 3 }])(
    'at step $index gives traffic back',
    ({ index }) => {
      const operator = abort(atStep(index, { route }));
      operator.runUntilIdle();
      expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
      expect(operator.status).toMatchObject({
        stable: { revision: 'aaa' },
        canary: { revision: 'bbb' },
        failure: { reason: 'Aborted', message: 'aborted on request', step: index },
        history: [{ outcome: 'RolledBack', revision: 'bbb', reason: 'Aborted' }],
        allowedActions: ['retry'],
      });
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
      expect(operator.cluster.revisions.get('web-bbb')?.replicas ?? 0).toBe(0);
    },
  );

  it('by one write first, and the pods of the canary go only after they have drained', () => {
    const operator = abort(atStep(3, { route })).runUntilIdle();
    expect(operator.takeWrites()).toEqual(writesOfGoingBack(route));
  });

  it('says what happened, at which weight, and since when all traffic is back', () => {
    const operator = abort(atStep(3, { route }));
    operator.step();
    expect(shown(operator)).toBe('RollingBack: Ready=False RollingBack, Reconciling');
    const weight = 50;
    expect(said(operator)).toMatch(
      new RegExp(`^aborted on request at ${weight}%; taking all traffic back to 1\\.0; waits for `),
    );
    operator.runUntil(({ stage }) => stage === 'RolledBack');
    expect(said(operator)).toMatch(
      new RegExp(
        `^aborted on request at ${weight}%; all traffic on 1\\.0 since 15:01:\\d\\d \\(\\d\\.\\d s\\)$`,
      ),
    );
    expect(operator.last?.afterMs).toBeGreaterThan(0);
    const events = takeEvents(operator);
    expect(events).toEqual([
      'Warning Aborted: aborted on request; rolling back to 1.0',
      expect.stringMatching(/^Warning RolledBack: aborted on request at \d+%; all traffic on 1\.0 since /),
    ]);
    expect(operator.status.history?.[0]?.message).toBe(said(operator));
  });

  it('while it is promoted, before the Service is flipped', () => {
    const operator = releasing({ route }).runUntil(({ stage }) => stage === 'Promoting');
    expect(operator.status.allowedActions).toEqual(['abort']);
    abort(operator).runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
  });

  it('is not tried again until somebody says so', () => {
    const operator = abort(atStep(1, { route })).runUntilIdle();
    operator.takeWrites();
    operator.runFor(86_400_000);
    expect(operator.takeWrites()).toEqual([]);
    ask(operator, 'retry').runUntilIdle();
    expect(operator.status).toMatchObject({ stable: { revision: 'bbb' } });
    expect(operator.status.failure).toBeUndefined();
  });

  it('is left for another template', () => {
    const operator = abort(atStep(1, { route })).runUntilIdle();
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('ccc');
  });

  it('on its way is finished before another template is begun', () => {
    const operator = abort(atStep(3, { route }));
    operator.step();
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
    expect(operator.status.history?.map(({ outcome, revision }) => `${outcome} ${revision}`)).toEqual([
      'Promoted ccc',
      'RolledBack bbb',
    ]);
  });

  it('does not need the target', () => {
    const operator = abort(atStep(3, { route }));
    operator.step();
    operator.meanwhile((cluster) => void (cluster.target = undefined)).runUntilIdle();
    expect(shown(operator)).toBe('Holding: Ready=False TargetNotFound, Stalled');
    expect(operator.status.stage).toBe('RolledBack');
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('follows replicas that change at that moment, with one write', () => {
    const operator = abort(atStep(3, { route }));
    operator.runUntil(({ stage }) => stage === 'RollingBack');
    changeSpec(operator, { replicas: 6 }).runUntilIdle();
    expect(operator.takeWrites()).toContain('scale web-aaa to 6');
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
  });
});

describe.each(modes)('pods that never get ready, route: $route', ({ route }) => {
  it('end the release when progressDeadline is over, and traffic never moved', () => {
    const operator = releasing({ route }, BROKEN);
    const began = operator.cluster.now;
    operator.runUntil(({ stage }) => stage === 'RolledBack');
    expect(operator.cluster.now - began).toBeGreaterThanOrEqual(60_000);
    expect(operator.cluster.now - began).toBeLessThan(60_500);
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False DeadlineExceeded, Stalled, RolledBack');
    expect(said(operator)).toMatch(
      /^waited 1m for 1 ready canary pod \(ImagePullBackOff\) at 0%; all traffic on 1\.0 since \d\d:\d\d:\d\d \(0\.0 s\)$/,
    );
    expect(
      operator.writes.filter((line) => line.startsWith('weight') || line.startsWith('checkout ->')),
    ).toEqual([]);
    expect(takeEvents(operator)).toContainEqual(
      'Warning DeadlineExceeded: waited 1m for 1 ready canary pod (ImagePullBackOff); rolling back to 1.0',
    );
  });

  it('wakes for the deadline although nothing happens', () => {
    const operator = releasing({ route }, BROKEN).runFor(10_000);
    expect(shown(operator)).toBe('Progressing: Ready=False Progressing, Reconciling');
    expect(operator.last?.afterMs).toBeGreaterThan(49_000);
  });

  it('at a later step are given the whole deadline again', () => {
    const operator = atStep(1, { route });
    operator.meanwhile((cluster) => {
      const canary = cluster.revisions.get('web-bbb');
      if (canary) canary.template = { ...canary.template, broken: true };
    });
    operator.runUntil(({ step }) => step?.index === 2);
    const began = operator.cluster.now;
    operator.runUntil(({ stage }) => stage === 'RolledBack');
    expect(operator.cluster.now - began).toBeGreaterThanOrEqual(60_000);
    expect(said(operator)).toContain('waited 1m for 3 ready canary pods (ImagePullBackOff) at 20%');
  });
});

describe('stable pods that are gone', () => {
  it.each(modes)('are never rolled back to; traffic is held and that is said, route: $route', ({ route }) => {
    const operator = atStep(3, { route });
    operator.auditor.excused = true;
    operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-aaa'), true));
    abort(operator).runFor(600_000);
    expect(operator.takeWrites()).toEqual(route ? [] : ['scale web-aaa to 5']);
    expect(shown(operator)).toBe('Holding: Ready=False NoStableEndpoints, Stalled');
    expect(said(operator)).toBe(
      route
        ? 'Service checkout has no ready pod (ImagePullBackOff) to take the traffic back; weight held at 50%'
        : 'revision aaa has no ready pod (ImagePullBackOff) to take the traffic back; traffic held where it is',
    );
    operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-aaa'), false)).runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
  });

  it.each([{ index: 1 }, { index: 3 }])(
    'are not given the weight of step $index for a newer template either',
    ({ index }) => {
      const operator = atStep(index);
      operator.auditor.excused = true;
      operator.meanwhile((cluster) => {
        cluster.losePods(cluster.revisions.get('web-aaa'), true);
        cluster.setTemplate(V3);
      });
      operator.takeWrites();
      operator.runFor(30_000);
      expect(operator.takeWrites()).not.toContain('weight 0');
      expect(shown(operator)).toBe('Holding: Ready=False NoStableEndpoints, Stalled');
    },
  );

  it('at rest are not called healthy', () => {
    const operator = releasing().runUntilIdle();
    operator.auditor.excused = true;
    operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-bbb'), true)).runFor(1000);
    expect(shown(operator)).toBe('Holding: Ready=False NoStableEndpoints, Reconciling');
    expect(said(operator)).toBe(
      'no pod of 2.0 is ready (ImagePullBackOff); Service checkout has nobody to send requests to',
    );
    operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-bbb'), false)).runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(operator.status.stable?.revision).toBe(V2.hash);
  });
});

describe('a Deployment of a revision that somebody deletes', () => {
  it('is made again at rest', () => {
    const operator = releasing().runUntilIdle();
    operator.auditor.excused = true;
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.deleteRevision('web-bbb')).runUntilIdle();
    expect(operator.takeWrites()).toEqual(['create web-bbb with 5']);
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it.each(modes)('is made again where it is the canary, route: $route', ({ route }) => {
    const operator = atStep(1, { route });
    operator.auditor.excused = true;
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.deleteRevision('web-bbb')).runUntilIdle();
    expect(operator.takeWrites()[0]).toMatch(/^create web-bbb with [01]$/);
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it.each(modes)(
    'where it is stable holds the release and says what can be done, route: $route',
    ({ route }) => {
      const operator = atStep(1, { route });
      operator.auditor.excused = true;
      operator.takeWrites();
      operator.meanwhile((cluster) => cluster.deleteRevision('web-aaa')).runFor(3_600_000);
      expect(operator.takeWrites()).toEqual([]);
      expect(shown(operator)).toBe('Holding: Ready=False NoStableEndpoints, Stalled');
      expect(said(operator)).toBe(
        'the Deployment of stable revision aaa is gone; traffic held where it is; set the template back to it, or promote the canary',
      );
      ask(operator, 'promote-full').runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
    },
  );

  it.each(modes)(
    'where it is stable says in a rollback what is possible there, route: $route',
    ({ route }) => {
      const operator = atStep(3, { route });
      operator.auditor.excused = true;
      operator.meanwhile((cluster) => cluster.deleteRevision('web-aaa'));
      abort(operator).runFor(10_000);
      expect(shown(operator)).toBe('Holding: Ready=False NoStableEndpoints, Stalled');
      expect(operator.status.allowedActions).toEqual([]);
      expect(said(operator)).toBe(
        'the Deployment of stable revision aaa is gone; traffic held where it is; set the template back to it',
      );
      operator.meanwhile((cluster) => cluster.setTemplate(V1)).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('aaa');
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
    },
  );
});

describe('a Deployment of the stable revision that somebody deletes in a release', () => {
  it.each(modes)('is made again when the template is set back to it, route: $route', ({ route }) => {
    const operator = atStep(1, { route });
    operator.auditor.excused = true;
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.deleteRevision('web-aaa')).runFor(1000);
    operator.meanwhile((cluster) => cluster.setTemplate(V1)).runUntilIdle();
    expect(operator.takeWrites()[0]).toBe('create web-aaa with 5');
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(operator.status.stable?.revision).toBe('aaa');
  });
});

describe('a data plane that follows late', () => {
  it('still has its pods when scaleDownDelay is shorter than the settle time', () => {
    const spec = { scaleDownDelay: '0s' };
    const operator = abort(atStep(3, { spec })).runUntilIdle();
    expect(operator.takeWrites()).toEqual([
      'weight 0',
      'scale web-bbb to 0',
      'rest route',
      'remove checkout-canary',
    ]);
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
  });

  it('also at promotion and adoption', () => {
    const operator = releasing({ spec: { scaleDownDelay: '0s' } }).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});
