// SPDX-License-Identifier: Apache-2.0
import { describe, expect } from '@jest/globals';
import { FakeCluster } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import type { FakeRouteKind } from './fake-route.ts';
import type { RolloutKind } from './rollout.ts';
import { heal } from './test-acts.ts';
import { ask, deleteCanary, QUICK_CHECK } from './test-releases.ts';
import { holdsWhateverHappens } from './test-whatever-happens.ts';

const SHARED = { firstDeploy: 'Judge', noDataDeadline: '30s', onNoData: 'Rollback' };
const JUDGED = { checks: [{ ...QUICK_CHECK, count: 2 }] };
const SPECS = {
  Canary: { ...SHARED, steps: [{ setWeight: 20 }, { analysis: JUDGED }, { setWeight: 60 }] },
  BlueGreen: { ...SHARED, prePromotion: JUDGED, autoPromoteAfter: '3s' },
};

interface Case {
  kind: RolloutKind;
  route: FakeRouteKind;
}

function begin({ kind, route }: Case, excused: boolean): FakeOperator {
  const operator = new FakeOperator(new FakeCluster({ kind, route, spec: SPECS[kind], unserved: true }));
  operator.auditor.excused = excused;
  operator.step();
  return operator;
}

function mustRest(operator: FakeOperator): void {
  heal(operator);
  sayHowMany(operator);
  operator.runUntilIdle();
  const { phase, stage, message, stable, specReplicas = 0 } = operator.status;
  expect(['Healthy', 'RolledBack', 'Refused']).toContain(stage === 'Refused' ? stage : phase);
  const { canary: rollout, service, target, route } = operator.cluster;
  const total = stable ? (rollout.spec.replicas ?? specReplicas) : 0;
  expect({ message, endpoints: service?.endpoints }).toEqual({
    message,
    endpoints: total === 0 ? {} : { [stable?.revision ?? '']: total },
  });
  expect(target?.replicas).toBe(0);
  expect(route?.exists ?? false).toBe(false);
}

/** A Deployment that is made again with 0 replicas, and has never been adopted, says nothing. */
function sayHowMany(operator: FakeOperator): void {
  const isAsked = operator.status.conditions?.some(({ reason }) => reason === 'ScaledToZero');
  if (isAsked) operator.meanwhile((cluster) => cluster.scale(cluster.target, 5, 'kubectl')).runFor(700_000);
}

function mustGo(operator: FakeOperator): void {
  operator.meanwhile((cluster) => {
    if (cluster.target?.template.broken) cluster.setTemplate({ hash: 'fine' });
  });
  operator.crashIn = 3;
  deleteCanary(operator).runUntilIdle();
  if (!operator.isGone) ask(operator, 'promote-full').runUntilIdle();
  const { cluster } = operator;
  expect(operator.isGone).toBe(true);
  // where nobody served, nobody waited for its pods
  cluster.advanceTo(cluster.now + 10_000);
  const { target, service, now } = cluster;
  expect(service?.pin ?? { kind: 'none' }).toEqual({ kind: 'none' });
  if (target && service && target.replicas > 0) expect(target.available(now)).toBeGreaterThan(0);
}

const RUNS = { seed: 20_261_121, numRuns: 40 };

describe.each<Case>([
  { kind: 'Canary', route: true },
  { kind: 'Canary', route: false },
  { kind: 'BlueGreen', route: true },
  { kind: 'BlueGreen', route: false },
])('whatever happens to the first version of a $kind, route: $route', (each) => {
  holdsWhateverHappens({ begin: (excused) => begin(each, excused), mustRest, mustGo, runs: RUNS });
});
