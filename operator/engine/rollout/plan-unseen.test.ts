// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { FakeCluster } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import { CHECK, ask, atStep, changeSpec, releasing, said, shown } from './test-releases.ts';

const JUDGED = { analysis: { checks: [CHECK] } };

describe.each([{ route: true }, { route: false }])(
  'a canary that has had no traffic, route: $route',
  ({ route }) => {
    /** Every step was skipped before the first pod was ready. */
    function skipped(spec: Record<string, unknown> = JUDGED): FakeOperator {
      const operator = releasing({ route, spec });
      operator.takeWrites();
      for (let index = 0; index < 4; index++) ask(operator, 'skip-step').reconcile();
      return operator.runFor(120_000);
    }

    it('is not promoted while its analysis has judged nothing', () => {
      const operator = skipped().runFor(3_600_000);
      expect(shown(operator)).toBe('Holding: Ready=False NoData, Reconciling');
      expect(said(operator)).toBe(
        '2.0: it has had no traffic, so that its analysis has judged nothing; all traffic stays on 1.0; promote-full or abort',
      );
      expect(operator.status.allowedActions).toEqual(['promote-full', 'abort']);
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
      expect(operator.takeWrites().filter((line) => /weight|->/.test(line))).toEqual([]);
    });

    it('is promoted when somebody says that the checks do not count', () => {
      expect(ask(skipped(), 'promote-full').runUntilIdle().status.stable?.revision).toBe('bbb');
    });

    it('goes back when somebody aborts', () => {
      const operator = ask(skipped(), 'abort').runUntilIdle();
      expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
    });

    it('is promoted where nothing was to be judged', () => {
      expect(skipped({}).runUntilIdle().status.stable?.revision).toBe('bbb');
    });
  },
);

describe('promote-full in a promotion', () => {
  it('does without metrics that are missing', () => {
    const operator = atStep(3, { spec: JUDGED });
    operator.metrics = () => 'timeout';
    ask(operator, 'skip-step').runFor(60_000);
    expect(operator.status).toMatchObject({ stage: 'Promoting', allowedActions: ['promote-full', 'abort'] });
    ask(operator, 'promote-full').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});

describe('a Canary that no operator has looked at', () => {
  it('says of itself what is true when it is suspended from the start', () => {
    const cluster = new FakeCluster({});
    cluster.canary = {
      ...cluster.canary,
      status: {
        observedGeneration: -1,
        phase: 'Pending',
        conditions: [
          {
            type: 'Ready',
            status: 'Unknown',
            reason: 'Pending',
            message: 'no operator has looked at it yet',
            lastTransitionTime: '1970-01-01T00:00:00Z',
          },
        ],
      },
    };
    const operator = changeSpec(new FakeOperator(cluster), { suspend: true }).runFor(1000);
    expect(shown(operator)).toBe('Suspended: Ready=Unknown Suspended, Suspended');
    changeSpec(operator, { suspend: false }).runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });
});
