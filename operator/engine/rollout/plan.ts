// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from './rollout.ts';
import { type EventReason, EventReasons, Reasons } from '../../api/reasons.ts';
import type { RolloutStage, RolloutStatus, RolloutVerb } from '../../api/rollout-status.ts';
import type { RevisionStatus } from '../../api/release-status.ts';
import { announceScaleUp } from './announce.ts';
import { hasGrown, scaleFacts } from './count.ts';
import { nextLookMs } from './config.ts';
import { newContext, newDraft, type PlanContext, type PlanDraft } from './draft.ts';
import { trackDrain } from './drain.ts';
import { forgetFights, isContended } from './fights.ts';
import { forgetParked, keepHouse } from './housekeeping.ts';
import { keepTraffic } from './keep.ts';
import { keptBack } from './paused-target.ts';
import { findProblem, isTrafficSound } from './problems.ts';
import { ensureRevision } from './release.ts';
import { countScalings } from './scalings.ts';
import { allowedVerbs } from './allowed.ts';
import { takeRequest } from './requests.ts';
import { nextSentence } from './sentences.ts';
import { findRevision, wantedRevision, withInUseFirst } from './revisions.ts';
import type { StageResult } from './stage.ts';
import { planBegin } from './stage-beginning.ts';
import { planPromoting } from './stage-promoting.ts';
import { planBaking } from './stage-baking.ts';
import { planReturning } from './stage-returning.ts';
import { planIdle, planRolledBack, planRollingBack } from './stage-resting.ts';
import { planStepping } from './stage-stepping.ts';
import { planWaiting } from './stage-waiting.ts';
import { stopWaiting, trackTraffic } from './tracking.ts';
import type { RolloutPlan, RolloutWorld, TargetFacts } from './types.ts';
import { obey } from './verbs.ts';
import { blocked, conditionsOf, progressing, type View } from './views.ts';

/** Stages that may follow each other within one plan; more would be a circle. */
const MAX_HOPS = 120;

/**
 * The next move of a canary: from its object, what the cluster shows and the time, to the writes to make, the status
 * to keep and the moment to look again. Pure, and level-based: after a crash between any two writes the same function
 * goes on from what the cluster then shows. `now` in milliseconds since 1970.
 */
export function plan(rollout: Rollout, world: RolloutWorld, now: number): RolloutPlan {
  const draft = newDraft(rollout, now);
  const context = newContext(rollout, withInUseFirst(world, draft.status), now);
  if (rollout.spec.suspend) return suspended(context, draft);
  trackTraffic(context, draft);
  trackDrain(context, draft);
  forgetParked(context, draft);
  if (hasGrown(context)) stopWaiting(draft);
  lookAgain(context, draft);
  const asked = takeRequest(context, draft);
  // while a field is left to others, retry takes it up again and does nothing else
  const verb = asked === 'retry' && isContended(draft.status, now) ? undefined : asked;
  if (asked) forgetFights(draft);
  const seen = { ...draft.status };
  const view = runStages(context, draft, verb);
  const shown = findProblem(context, draft) ? view : keepOrder(context, draft, view);
  return announceScaleUp(context, storedFirst(rollout.status, seen, compose(context, draft, shown)));
}

/** What is at rest is not, while somebody keeps undoing it. Where pods are the split, who keeps them holds the release. */
function keepOrder(context: PlanContext, draft: PlanDraft, view: View): View {
  const undone = keepHouse(context, draft);
  const scaled = countScalings(context, draft);
  const isSplit = scaled !== undefined && view.phase === 'Progressing' && !context.world.route;
  if (isSplit) stopWaiting(draft);
  const contended = scaled ?? undone;
  return contended && (view.ready === 'True' || isSplit) ? blocked(Reasons.Contended, contended) : view;
}

function lookAgain({ world }: PlanContext, draft: PlanDraft): void {
  const lookMs = nextLookMs(world.target?.config);
  if (lookMs !== undefined) draft.wakeIn(lookMs);
}

/** Stages in which traffic moves, or may have to at once. */
const UNDERWAY: readonly RolloutStage[] = [
  'Judging',
  'Refused',
  'Stepping',
  'Promoting',
  'Baking',
  'Returning',
];

/** Events about what is written; what is put off is told when it is done. */
const OF_WRITES: readonly EventReason[] = [EventReasons.TrafficOverwritten, EventReasons.Contended];

/**
 * A decision about a release on its way, and one to go back, is stored before anything is done about it. After a crash
 * between the two the old status would undo what was done for the new one: give a rolled back canary its weight again,
 * for example.
 */
function storedFirst(
  before: RolloutStatus | undefined,
  seen: RolloutStatus,
  planned: RolloutPlan,
): RolloutPlan {
  const isUnderway =
    UNDERWAY.some((stage) => stage === before?.stage) || planned.status.stage === 'Returning';
  if (
    before === undefined ||
    !isUnderway ||
    planned.actions.length === 0 ||
    isSameDecision(before, planned.status)
  )
    return planned;
  const { weight, pinned } = seen;
  // what is put off was not fought; a rollback begins without fights
  const fights = planned.status.stage === 'RollingBack' ? undefined : seen.fights;
  return {
    ...planned,
    actions: [],
    events: planned.events.filter(({ reason }) => !OF_WRITES.includes(reason)),
    status: { ...planned.status, weight, pinned, fights },
    afterMs: 0,
  };
}

function isSameDecision(one: RolloutStatus, other: RolloutStatus): boolean {
  return (
    one.stage === other.stage &&
    one.canary?.revision === other.canary?.revision &&
    one.step?.index === other.step?.index &&
    one.step?.hash === other.step?.hash
  );
}

function runStages(context: PlanContext, draft: PlanDraft, verb: RolloutVerb | undefined): View {
  const isBack = verb === 'abort' || verb === 'rollback';
  if (isBack) obey(context, draft, verb);
  let asked = isBack ? undefined : verb;
  for (let hop = 0; hop < MAX_HOPS; hop++) {
    const stops = findProblem(context, draft) ?? remakeStable(context, draft);
    if (stops) {
      stopWaiting(draft);
      return isTrafficSound(context) ? keepTraffic(context, draft, stops) : stops;
    }
    const result = runStage(context, draft, asked);
    if (result.kind === 'shows') return result.view;
    asked = undefined;
  }
  throw new Error(
    `the plan of ${context.rollout.metadata.name} runs in a circle at stage ${draft.status.stage}`,
  );
}

/** What somebody deleted of stable, its Deployment or its config, comes back while the target still has its template. */
function remakeStable(context: PlanContext, draft: PlanDraft): View | undefined {
  const { spec, world, total } = context;
  const revision = draft.status.stable?.revision;
  if (revision === undefined || !world.target) return undefined;
  if (wantedRevision(world.target, world.revisions) !== revision) return undefined;
  const taken = ensureRevision(context, draft, { revision, replicas: total });
  if (taken) return blocked(Reasons.NameTaken, taken);
  return findRevision(world, revision)
    ? undefined
    : progressing(`the Deployment of ${spec.oldSide} revision ${revision} was deleted; making it again`);
}

interface Moment {
  readonly stable: RevisionStatus;
  readonly verb: RolloutVerb | undefined;
}

/** Stages that need no target: what has begun is finished without it. */
const MOVING: Partial<
  Record<RolloutStage, (context: PlanContext, draft: PlanDraft, at: Moment) => StageResult>
> = {
  Promoting: (context, draft, { verb }) => planPromoting(context, draft, verb),
  Returning: planReturning,
  RollingBack: (context, draft, { stable }) => planRollingBack(context, draft, stable),
};

const LOOKING: Partial<
  Record<
    RolloutStage,
    (context: PlanContext, draft: PlanDraft, at: Moment & { target: TargetFacts }) => StageResult
  >
> = {
  Waiting: planWaiting,
  Stepping: (context, draft, { verb }) => planStepping(context, draft, verb),
  Baking: planBaking,
  RolledBack: planRolledBack,
};

/** Nothing is on its way, so that a new template would be taken up. */
const RESTING: readonly RolloutStage[] = ['Idle', 'Waiting', 'RolledBack'];

function runStage(context: PlanContext, draft: PlanDraft, verb: RolloutVerb | undefined): StageResult {
  const { stable, stage = 'Idle' } = draft.status;
  const { target } = context.world;
  const moving = stable && MOVING[stage];
  if (moving) return moving(context, draft, { stable, verb });
  if (!target) throw new Error('a plan without a target must have been stopped by its problem');
  if (!stable) return planBegin(context, draft, { target, verb });
  const back = RESTING.includes(stage) ? keptBack(context, draft, { stable, target }) : undefined;
  if (back) return back;
  const looking = LOOKING[stage];
  if (looking) return looking(context, draft, { stable, verb, target });
  draft.status.stage = 'Idle';
  return planIdle(context, draft, { stable, target });
}

function compose(context: PlanContext, draft: PlanDraft, view: View): RolloutPlan {
  const { rollout } = context;
  return {
    actions: draft.actions,
    events: draft.events,
    queries: draft.queries,
    bounds: draft.bounds,
    conditions: conditionsOf(view),
    status: {
      ...draft.status,
      observedGeneration: rollout.metadata.generation,
      phase: view.phase,
      message: view.message,
      next: nextSentence(context.spec, draft.status),
      ...scaleFacts(context, draft.status),
      allowedActions: allowedVerbs(context, draft),
    },
    ...(draft.afterMs === undefined ? {} : { afterMs: draft.afterMs }),
  };
}

/** Nothing moves and nothing is judged, and no deadline runs; Ready keeps what it said last. */
function suspended(context: PlanContext, draft: PlanDraft): RolloutPlan {
  takeRequest(context, draft);
  stopWaiting(draft);
  const ready = context.rollout.status?.conditions?.find(
    ({ type, reason }) => type === 'Ready' && reason !== Reasons.Pending,
  );
  const message = 'suspended: nothing is changed until spec.suspend is false';
  const known = Object.values(Reasons).find((reason) => reason === ready?.reason) ?? Reasons.Suspended;
  const plan = compose(context, draft, {
    phase: 'Suspended',
    ready: ready?.status ?? 'Unknown',
    reason: known,
    message: ready?.message ?? message,
  });
  return {
    ...plan,
    status: { ...plan.status, message },
    conditions: [
      ...plan.conditions,
      { type: 'Suspended', status: 'True', reason: Reasons.Suspended, message },
    ],
  };
}
