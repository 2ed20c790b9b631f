// SPDX-License-Identifier: Apache-2.0
import { describe, expect } from '@jest/globals';
import type { FakeOperator } from './fake-operator.ts';
import type { RolloutKind } from './rollout.ts';
import type { FakeRouteKind } from './fake-route.ts';
import { heal } from './test-acts.ts';
import { adopted, ask, deleteCanary, QUICK_CHECK } from './test-releases.ts';
import { holdsWhateverHappens } from './test-whatever-happens.ts';

const SHARED = {
  noDataDeadline: '30s',
  onNoData: 'Rollback',
  bake: { duration: '20s' },
  rollbackWindow: { revisions: 2 },
};

const CANARY = {
  ...SHARED,
  steps: [
    { setWeight: 20 },
    { pause: { duration: '5s' } },
    { analysis: { checks: [{ ...QUICK_CHECK, count: 2 }] } },
    { replicas: 4 },
    { setWeight: 60 },
    { pause: { duration: '3s' } },
  ],
  analysis: { checks: [QUICK_CHECK] },
};

const BLUE_GREEN = {
  ...SHARED,
  previewReplicas: 2,
  prePromotion: { checks: [{ ...QUICK_CHECK, count: 2 }] },
  autoPromoteAfter: '3s',
  postPromotion: { checks: [QUICK_CHECK] },
};

const SPECS = { Canary: CANARY, BlueGreen: BLUE_GREEN };

interface Case {
  kind: RolloutKind;
  route: FakeRouteKind;
}

function begin({ kind, route }: Case, excused: boolean): FakeOperator {
  const operator = adopted({ kind, route, spec: SPECS[kind] });
  operator.auditor.excused = excused;
  return operator;
}

function mustRest(operator: FakeOperator): void {
  heal(operator);
  operator.runUntilIdle();
  const { phase, message, stable, specReplicas = 0 } = operator.status;
  expect(['Healthy', 'RolledBack']).toContain(phase);
  const total = operator.cluster.canary.spec.replicas ?? specReplicas;
  expect({ message, endpoints: operator.cluster.service?.endpoints }).toEqual({
    message,
    endpoints: total === 0 ? {} : { [stable?.revision ?? '']: total },
  });
  expect(operator.cluster.target?.replicas).toBe(0);
  expect(operator.cluster.route?.exists ?? false).toBe(false);
}

function mustGo(operator: FakeOperator): void {
  operator.meanwhile((cluster) => {
    if (cluster.target?.template.broken) cluster.setTemplate({ hash: 'fine' });
  });
  operator.crashIn = 3;
  deleteCanary(operator).runUntilIdle();
  if (!operator.isGone) overrule(operator);
  const { target, service, now } = operator.cluster;
  expect(operator.isGone).toBe(true);
  expect(service?.pin ?? { kind: 'none' }).toEqual({ kind: 'none' });
  if (target && service && target.replicas > 0) expect(target.available(now)).toBeGreaterThan(0);
}

/** What was rolled back gets no traffic by a deletion alone. */
function overrule(operator: FakeOperator): void {
  const { message, stable } = operator.status;
  expect(message).toMatch(/^deletion held: /);
  expect(operator.cluster.service?.pin).toMatchObject({ kind: 'revision', revision: stable?.revision });
  ask(operator, 'promote-full').runUntilIdle();
}

const RUNS = { seed: 20_261_121, numRuns: 80 };

describe.each<Case>([
  { kind: 'Canary', route: true },
  { kind: 'Canary', route: 'user' },
  { kind: 'Canary', route: 'own' },
  { kind: 'Canary', route: 'alb' },
  { kind: 'Canary', route: false },
  { kind: 'BlueGreen', route: true },
  { kind: 'BlueGreen', route: 'user' },
  { kind: 'BlueGreen', route: false },
])('whatever happens to a $kind, route: $route', (each) => {
  holdsWhateverHappens({ begin: (excused) => begin(each, excused), mustRest, mustGo, runs: RUNS });
});
