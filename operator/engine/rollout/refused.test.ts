// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { replaceConditions } from '../conditions/conditions.ts';
import { toIso } from '../time.ts';
import { V2 } from './fake-cluster.ts';
import { worldOf } from './fake-world.ts';
import type { FakeOperator } from './fake-operator.ts';
import { plan } from './plan.ts';
import { keptOfRefused, lastRefusal } from './refused.ts';
import { adopted, atStep } from './test-releases.ts';

const QUOTA = 'may not create deployments.apps in namespace shop: exceeded quota: small';

/** What a reconcile leaves behind whose writes are all refused. */
function refuse(operator: FakeOperator): RolloutStatus {
  const { cluster } = operator;
  const { canary: rollout, now } = cluster;
  const planned = plan(rollout, worldOf(cluster), now);
  const kept = keptOfRefused(rollout.status, planned);
  operator.events.push(...(kept?.events ?? []));
  const failure = { type: 'Ready', status: 'False', reason: 'Forbidden', message: QUOTA } as const;
  const stamp = { generation: 1, now: toIso(now) };
  const before = kept?.status ?? rollout.status ?? { observedGeneration: -1 };
  const status: RolloutStatus = {
    ...before,
    message: QUOTA,
    conditions: replaceConditions(before.conditions ?? [], [failure], stamp),
  };
  cluster.canary = { ...rollout, status };
  return status;
}

describe.each([{ route: true }, { route: false }])(
  'a release whose pods are refused, route: $route',
  ({ route }) => {
    function refused(): FakeOperator {
      const operator = adopted({ route }).meanwhile((cluster) => cluster.setTemplate(V2));
      refuse(operator);
      return operator;
    }

    it('has begun all the same, and waits', () => {
      expect(refused().status).toMatchObject({
        stage: 'Stepping',
        canary: { revision: 'bbb' },
        step: { index: 0, waitingSince: expect.any(String) },
        stable: { revision: 'aaa' },
        message: QUOTA,
      });
    });

    it('says once that it has begun, and never that it has pods', () => {
      const operator = refused();
      refuse(operator);
      refuse(operator);
      expect(operator.events.map(({ reason }) => reason)).toEqual(['NewRevisionDetected']);
    });

    it('keeps since when it waits', () => {
      const operator = refused();
      const since = operator.status.step?.waitingSince;
      operator.cluster.advanceTo(operator.cluster.now + 30_000);
      expect(refuse(operator).step?.waitingSince).toBe(since);
    });

    it('is rolled back after progressDeadline, with the words of the API server, and stable is untouched', () => {
      const operator = refused();
      operator.cluster.advanceTo(operator.cluster.now + 60_000);
      operator.runUntilIdle();
      expect(operator.status).toMatchObject({ stage: 'RolledBack', failure: { reason: 'DeadlineExceeded' } });
      expect(operator.status.failure?.message).toMatch(
        /^waited 1m for .* \(may not create .*quota: small\)$/,
      );
      expect(operator.takeWrites().filter((line) => /weight|->|web-aaa/.test(line))).toEqual([]);
    });

    it('goes on where the API server no longer refuses', () => {
      const operator = refused();
      operator.runUntilIdle();
      expect(operator.status).toMatchObject({ stage: 'Idle', stable: { revision: 'bbb' } });
      expect(lastRefusal(operator.status)).toBeUndefined();
    });
  },
);

describe('what is kept of refused writes', () => {
  it('is nothing that they would have changed', () => {
    const before = atStep(2).status;
    const weight = { desired: 50, observed: 50, route: 50 };
    const status: RolloutStatus = { ...before, weight, pinned: { selector: 'revision bbb', since: 'x' } };
    const kept = keptOfRefused(before, { status, events: [] })?.status;
    expect([kept?.weight, kept?.pinned]).toEqual([before.weight, before.pinned]);
  });

  it.each(['Adopting', 'Idle', 'RollingBack', 'RolledBack'] as const)('is nothing in stage %s', (stage) => {
    const status: RolloutStatus = { observedGeneration: 1, stage };
    expect(keptOfRefused(undefined, { status, events: [] })).toBeUndefined();
  });
});

describe('the last refusal', () => {
  const ready = { type: 'Ready', message: QUOTA, lastTransitionTime: '', observedGeneration: 1 };

  it.each([
    ['False', 'Forbidden', QUOTA],
    ['False', 'ApiError', QUOTA],
    ['False', 'Progressing', undefined],
    ['True', 'Succeeded', undefined],
  ] as const)('of Ready=%s %s is %p', (status, reason, message) => {
    expect(lastRefusal({ observedGeneration: 1, conditions: [{ ...ready, status, reason }] })).toBe(message);
  });

  it('is none without a status', () => {
    expect(lastRefusal(undefined)).toBeUndefined();
  });
});
