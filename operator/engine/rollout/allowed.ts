// SPDX-License-Identifier: Apache-2.0
import type { RolloutStage, RolloutStatus, RolloutVerb } from '../../api/rollout-status.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { isContended } from './fights.ts';
import { isServing } from './pins.ts';
import { rollbackTargets } from './previous.ts';
import { findProblem } from './problems.ts';
import { refusalOf } from './refusal.ts';

/** The verbs that make sense now. While something is missing that a release needs, it can only be called off. */
export function allowedVerbs(context: PlanContext, draft: PlanDraft): RolloutVerb[] {
  if (context.rollout.metadata.deletionTimestamp !== undefined) return deletionVerbs(context, draft.status);
  if (context.spec.suspend) return [];
  const staged = VERBS[draft.status.stage ?? 'Adopting'](context, draft.status);
  const verbs = isFought(context, draft, staged) ? [...staged, 'retry' as const] : staged;
  return findProblem(context, draft) === undefined ? verbs : verbs.filter((verb) => verb === 'abort');
}

/** Any verb takes up again what was left to others; `retry` does that and nothing else. */
function isFought({ now }: PlanContext, { status }: PlanDraft, verbs: readonly RolloutVerb[]): boolean {
  return status.stable !== undefined && isContended(status, now) && !verbs.includes('retry');
}

const VERBS: Readonly<Record<RolloutStage, (context: PlanContext, status: RolloutStatus) => RolloutVerb[]>> =
  {
    Adopting: () => [],
    Judging: judgingVerbs,
    Refused: () => ['retry', 'promote-full'],
    Idle: rollbackVerbs,
    Waiting: (context, status) => ['admit', ...rollbackVerbs(context, status)],
    Stepping: steppingVerbs,
    Promoting: (context, status) => (isFlipped(context, status) ? [] : promotingVerbs(context, status)),
    Baking: (context, status) => [
      'promote',
      ...unpausingVerbs(status),
      'abort',
      ...rollbackVerbs(context, status),
    ],
    Returning: (context, status) =>
      isFlipped(context, status) || status.returning?.by === 'Bake' ? [] : ['abort'],
    RollingBack: () => [],
    RolledBack: (context, status) => ['retry', ...rollbackVerbs(context, status)],
  };

/** What a deletion can be asked for until the target's own pods serve. */
function deletionVerbs(context: PlanContext, status: RolloutStatus): RolloutVerb[] {
  const refusal = refusalOf(context, status);
  if (refusal) return [refusal.verb];
  // without a stable revision there is nothing to go back to first
  if (!status.stable) return [];
  const isGivenBack = context.world.service?.pin.kind === 'replica-set';
  const verbs = isGivenBack || status.skipChecks ? [] : VERBS[status.stage ?? 'Adopting'](context, status);
  return verbs.filter((verb) => verb === 'abort');
}

function rollbackVerbs(context: PlanContext, status: RolloutStatus): RolloutVerb[] {
  return rollbackTargets(context, status).length > 0 ? ['rollback'] : [];
}

/** The Service names what all traffic goes to: from here on there is only an end to it. */
function isFlipped({ world }: PlanContext, { canary }: RolloutStatus): boolean {
  return isServing(world.service?.pin, canary?.revision);
}

/** A pause that a step did not make: a person's, or that of missing metrics or of a failure. */
function isHeldByOthers({ pause }: RolloutStatus): boolean {
  return pause !== undefined && pause.by !== 'Step';
}

/** What ends such a pause without going on to something else. */
function unpausingVerbs(status: RolloutStatus): RolloutVerb[] {
  if (!isHeldByOthers(status)) return [];
  return status.pause?.by === 'Failure' ? ['retry'] : ['resume'];
}

function promotingVerbs({ spec }: PlanContext, status: RolloutStatus): RolloutVerb[] {
  const isJudged = spec.analysis !== undefined && !status.skipChecks;
  return [...(isJudged ? (['promote-full'] as const) : []), ...unpausingVerbs(status), 'abort'];
}

function steppingVerbs({ steps }: PlanContext, status: RolloutStatus): RolloutVerb[] {
  const current = steps[status.step?.index ?? -1];
  const heldByOthers = isHeldByOthers(status);
  return [
    ...(current?.pause || heldByOthers ? (['promote'] as const) : []),
    'promote-full',
    ...(current ? (['skip-step'] as const) : []),
    ...(heldByOthers ? unpausingVerbs(status) : (['pause'] as const)),
    'abort',
  ];
}

/** As of a release; once the Service finds it there is only an end to it. */
function judgingVerbs(context: PlanContext, status: RolloutStatus): RolloutVerb[] {
  if (isFlipped(context, status)) return [];
  return steppingVerbs({ ...context, steps: context.spec.firstSteps }, status);
}
