// SPDX-License-Identifier: Apache-2.0
// Releases at the moments that the states of the status contract are about, of either kind.
import { replaceConditions } from '../../operator/engine/conditions/conditions.ts';
import { FakeCluster, type FakeClusterOptions, V2 } from '../../operator/engine/rollout/fake-cluster.ts';
import { FakeOperator } from '../../operator/engine/rollout/fake-operator.ts';
import type { RolloutKind } from '../../operator/engine/rollout/rollout.ts';
import { adopted, changeSpec, CHECK, releasing } from '../../operator/engine/rollout/test-releases.ts';
import { conditionsOf, type View } from '../../operator/engine/rollout/views.ts';
import { toIso } from '../../operator/engine/time.ts';

type Spec = Record<string, unknown>;

const JUDGED = {
  Canary: { analysis: { checks: [CHECK] } },
  BlueGreen: { prePromotion: { checks: [CHECK] } },
};
const PAUSING = { Canary: { steps: [{ setWeight: 20 }, { pause: {} }] }, BlueGreen: { autoPromote: false } };
const FIRST = {
  Canary: { steps: [{ setWeight: 20 }, { analysis: { checks: [{ ...CHECK, count: 2 }] } }] },
  BlueGreen: { prePromotion: { checks: [{ ...CHECK, count: 2 }] } },
};

/** A Canary has a route, a BlueGreen has none. */
function options(kind: RolloutKind, spec: Spec = {}): FakeClusterOptions {
  return { kind, spec, route: kind === 'Canary' };
}

/** All traffic on 1.0. */
export function atRest(kind: RolloutKind, spec: Spec = {}): FakeOperator {
  return adopted(options(kind, spec));
}

/** 2.0 is on its way; of a Canary at 20 %. */
export function onItsWay(kind: RolloutKind, spec: Spec = {}): FakeOperator {
  const operator = releasing(options(kind, spec));
  return kind === 'BlueGreen' ? operator : operator.runUntil(({ weight }) => weight?.observed === 20);
}

/** 2.0 is there, and nothing is done about it yet. */
export function withNewTemplate(operator: FakeOperator): FakeOperator {
  return operator.meanwhile((cluster) => cluster.setTemplate(V2)).runFor(60_000);
}

export function scaledToZero(kind: RolloutKind): FakeOperator {
  return changeSpec(atRest(kind), { replicas: 0 }).runUntilIdle();
}

/** A release whose check answers so, for as long as it takes. */
export function judged(kind: RolloutKind, answer: number | 'timeout', spec: Spec = {}): FakeOperator {
  const operator = onItsWay(kind, { ...JUDGED[kind], ...spec });
  operator.metrics = () => answer;
  return operator;
}

export function atPause(kind: RolloutKind): FakeOperator {
  return onItsWay(kind, PAUSING[kind]).runUntil(({ pause }) => pause?.by === 'Step');
}

export function inBake(kind: RolloutKind, spec: Spec = {}): FakeOperator {
  const operator = onItsWay(kind, { bake: { duration: '10m' }, ...spec });
  return operator.runUntil(({ stage }) => stage === 'Baking');
}

/** A check has failed where clients have met 2.0: a Canary at its weight, a BlueGreen in its bake. */
export function goingBack(kind: RolloutKind): FakeOperator {
  const operator =
    kind === 'Canary' ? judged(kind, 50) : inBake(kind, { postPromotion: { checks: [CHECK] } });
  operator.metrics = () => 50;
  return operator.runUntil(({ phase }) => phase === 'RollingBack');
}

export function rolledBack(kind: RolloutKind): FakeOperator {
  return judged(kind, 50).runUntilIdle();
}

/** Before the first look at a cluster that somebody has changed. */
export function unadopted(kind: RolloutKind, change: (cluster: FakeCluster) => void): FakeOperator {
  const cluster = new FakeCluster(options(kind));
  change(cluster);
  return new FakeOperator(cluster).runFor(1000);
}

export function firstRefused(kind: RolloutKind): FakeOperator {
  const spec = { firstDeploy: 'Judge', ...FIRST[kind] };
  const operator = new FakeOperator(new FakeCluster({ kind, spec, route: false, unserved: true }));
  operator.metrics = () => 50;
  return operator.runUntil(({ stage }) => stage === 'Refused');
}

export function noReadyPod(kind: RolloutKind): FakeOperator {
  const operator = atRest(kind);
  operator.auditor.excused = true;
  operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-aaa'), true));
  return operator.runFor(1000);
}

/** As a plan that ended with this view would have left it. */
export function showing(operator: FakeOperator, view: View): FakeOperator {
  const { cluster, status } = operator;
  const stamp = { generation: cluster.canary.metadata.generation, now: toIso(cluster.now) };
  const conditions = replaceConditions([], conditionsOf(view), stamp);
  cluster.canary.status = { ...status, phase: view.phase, message: view.message, conditions };
  return operator;
}
