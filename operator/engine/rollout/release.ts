// SPDX-License-Identifier: Apache-2.0
import type { RevisionStatus } from '../../api/release-status.ts';
import { type EventReason, EventReasons, type Reason, Reasons } from '../../api/reasons.ts';
import { ABSENT, otherConfig } from './config.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { recordOutcome } from './history.ts';
import { findRevision, revisionDeployment, revisionOf } from './revisions.ts';
import { canaryName, stableName } from './sentences.ts';
import { stepsHash } from './steps.ts';
import { carriedWeight } from './tracking.ts';
import type { RevisionFacts } from './types.ts';

/** A new release begins: what was known of the last one goes, the steps start at the first. */
export function startRelease(context: PlanContext, draft: PlanDraft, revision: string): void {
  const {
    failure: _failure,
    pause: _pause,
    analysis: _analysis,
    skipChecks: _skipChecks,
    returning: _returning,
    ...kept
  } = draft.status;
  draft.status = { ...kept, stage: 'Stepping', canary: describeRevision(context, revision) };
  enterStep(context, draft, 0);
  draft.emit(
    EventReasons.NewRevisionDetected,
    `${canaryName(draft.status)} found beside ${stableName(draft.status)}${changedConfig(context, draft)}; ${context.steps.length} steps to go`,
  );
  for (const exception of context.world.route?.exceptions ?? []) {
    draft.emit(
      EventReasons.NewRevisionDetected,
      `not every request follows the weight: ${exception}`,
      'Warning',
    );
  }
}

/** Where only config has changed, the versions say nothing. */
function changedConfig({ world }: PlanContext, { status }: PlanDraft): string {
  const copies = findRevision(world, status.stable?.revision)?.config;
  const names = otherConfig(world.target?.config, copies).map(({ kind, name }) => `${kind} ${name}`);
  return names.length > 0 ? `, with another content of ${names.join(', ')}` : '';
}

/** A newer template replaces the one in flight, against the same stable revision. */
export function supersede(context: PlanContext, draft: PlanDraft): void {
  const message = `${canaryName(draft.status)} was replaced by a newer template`;
  recordOutcome(context, draft, { outcome: 'Superseded', reason: Reasons.Superseded, message });
  draft.emit(EventReasons.Superseded, message);
}

/** The template is that of stable again: traffic goes back, and nothing has failed. */
export function returnToStable(context: PlanContext, draft: PlanDraft): void {
  const message = `the template is ${stableName(draft.status)} again; ${canaryName(draft.status)} is given up`;
  recordOutcome(context, draft, { outcome: 'Returned', reason: Reasons.ReturnedToStable, message });
  draft.emit(EventReasons.Superseded, message);
  const { failure: _failure, pause: _pause, step: _step, returning: _returning, ...kept } = draft.status;
  draft.status = { ...kept, stage: 'RollingBack' };
}

const FAILURE_EVENTS: Partial<Record<Reason, EventReason>> = {
  [Reasons.Aborted]: EventReasons.Aborted,
  [Reasons.RollbackRequested]: EventReasons.Aborted,
  [Reasons.DeadlineExceeded]: EventReasons.DeadlineExceeded,
};

/** What a failure is announced by. */
export function failureEvent(reason: Reason): EventReason {
  return FAILURE_EVENTS[reason] ?? EventReasons.AnalysisFailed;
}

/**
 * The answer is no. Keeps metric, value, limit, step and weight: whoever comes later must see why. What was fought over
 * is fought for anew: giving a field up was right for a release on its way, not for one that is bad.
 */
export function startRollback(
  context: PlanContext,
  draft: PlanDraft,
  why: { reason: Reason; message: string },
): void {
  const { pause: _p, returning: _r, skipChecks: _s, fights: _f, ...kept } = draft.status;
  const weight = failedWeight(context, draft);
  const isPreviewOnly = context.spec.previewed && weight === 0;
  draft.status = {
    ...kept,
    stage: 'RollingBack',
    failure: {
      ...why,
      at: nowIso(context),
      weight,
      ...(draft.status.step ? { step: draft.status.step.index } : {}),
    },
  };
  draft.emit(
    failureEvent(why.reason),
    `${why.message}; ${isPreviewOnly ? 'taking the preview away' : `rolling back to ${stableName(draft.status)}`}`,
    'Warning',
  );
}

/** What the step wanted, or what there was while the step still waited for it. */
function failedWeight(context: PlanContext, draft: PlanDraft): number {
  const { step, weight, canary } = draft.status;
  return step?.waitingSince === undefined ? (weight?.desired ?? 0) : carriedWeight(context, canary?.revision);
}

export function enterStep(context: PlanContext, draft: PlanDraft, index: number): void {
  const count = context.steps.length;
  draft.status.step = {
    index,
    count,
    position: `${Math.min(index + 1, count)}/${count}`,
    hash: stepsHash(context.steps),
    startedAt: nowIso(context),
  };
}

/** A revision as status names it; its version is that of the target while its own Deployment is still to be made. */
export function describeRevision(context: PlanContext, revision: string): RevisionStatus {
  const version = findRevision(context.world, revision)?.version ?? context.world.target?.version;
  return { revision, ...(version ? { version } : {}), since: nowIso(context) };
}

/**
 * Makes the Deployment of a revision where it is missing. Returns a sentence when its name belongs to somebody else:
 * what is not ours is never adopted.
 */
export function ensureRevision(
  context: PlanContext,
  draft: PlanDraft,
  wanted: { revision: string; replicas: number },
): string | undefined {
  const { revision, replicas } = wanted;
  const known = findRevision(context.world, revision);
  if (known) return ensureConfig(context, draft, known);
  const deployment = revisionDeployment(context.spec.targetRef.name, revision);
  if (context.world.takenNames.includes(deployment)) {
    return `Deployment ${deployment} exists and is not of this ${context.rollout.kind}; rename or delete it`;
  }
  const { config = [] } = context.world.target ?? {};
  const isCopied = config.some(({ content }) => content !== ABSENT);
  draft.act({
    kind: 'createRevision',
    revision,
    deployment,
    // its copies are collected with it, so they come after it, and pods after them
    replicas: isCopied ? 0 : replicas,
    ...(config.length > 0 ? { config } : {}),
  });
  return undefined;
}

/**
 * Makes the copies that a revision lacks, from what the target names now. Returns a sentence where a name is not free.
 * What cannot be copied because it is away is missing in the revision, and its pods say so.
 */
export function ensureConfig(
  { world, rollout }: PlanContext,
  draft: PlanDraft,
  revision: RevisionFacts,
): string | undefined {
  const { config = [] } = revision;
  const blocking = config.find(({ state }) => state === 'taken' || state === 'leaving');
  if (blocking) {
    const { kind, copy, state } = blocking;
    return state === 'taken'
      ? `${kind} ${copy} exists and is not of this ${rollout.kind}; rename or delete it`
      : `${kind} ${copy} of a revision before this one is still to be collected`;
  }
  if (!world.target || revisionOf(world.target, world.revisions) !== revision) return undefined;
  const { deployment } = revision;
  for (const { kind, name, copy, state } of config) {
    const source = world.target.config?.find((each) => each.kind === kind && each.name === name);
    const content = source?.content;
    if (state !== 'missing' || content === undefined || content === ABSENT) continue;
    draft.act({
      kind: 'copyConfig',
      config: kind,
      name,
      copy,
      deployment,
      revision: revision.revision,
      content,
    });
  }
  return undefined;
}
