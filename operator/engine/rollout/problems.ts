// SPDX-License-Identifier: Apache-2.0
import type { RolloutStage, RolloutStatus } from '../../api/rollout-status.ts';
import { Reasons } from '../../api/reasons.ts';
import { conflictMessage, findRival, overlapMessage } from './conflicts.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { missingConfig, type TrackedConfig } from './config.ts';
import { isServing } from './pins.ts';
import { revisionOf } from './revisions.ts';
import { stableName, whereabouts } from './sentences.ts';
import type { RevisionFacts, TargetFacts } from './types.ts';
import { blocked, type View } from './views.ts';

/**
 * What must be mended by a person before anything can move. All at once, in one sentence each. A rollback needs
 * neither the target nor a sound route to be asked for, only a Service to put the traffic back to.
 */
export function findProblem(context: PlanContext, draft: PlanDraft): View | undefined {
  const rival = findRival(context);
  const found = rival
    ? [{ reason: Reasons.Conflict, message: conflictMessage(rival) }]
    : missing(context, draft);
  const problems = found.filter((problem) => problem !== undefined);
  const [first] = problems;
  if (!first) return undefined;
  const messages = problems.map(({ message }) => message).join('; ');
  const underway = draft.status.stage === 'Stepping' || draft.status.stage === 'Promoting';
  const view = blocked(
    first.reason,
    underway ? `${whereabouts(context.spec, draft.status)}; held: ${messages}` : messages,
  );
  return isBegun(context, draft) ? view : { ...view, phase: 'Pending' };
}

/** The target was adopted, or is about to be. */
function isBegun({ world }: PlanContext, { status }: PlanDraft): boolean {
  return status.stable !== undefined || world.revisions.length > 0;
}

function missing(context: PlanContext, draft: PlanDraft) {
  return [
    serviceProblem(context),
    ...(isBack(draft) || isHandedOver(context, draft) ? [] : [targetProblem(context, draft)]),
    ...(draft.status.stage === 'RollingBack' ? [] : routeProblems(context)),
    ...(draft.status.stable ? [] : [overlapProblem(context)]),
  ];
}

/** Traffic on its way back to a revision that is there: the target has no part in it. */
function isBack({ status: { stage } }: PlanDraft): boolean {
  return stage === 'RollingBack' || stage === 'Returning';
}

/** The Service names the new revision: what is left of its promotion is only finished. */
function isHandedOver({ world }: PlanContext, { status }: PlanDraft): boolean {
  return status.stage === 'Promoting' && isServing(world.service?.pin, status.canary?.revision);
}

/** What has to be mended is not among what the traffic goes by, so that the care for it can go on meanwhile. */
export function isTrafficSound(context: PlanContext): boolean {
  return !findRival(context) && !serviceProblem(context) && routeProblems(context).length === 0;
}

/** Asked before the Service names a revision; from then on pods of others get nothing from it anyway. */
function overlapProblem(context: PlanContext) {
  const message = overlapMessage(context, context.world.overlaps);
  return message === undefined ? undefined : { reason: Reasons.SelectorOverlap, message };
}

/** Nothing moves, so that a sentence can say where the traffic is. */
const AT_REST: readonly (RolloutStage | undefined)[] = ['Idle', 'Waiting', 'RolledBack'];

function targetProblem({ spec, world, rollout }: PlanContext, { status }: PlanDraft) {
  if (world.target?.problem) return { reason: Reasons.TargetNotSupported, message: world.target.problem };
  if (world.target) return configProblem(world.target, world.revisions, status);
  const isAtRest = AT_REST.includes(status.stage) && status.stable && world.service;
  const traffic = isAtRest ? `; all traffic stays on ${stableName(status)}` : '';
  const message = `Deployment ${spec.targetRef.name} is not in namespace ${rollout.metadata.namespace}${traffic}; it is taken up as soon as it is`;
  return { reason: Reasons.TargetNotFound, message };
}

/** A new revision is not made without what its pods cannot start without, and gets no pod before it has a copy of it. */
function configProblem(target: TargetFacts, revisions: readonly RevisionFacts[], status: RolloutStatus) {
  const made = revisionOf(target, revisions);
  if (made && !isToStart(made, status)) return undefined;
  const unknown = made?.config?.find(({ problem }) => problem !== undefined);
  const missing = missingConfig(target.config);
  const message = unknown?.problem ?? (missing && isLacked(missing, made) ? missingText(missing) : undefined);
  return message === undefined ? undefined : { reason: Reasons.ConfigNotFound, message };
}

const STARTING: readonly (RolloutStage | undefined)[] = [
  undefined,
  'Adopting',
  'Judging',
  'Stepping',
  'Promoting',
];

function isToStart({ revision, replicas }: RevisionFacts, { stage, stable }: RolloutStatus): boolean {
  return replicas === 0 && revision !== stable?.revision && STARTING.includes(stage);
}

/** Whether a revision that was made is still without it; one that is yet to be made is without everything. */
function isLacked({ kind, name }: TrackedConfig, made: RevisionFacts | undefined): boolean {
  const copy = made?.config?.find((each) => each.kind === kind && each.name === name);
  return !made || copy?.state === 'missing';
}

function missingText({ kind, name, problem }: TrackedConfig): string {
  return problem ?? `the template names ${kind} ${name}, which is not there; it is taken up as soon as it is`;
}

function serviceProblem({ spec, world, rollout }: PlanContext) {
  if (world.service?.problem) return { reason: Reasons.ServiceNotSupported, message: world.service.problem };
  if (world.canaryService && !world.canaryService.ours) {
    return {
      reason: Reasons.NameTaken,
      message: `Service ${spec.canaryService} exists and is not of this ${rollout.kind}; rename or delete it`,
    };
  }
  if (world.service) return undefined;
  const message = `Service ${spec.service.name} is not in namespace ${rollout.metadata.namespace}; it is taken up as soon as it is`;
  return { reason: Reasons.ServiceNotFound, message };
}

function routeProblems({ world }: PlanContext) {
  return world.route?.problems ?? [];
}
