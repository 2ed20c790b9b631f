// SPDX-License-Identifier: Apache-2.0
// Every state of the status contract, with how the engine gets there.
import { Reasons } from '../../operator/api/reasons.ts';
import { FakeOperator } from '../../operator/engine/rollout/fake-operator.ts';
import type { RolloutKind } from '../../operator/engine/rollout/rollout.ts';
import { ask, changeSpec, deleteCanary } from '../../operator/engine/rollout/test-releases.ts';
import { holding } from '../../operator/engine/rollout/views.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import {
  atPause,
  atRest,
  firstRefused,
  goingBack,
  inBake,
  judged,
  noReadyPod,
  onItsWay,
  rolledBack,
  scaledToZero,
  showing,
  unadopted,
  withNewTemplate,
} from './moments.ts';
import { afterForbidden, afterInvalidSpec, afterRouterOff, objectOf, unseen } from './objects.ts';

export interface State {
  /** The row of the table in docs/spec/canary.md. */
  readonly row: string;
  /** Names the file of its example: what Argo CD shows, and in which state. */
  readonly name: string;
  readonly reach: (kind: RolloutKind) => FakeOperator | KubeObject | Promise<KubeObject>;
}

/** The object in a state. */
export async function objectIn({ reach }: State, kind: RolloutKind): Promise<KubeObject> {
  const reached = await reach(kind);
  return reached instanceof FakeOperator ? objectOf(reached.cluster) : reached;
}

const NO_DATA = 'metrics missing, or both sides out of the limit';
const REFUSED = 'the API server refused something';
const BOTH_DEGRADED =
  'step 1/4, 20% on 2.0; success-rate: both arms degraded (canary 30%, stable 30%) since 14:01:10';

export const STATES: readonly State[] = [
  { row: 'no operator has looked at it yet', name: 'progressing_new', reach: unseen },
  {
    row: 'something has to be mended before the Deployment can be adopted',
    name: 'degraded_notAdopted',
    reach: (kind) => unadopted(kind, (cluster) => void (cluster.service = undefined)),
  },
  {
    row: 'a paused Deployment is not adopted',
    name: 'suspended_pausedDeployment',
    reach: (kind) => unadopted(kind, ({ target }) => void (target && (target.paused = true))),
  },
  { row: 'adoption, release, promotion', name: 'progressing_step', reach: onItsWay },
  {
    row: 'waits for admission',
    name: 'suspended_waitsForAdmission',
    reach: (kind) => withNewTemplate(atRest(kind, { releasePolicy: 'Managed' })),
  },
  { row: 'in a bake', name: 'progressing_bake', reach: inBake },
  { row: 'at a pause until somebody promotes', name: 'suspended_waitsForApproval', reach: atPause },
  {
    row: 'paused on request',
    name: 'suspended_pausedOnRequest',
    reach: (kind) => ask(onItsWay(kind), 'pause').runFor(10_000),
  },
  {
    row: 'failed, `onFailure: Pause`',
    name: 'suspended_failed',
    reach: (kind) =>
      judged(kind, 50, { onFailure: 'Pause' }).runUntil(({ pause }) => pause?.by === 'Failure'),
  },
  {
    row: NO_DATA,
    name: 'suspended_metricsMissing',
    reach: (kind) => judged(kind, 'timeout').runFor(60_000),
  },
  {
    row: NO_DATA,
    name: 'suspended_bothDegraded',
    reach: (kind) => showing(onItsWay(kind), holding(Reasons.BothDegraded, BOTH_DEGRADED)),
  },
  {
    row: 'metrics missing for `noDataDeadline`, `onNoData: Pause`',
    name: 'suspended_metricsMissingForLong',
    reach: (kind) =>
      judged(kind, 'timeout', { noDataDeadline: '30s' }).runUntil(({ pause }) => pause?.by === 'NoData'),
  },
  {
    row: 'something has to be mended',
    name: 'degraded_noDeployment',
    reach: (kind) =>
      onItsWay(kind)
        .meanwhile((cluster) => void (cluster.target = undefined))
        .runFor(1000),
  },
  { row: 'a first version was refused', name: 'degraded_firstVersionRefused', reach: firstRefused },
  {
    row: 'a release, or an adoption, at 0 replicas',
    name: 'suspended_scaledToZero',
    reach: (kind) => withNewTemplate(scaledToZero(kind)),
  },
  { row: 'at rest, and no pod of stable is ready', name: 'progressing_noReadyPod', reach: noReadyPod },
  {
    row: 'all traffic on stable, nothing else asked for',
    name: 'healthy_promoted',
    reach: (kind) => onItsWay(kind).runUntilIdle(),
  },
  { row: 'traffic on its way back', name: 'progressing_rollingBack', reach: goingBack },
  { row: 'rolled back', name: 'degraded_rolledBack', reach: rolledBack },
  {
    row: 'the spec is invalid',
    name: 'degraded_invalidSpec',
    reach: (kind) => afterInvalidSpec(objectOf(atRest(kind).cluster)),
  },
  {
    row: 'the operator does not serve its way to split traffic',
    name: 'degraded_routerOff',
    reach: (kind) => afterRouterOff(objectOf(atRest(kind).cluster)),
  },
  {
    row: 'suspended, with all traffic on stable',
    name: 'suspended_atRest',
    reach: (kind) => changeSpec(atRest(kind), { suspend: true }).runUntilIdle(),
  },
  {
    row: 'suspended in any other state',
    name: 'suspended_onItsWay',
    reach: (kind) => changeSpec(onItsWay(kind), { suspend: true }).runFor(1000),
  },
  {
    row: 'being deleted',
    name: 'progressing_deleted',
    reach: (kind) => deleteCanary(atPause(kind)).runFor(1000),
  },
  {
    row: 'being deleted, and the template was refused',
    name: 'progressing_deletionHeld',
    reach: (kind) => deleteCanary(rolledBack(kind)).runUntilIdle(),
  },
  {
    row: 'a new spec that no operator has looked at yet',
    name: 'progressing_newSpec',
    reach: (kind) => changeSpec(atRest(kind), { progressDeadline: '5m' }),
  },
  {
    row: 'a new spec that no operator has looked at yet',
    name: 'progressing_newSpecRefused',
    reach: (kind) => afterForbidden(objectOf(changeSpec(atRest(kind), { progressDeadline: '5m' }).cluster)),
  },
  {
    row: REFUSED,
    name: 'progressing_refused',
    reach: (kind) => afterForbidden(objectOf(onItsWay(kind).cluster)),
  },
  {
    row: REFUSED,
    name: 'suspended_refused',
    reach: (kind) => afterForbidden(objectOf(atPause(kind).cluster)),
  },
  {
    row: REFUSED,
    name: 'degraded_refused',
    reach: (kind) => afterForbidden(objectOf(rolledBack(kind).cluster)),
  },
];
