// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { V1, V2, V3 } from './fake-cluster.ts';
import type { FakeTemplate } from './fake-deployment.ts';
import type { FakeOperator } from './fake-operator.ts';
import {
  CHECK,
  adopted,
  ask,
  atStep,
  deleteCanary,
  releasing,
  said,
  shown,
  takeEvents,
} from './test-releases.ts';

const JUDGED = { analysis: { checks: [CHECK] } };

type Start = (route: boolean) => FakeOperator;

function setTemplate(operator: FakeOperator, template: FakeTemplate): FakeOperator {
  return operator.meanwhile((cluster) => cluster.setTemplate(template));
}

function failing(operator: FakeOperator): FakeOperator {
  operator.metrics = () => 7;
  return operator;
}

const baking: Start = (route) =>
  releasing({ route, spec: { ...JUDGED, bake: { duration: '5m' } } }).runUntil(
    ({ stage }) => stage === 'Baking',
  );

/** The verb that lets what was refused have all traffic. */
function verbFor(when: string): string {
  return when === 'never admitted' ? 'admit' : 'promote-full';
}

/** The target asks for 2.0, and something is known against it. 1.0 is what was good before. */
const refused: [string, Start][] = [
  [
    'on its way back',
    (route) => ask(atStep(3, { route }), 'abort').runUntil(({ stage }) => stage === 'RollingBack'),
  ],
  [
    'just rolled back',
    (route) => ask(atStep(3, { route }), 'abort').runUntil(({ stage }) => stage === 'RolledBack'),
  ],
  ['rolled back for long', (route) => ask(atStep(3, { route }), 'abort').runUntilIdle()],
  [
    'failed by a check',
    (route) => failing(atStep(1, { route, spec: JUDGED })).runUntil(({ failure }) => !!failure),
  ],
  [
    'failed and waiting for a person',
    (route) =>
      failing(atStep(1, { route, spec: { ...JUDGED, onFailure: 'Pause' } })).runUntil(({ pause }) => !!pause),
  ],
  ['failed in a bake', (route) => failing(baking(route)).runUntil(({ stage }) => stage === 'Returning')],
  [
    'failed in a bake and waiting for a person',
    (route) =>
      failing(
        releasing({ route, spec: { ...JUDGED, bake: { duration: '5m' }, onFailure: 'Pause' } }).runUntil(
          ({ stage }) => stage === 'Baking',
        ),
      ).runUntil(({ pause }) => !!pause),
  ],
  [
    'rolled back on request long after its promotion',
    (route) =>
      ask(releasing({ route }).runUntilIdle(), 'rollback', 'aaa').runUntil(
        ({ stage }) => stage === 'Returning',
      ),
  ],
  [
    'promoted in full and then aborted',
    (route) => ask(ask(atStep(1, { route }), 'promote-full').runFor(1), 'abort').runUntilIdle(),
  ],
  [
    'never admitted',
    (route) => setTemplate(adopted({ route, spec: { releasePolicy: 'Managed' } }), V2).runFor(1000),
  ],
];

function trafficOf({ cluster }: FakeOperator): object {
  return { endpoints: cluster.service?.endpoints, weight: cluster.route?.weight ?? 0 };
}

describe.each([{ route: true }, { route: false }])(
  'a deletion of what was refused, route: $route',
  ({ route }) => {
    it.each(refused)('%s, is held with all traffic on what was good before', (when, start) => {
      const operator = start(route);
      takeEvents(operator);
      deleteCanary(operator).runUntilIdle();
      expect(operator.isGone).toBe(false);
      expect(trafficOf(operator)).toEqual({ endpoints: { aaa: 5 }, weight: 0 });
      expect(operator.cluster.target?.replicas).toBe(0);
      expect(shown(operator)).toBe('Holding: Ready=False DeletionHeld, Stalled');
      expect(operator.status.allowedActions).toEqual([verbFor(when)]);
      expect(said(operator)).toMatch(
        /^deletion held: Deployment web asks for 2\.0, which (was rolled back \(.+\)|nobody has admitted); all traffic stays on 1\.0; set the template back to 1\.0, or ask for (promote-full|admit) to give 2\.0 all traffic$/,
      );
      expect(takeEvents(operator).filter((line) => line.includes('DeletionHeld'))).toEqual([
        `Warning DeletionHeld: ${said(operator)}`,
      ]);
    });

    it.each(refused)('%s, goes on when the template is set back', (_when, start) => {
      const operator = deleteCanary(start(route)).runUntilIdle();
      setTemplate(operator, V1).runUntilIdle();
      expect(operator.isGone).toBe(true);
      expect(operator.cluster.target).toMatchObject({ replicas: 5, template: V1 });
      expect(operator.cluster.service?.pin).toEqual({ kind: 'none' });
    });

    it.each(refused)('%s, goes on with a newer template, of which nothing is known', (_when, start) => {
      const operator = deleteCanary(start(route)).runUntilIdle();
      setTemplate(operator, V3).runUntilIdle();
      expect(operator.isGone).toBe(true);
      expect(operator.cluster.target).toMatchObject({ replicas: 5, template: V3 });
    });

    it.each(refused)('%s, goes on when somebody says that it shall have all traffic', (when, start) => {
      const operator = deleteCanary(start(route)).runUntilIdle();
      takeEvents(operator);
      ask(operator, verbFor(when)).runUntilIdle();
      expect(operator.isGone).toBe(true);
      expect(takeEvents(operator)).toEqual([
        'Approved: 2.0 gets all traffic on request, with Deployment web',
      ]);
      expect(operator.cluster.target).toMatchObject({ replicas: 5, template: V2 });
      expect(operator.cluster.service?.pin).toEqual({ kind: 'none' });
    });

    it.each(refused)('%s, is not held where what was good before has lost its Deployment', (_when, start) => {
      const operator = start(route);
      takeEvents(operator);
      operator.auditor.excused = true;
      operator.meanwhile((cluster) => cluster.deleteRevision('web-aaa'));
      deleteCanary(operator).runUntilIdle();
      expect(operator.isGone).toBe(true);
      expect(operator.cluster.target).toMatchObject({ replicas: 5, template: V2 });
      expect(operator.cluster.service?.pin).toEqual({ kind: 'none' });
      expect(takeEvents(operator).filter((line) => /StableLost|DeletionHeld/.test(line))).toEqual([
        expect.stringMatching(
          /^Warning StableLost: the Deployment of 1\.0 is gone, so that nothing is left to hold the traffic on; Deployment web gets all of it; known against 2\.0: .+$/,
        ),
      ]);
    });

    it.each(refused)('%s, is held no longer when that is deleted later', (_when, start) => {
      const operator = deleteCanary(start(route)).runUntilIdle();
      expect(operator.isGone).toBe(false);
      operator.auditor.excused = true;
      operator.meanwhile((cluster) => cluster.deleteRevision('web-aaa')).runUntilIdle();
      expect(operator.isGone).toBe(true);
      expect(operator.cluster.target).toMatchObject({ replicas: 5, template: V2 });
    });

    it.each(refused)(
      '%s, gives stable its own template again when that is all that is left',
      (_when, start) => {
        const operator = start(route);
        operator.auditor.excused = true;
        operator.meanwhile((cluster) => cluster.deleteRevision('web-aaa'));
        takeEvents(operator);
        setTemplate(deleteCanary(operator), V1).runUntilIdle();
        expect(operator.isGone).toBe(true);
        expect(operator.cluster.target).toMatchObject({ replicas: 5, template: V1 });
        expect(takeEvents(operator).join()).not.toContain('known against');
      },
    );

    it('takes no word for another revision, and no other word', () => {
      const operator = deleteCanary(ask(atStep(3, { route }), 'abort')).runUntilIdle();
      ask(operator, 'promote-full', 'ccc').runUntilIdle();
      expect(operator.status.lastAction).toMatchObject({
        result: 'Rejected',
        message: 'promote-full names revision ccc, but the release is of revision bbb',
      });
      ask(operator, 'retry').runUntilIdle();
      expect(operator.status.lastAction?.message).toBe('retry does not fit now; possible now: promote-full');
      expect(operator.isGone).toBe(false);
    });

    it('still says what is wrong with stable, and mends what it can', () => {
      const operator = deleteCanary(ask(atStep(3, { route }), 'abort')).runUntilIdle();
      operator.auditor.excused = true;
      operator.meanwhile((cluster) => cluster.scale(cluster.target, 5, 'kubectl')).runUntilIdle();
      expect(operator.cluster.target?.replicas).toBe(0);
      operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-aaa'), true)).runFor(1000);
      expect(said(operator)).toMatch(
        /^deletion held: .*; no pod of 1\.0 is ready \(ImagePullBackOff\); Service checkout has nobody to send requests to$/,
      );
    });

    it('goes through when its target or its Service is deleted too, as with the namespace', () => {
      for (const gone of ['target', 'service'] as const) {
        const operator = deleteCanary(ask(atStep(3, { route }), 'abort')).runUntilIdle();
        operator.auditor.excused = true;
        operator.meanwhile((cluster) => void (cluster[gone] = undefined)).runUntilIdle();
        expect(operator.isGone).toBe(true);
      }
    });
  },
);

describe.each([{ route: true }, { route: false }])('an abort in a deletion, route: $route', ({ route }) => {
  it('takes the traffic back to stable, and holds', () => {
    const operator = deleteCanary(atStep(3, { route })).runFor(10);
    expect(operator.status.allowedActions).toEqual(['abort']);
    ask(operator, 'abort').runUntilIdle();
    expect(operator.isGone).toBe(false);
    expect(trafficOf(operator)).toEqual({ endpoints: { aaa: 5 }, weight: 0 });
    expect(operator.status.failure).toMatchObject({ reason: 'Aborted' });
  });

  it('asked for in the same moment counts', () => {
    const operator = deleteCanary(ask(atStep(3, { route }), 'abort')).runUntilIdle();
    expect(shown(operator)).toBe('Holding: Ready=False DeletionHeld, Stalled');
  });

  it('comes too late when the pods of the Deployment serve', () => {
    const operator = deleteCanary(atStep(3, { route }));
    operator.runUntil(({ allowedActions }) => allowedActions?.length === 0, 'nothing can be asked for');
    expect(operator.status.pinned?.selector).toBe('replica set bbb');
    ask(operator, 'abort').runUntilIdle();
    expect(operator.isGone).toBe(true);
  });
});
