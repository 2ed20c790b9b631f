// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus, RolloutVerb } from '../../api/rollout-status.ts';
import { EventReasons, Reasons } from '../../api/reasons.ts';
import type { RevisionStatus } from '../../api/release-status.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { giveUp } from './failing.ts';
import { keepHouse } from './housekeeping.ts';
import { findProblem } from './problems.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { findRevision, wantedRevision } from './revisions.ts';
import { canaryName, stableName } from './sentences.ts';
import type { StageResult } from './stage.ts';
import { keepAtRest, planRollingBack } from './stage-resting.ts';
import { planReturning } from './stage-returning.ts';
import { obey } from './verbs.ts';
import { blocked, type View } from './views.ts';

/**
 * A deletion gives all traffic to what the target's template asks for. Where something is known against that, all of
 * it goes to stable first and stays there, until the template is another one or a person says otherwise, or there is no
 * stable any more. Undefined: nothing stands in the way.
 */
export function holdDeletion(context: PlanContext, draft: PlanDraft): View | undefined {
  giveUpFailed(context, draft);
  if (isNowhereToHold(context, draft)) {
    letGo(context, draft);
    return undefined;
  }
  const back = finishWayBack(context, draft);
  if (back) return { ...back, message: `deletion held: ${back.message}` };
  const { stable } = draft.status;
  const refusal = refusalOf(context, draft.status);
  if (refusal === undefined || !stable) return undefined;
  const message = heldSentence(context, draft, refusal);
  announce(context, draft, message);
  const unwell = keepAtRest(context, draft, stable);
  keepHouse(context, draft);
  return blocked(Reasons.DeletionHeld, unwell ? `${message}; ${unwell.message}` : message);
}

/** What a person has asked for in a deletion: traffic back on stable, or all of it for what was refused. */
export function obeyInDeletion(context: PlanContext, draft: PlanDraft, verb: RolloutVerb | undefined): void {
  if (verb === 'abort') obey(context, draft, verb);
  if (verb !== 'promote-full' && verb !== 'admit') return;
  const what = `${canaryName(draft.status)} gets all traffic on request`;
  draft.emit(EventReasons.Approved, `${what}, with Deployment ${context.spec.targetRef.name}`);
  draft.status.skipChecks = true;
}

/** Something has failed, and a person was waited for, who has deleted the Canary instead of an answer. */
function giveUpFailed(context: PlanContext, draft: PlanDraft): void {
  const { pause } = draft.status;
  if (pause?.by !== 'Failure') return;
  const reason = Object.values(Reasons).find((known) => known === pause.reason) ?? Reasons.AnalysisFailed;
  giveUp(context, draft, { reason, message: pause.message ?? 'a check failed' });
}

/** What the traffic is on its way back to, or would stay on. */
function keeperOf({ stage, stable, canary }: RolloutStatus): RevisionStatus | undefined {
  return stage === 'Returning' ? canary : stable;
}

/** Its Deployment is gone and with it its template, so that nobody can bring its pods back. */
function isNowhereToHold({ world }: PlanContext, { status }: PlanDraft): boolean {
  const keeper = keeperOf(status);
  return keeper !== undefined && findRevision(world, keeper.revision) === undefined;
}

/** Whatever the target asks for loses fewer requests than a Service that waits for pods which cannot come. */
function letGo(context: PlanContext, draft: PlanDraft): void {
  const { spec } = context;
  const { status } = draft;
  if (status.skipChecks || (!status.failure && !refusalOf(context, status))) return;
  const keeper = status.stage === 'Returning' ? canaryName(status) : stableName(status);
  draft.emit(
    EventReasons.StableLost,
    `the Deployment of ${keeper} is gone, so that nothing is left to hold the traffic on; Deployment ${spec.targetRef.name} gets all of it${knownAgainst(context, status)}`,
    'Warning',
  );
  draft.status.skipChecks = true;
}

function knownAgainst({ world }: PlanContext, status: RolloutStatus): string {
  const { stage, stable, canary, failure } = status;
  const [bad, name] = stage === 'Returning' ? [stable, stableName(status)] : [canary, canaryName(status)];
  const isAsked = world.target && wantedRevision(world.target, world.revisions) === bad?.revision;
  return isAsked ? `; known against ${name}: ${failure?.message ?? 'nobody has admitted it'}` : '';
}

/** Stages that follow each other on a way back; more would be a circle. */
const MAX_HOPS = 10;

/** Traffic that is on its way back from what has failed arrives before anything else is done. */
function finishWayBack(context: PlanContext, draft: PlanDraft): View | undefined {
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const result = planWayBack(context, draft);
    if (!result) return undefined;
    if (result.kind === 'shows') return result.view;
  }
  throw new Error(`the way back of ${context.rollout.metadata.name} runs in a circle`);
}

function planWayBack(context: PlanContext, draft: PlanDraft): StageResult | undefined {
  const { stage, stable, failure } = draft.status;
  if (!stable || !failure || (stage !== 'RollingBack' && stage !== 'Returning')) return undefined;
  const problem = findProblem(context, draft);
  if (problem) return { kind: 'shows', view: problem };
  return stage === 'RollingBack'
    ? planRollingBack(context, draft, stable)
    : planReturning(context, draft, { stable, verb: undefined });
}

function heldSentence({ spec }: PlanContext, { status }: PlanDraft, { because, verb }: Refusal): string {
  const [name, stable] = [canaryName(status), stableName(status)];
  const target = `Deployment ${spec.targetRef.name}`;
  return `deletion held: ${target} asks for ${name}, which ${because}; all traffic stays on ${stable}; set the template back to ${stable}, or ask for ${verb} to give ${name} all traffic`;
}

function announce({ rollout }: PlanContext, draft: PlanDraft, message: string): void {
  const isKnown = rollout.status?.conditions?.some(({ reason }) => reason === Reasons.DeletionHeld);
  if (!isKnown) draft.emit(EventReasons.DeletionHeld, message, 'Warning');
}
