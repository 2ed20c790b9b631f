// SPDX-License-Identifier: Apache-2.0
// A Canary of 0 replicas: nothing runs, nothing is judged, and a release waits.
import { describe, expect, it } from '@jest/globals';
import { V1, V2 } from './fake-cluster.ts';
import type { FakeOperator } from './fake-operator.ts';
import { adopted, ask, atStep, changeSpec, QUICK_CHECK, releasing, said, shown } from './test-releases.ts';

const NOTHING_RUNS =
  'held: replicas is 0, so nothing runs that could get traffic or be judged; it goes on when there are replicas again';

/** Nobody answers until the first pod is there; from then on no request is without one. */
function wake(operator: FakeOperator, replicas: number): FakeOperator {
  operator.auditor.excused = true;
  changeSpec(operator, { replicas }).runFor(2500);
  operator.auditor.excused = false;
  return operator;
}

describe.each([{ route: true }, { route: 'user' as const }, { route: false }])(
  '0 replicas, route: $route',
  ({ route }) => {
    it('at rest are said', () => {
      const operator = changeSpec(adopted({ route }), { replicas: 0 }).runUntilIdle();
      expect(operator.cluster.service?.endpoints).toEqual({});
      expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
      expect(said(operator)).toMatch(
        /^scaled to 0, so no pod runs and nobody answers; 1\.0 is stable since 14:00:\d\d$/,
      );
      wake(operator, 3).runUntilIdle();
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 3 });
      expect(said(operator)).toMatch(/^all traffic on 1\.0 since/);
    });

    it('hold a release that begins, for as long as it takes, and it goes by its steps when pods run', () => {
      const operator = changeSpec(adopted({ route }), { replicas: 0 }).runUntilIdle();
      operator.meanwhile((cluster) => cluster.setTemplate(V2)).runFor(86_400_000);
      expect(shown(operator)).toBe('Holding: Ready=False ScaledToZero, Reconciling');
      expect(said(operator)).toBe(`step 1/4, 0% on 2.0; ${NOTHING_RUNS}`);
      wake(operator, 5).runUntil(({ step }) => step?.index === 1);
      expect(operator.status.weight?.observed).toBe(20);
      operator.runUntilIdle();
      expect(operator.status.history?.map(({ outcome, revision }) => [outcome, revision])).toEqual([
        ['Promoted', 'bbb'],
      ]);
    });

    it('in the middle of a release take the weight back, and no check fails for want of requests', () => {
      const spec = { analysis: { checks: [QUICK_CHECK] }, onNoData: 'Rollback', noDataDeadline: '30s' };
      const operator = atStep(1, { route, spec });
      operator.metrics = () => 'empty';
      changeSpec(operator, { replicas: 0 }).runFor(3_600_000);
      expect(shown(operator)).toBe('Holding: Ready=False ScaledToZero, Reconciling');
      expect(said(operator)).toBe(`step 2/4, 0% on 2.0; ${NOTHING_RUNS}`);
      expect(operator.cluster.route?.weight ?? 0).toBe(0);
      expect([...operator.cluster.revisions.values()].map(({ replicas }) => replicas)).toEqual([0, 0]);
      operator.metrics = () => 0;
      const before = operator.cluster.now;
      wake(operator, 5).runUntil(({ step }) => step?.index === 2);
      // the pause begins anew: what was not there was not looked at
      expect(operator.cluster.now - before).toBeGreaterThanOrEqual(10_000);
      operator.runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
    });

    it('hold a promotion on request until pods run', () => {
      const operator = changeSpec(atStep(1, { route }), { replicas: 0 }).runFor(60_000);
      ask(operator, 'promote-full').runFor(60_000);
      expect(said(operator)).toContain(NOTHING_RUNS);
      wake(operator, 2).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
      expect(operator.cluster.service?.endpoints).toEqual({ bbb: 2 });
    });

    it.each([
      ['an abort', (operator: FakeOperator) => ask(operator, 'abort')],
      [
        'the template of stable',
        (operator: FakeOperator) => operator.meanwhile((cluster) => cluster.setTemplate(V1)),
      ],
    ])('do not keep %s from ending a release', (_what, act) => {
      const operator = changeSpec(atStep(1, { route }), { replicas: 0 }).runFor(60_000);
      act(operator).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('aaa');
      expect(['Idle', 'RolledBack']).toContain(operator.status.stage);
      wake(operator, 4).runUntilIdle();
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 4 });
    });

    it('hold a bake, which judges nothing then', () => {
      const spec = {
        bake: { duration: '1m' },
        analysis: { checks: [QUICK_CHECK] },
        onNoData: 'Rollback',
        noDataDeadline: '30s',
      };
      const operator = releasing({ route, spec }).runUntil(({ stage }) => stage === 'Baking');
      operator.metrics = () => 'empty';
      changeSpec(operator, { replicas: 0 }).runFor(3_600_000);
      expect(operator.status.stage).toBe('Baking');
      expect(said(operator)).toContain(NOTHING_RUNS);
      operator.metrics = () => 0;
      wake(operator, 5).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
      expect(operator.cluster.service?.endpoints).toEqual({ bbb: 5 });
    });
  },
);
