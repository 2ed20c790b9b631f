// SPDX-License-Identifier: Apache-2.0
import type { Rollout, RolloutSpec } from './rollout.ts';
import type { StepAnalysis } from '../../api/analysis-source.ts';
import type { AnalysisRun } from '../../api/analysis-status.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { durationMs } from '../../api/duration.ts';
import { API_VERSION } from '../../api/group.ts';
import { EventReasons, type Reason, Reasons } from '../../api/reasons.ts';
import { judge, startRun } from '../analysis/judge.ts';
import { measureAll } from '../analysis/measure.ts';
import { planQueries } from '../analysis/queries.ts';
import { resolveChecks } from '../analysis/resolve.ts';
import type { QueryScope, RunScope, SideWords } from '../analysis/query-types.ts';
import { type AnalysisMode, isOnce, type Judgement, type ResolvedCheck } from '../analysis/types.ts';
import { fromIso } from '../time.ts';
import { announceChecks } from './announce.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { carriedWeight } from './tracking.ts';

/** What an analysis says now. `blocked`: it cannot even be asked, and only a person can mend that. */
export type Finding =
  | {
      readonly kind: 'judged';
      readonly judgement: Judgement;
      /** Every check that holds has been asked since the operator began, and the answer was no evidence. */
      readonly isAnswered: boolean;
    }
  | { readonly kind: 'blocked'; readonly reason: Reason; readonly message: string };

/** No check looks further back. */
const LONGEST_WINDOW_MS = 3_600_000;

type Slot = 'step' | 'background';

type Source = Pick<StepAnalysis, 'templateRef' | 'checks' | 'args'>;

/** Judges the analysis of a step, from its recorded run and the newest answers; asks for the queries it needs. */
export function judgeStep(context: PlanContext, draft: PlanDraft, analysis: StepAnalysis): Finding {
  const mode: AnalysisMode =
    analysis.duration === undefined
      ? { kind: 'step' }
      : { kind: 'step', durationMs: durationMs(analysis.duration) };
  return judgeSlot(context, draft, { slot: 'step', source: analysis, mode });
}

/**
 * Judges the analysis in the background. Undefined: there is none, or its time has not come, because of its step or
 * because the canary carries no traffic yet. One that cannot even be asked is told before the canary gets any.
 */
export function judgeBackground(context: PlanContext, draft: PlanDraft): Finding | undefined {
  const { analysis, bakeAnalysis } = context.spec;
  const source = draft.status.bake ? bakeAnalysis : analysis;
  if (source && hasCome(context, draft)) {
    return judgeSlot(context, draft, { slot: 'background', source, mode: { kind: 'background' } });
  }
  // what will be judged in the bake alone has to be fit for it, too, before any client reaches the new pods
  const later = source ?? bakeAnalysis;
  return later && blockedIn(context, draft, later);
}

function hasCome(context: PlanContext, draft: PlanDraft): boolean {
  const { analysis, bake, step } = draft.status;
  if (bake !== undefined || analysis?.background) return true;
  const { startingStep = 0 } = context.spec.analysis ?? {};
  return (step?.index ?? 0) >= startingStep && isExposed(context, draft);
}

function blockedIn(context: PlanContext, draft: PlanDraft, source: Source): Finding | undefined {
  const resolved = resolve(context, draft, { slot: 'background', source, startedAt: nowIso(context) });
  return resolved.kind === 'blocked' ? resolved : undefined;
}

/**
 * The canary may have got a request already. Judging begins with the write of the route, not with its confirmation: a
 * dead canary must not live through the settle time. What comes before the first answer is a warm-up, not a hold.
 */
function isExposed(context: PlanContext, { status }: PlanDraft): boolean {
  const { route, canaryService } = context.world;
  if (route && canaryService?.revision !== status.canary?.revision) return false;
  return carriedWeight(context, status.canary?.revision) > 0;
}

function judgeSlot(
  context: PlanContext,
  draft: PlanDraft,
  job: { slot: Slot; source: Source; mode: AnalysisMode },
): Finding {
  const known = runOf(draft, job.slot);
  const resolved = resolve(context, draft, { ...job, startedAt: known?.startedAt ?? nowIso(context) });
  if (resolved.kind === 'blocked') return resolved;
  const isHeldFailed = draft.status.pause?.by === 'Failure';
  const checks = isHeldFailed ? repeated(resolved.checks) : resolved.checks;
  const previous = known ?? begin(context, draft, checks);
  const measurements = measureAll(checks, context.world.results);
  const judgement = judge({ previous, checks, mode: job.mode, measurements, now: context.now });
  const watched = isGoneOnWith(context, judgement) ? repeated(checks) : undefined;
  const judged = watched ? beginAgain(context, draft, watched, judgement.run) : judgement.run;
  const run = withStep(judged, job.slot, draft);
  draft.status.analysis = { ...draft.status.analysis, [job.slot]: run };
  if (!isHeldFailed) announceChecks(draft, previous, judgement.run);
  const asked = judgement.verdict === 'Fail' ? watched : checks;
  if (asked) want(context, draft, { checks: asked, run, mode: job.mode });
  return { kind: 'judged', judgement, isAnswered: isAnswered(context, checks, run) };
}

function withStep(run: AnalysisRun, slot: Slot, { status }: PlanDraft): AnalysisRun {
  return slot === 'step' ? { ...run, step: status.step?.index ?? 0 } : run;
}

/** The run so far. That of an earlier step stays to be seen until the next one begins, but is not gone on with. */
function runOf({ status }: PlanDraft, slot: Slot): AnalysisRun | undefined {
  const run = status.analysis?.[slot];
  if (slot === 'background' || !run || !status.step) return run;
  return run.step === status.step.index && fromIso(run.startedAt) >= fromIso(status.step.startedAt)
    ? run
    : undefined;
}

function isAnswered({ world }: PlanContext, checks: readonly ResolvedCheck[], run: AnalysisRun): boolean {
  const holding = run.checks.filter(({ verdict }) => verdict === 'Holding').map(({ name }) => name);
  const asked = checks.filter(({ name }) => holding.includes(name));
  return asked.every(({ query }) => world.results.some(({ key }) => key === query.key));
}

/** What has failed but stays as it is has to be watched on: it may yet go down. */
function isGoneOnWith({ spec }: PlanContext, { verdict, reason }: Judgement): boolean {
  return spec.onFailure === 'Pause' && verdict === 'Fail' && reason !== Reasons.CanaryDown;
}

/** What goes on while a failure waits for a person: a Job has said what it has to say, and runs again on request. */
function repeated(checks: readonly ResolvedCheck[]): readonly ResolvedCheck[] {
  return checks.filter((check) => !isOnce(check));
}

function begin(context: PlanContext, draft: PlanDraft, checks: readonly ResolvedCheck[]): AnalysisRun {
  draft.emit(EventReasons.AnalysisStarted, `judging ${checks.map((check) => check.name).join(', ')}`);
  return freshRun(context, draft, checks);
}

/** A run that has judged nothing, but goes on measuring where the failed one ended. */
function beginAgain(
  context: PlanContext,
  draft: PlanDraft,
  checks: readonly ResolvedCheck[],
  failed: AnalysisRun,
): AnalysisRun {
  const run = freshRun(context, draft, checks);
  const rows = run.checks.map((row) => {
    const { lastSampleAt } = failed.checks.find(({ name }) => name === row.name) ?? {};
    return lastSampleAt === undefined ? row : { ...row, lastSampleAt };
  });
  return { ...run, checks: rows };
}

function freshRun(context: PlanContext, draft: PlanDraft, checks: readonly ResolvedCheck[]): AnalysisRun {
  return startRun({ checks, revision: judgedRevision(draft.status), now: context.now });
}

function want(
  context: PlanContext,
  draft: PlanDraft,
  at: { checks: readonly ResolvedCheck[]; run: AnalysisRun; mode: AnalysisMode },
): void {
  const { queries, nextDueMs } = planQueries({ ...at, now: context.now });
  draft.queries.push(...queries);
  for (const { name, limit } of at.checks) {
    if (limit.kind === 'bounds') draft.bounds.push({ check: name, min: limit.min, max: limit.max });
  }
  if (nextDueMs !== undefined) draft.wakeIn(nextDueMs - context.now);
}

type Resolved =
  | { readonly kind: 'checks'; readonly checks: readonly ResolvedCheck[] }
  | Extract<Finding, { kind: 'blocked' }>;

/** `startedAt`: when the run began. */
function resolve(
  context: PlanContext,
  draft: PlanDraft,
  { slot, source, startedAt }: { slot: Slot; source: Source; startedAt: string },
): Resolved {
  const name = source.templateRef?.name;
  const template = name === undefined ? { checks: source.checks ?? [] } : context.world.templates[name];
  if (!template) {
    const message = `AnalysisTemplate ${name} is not in namespace ${context.rollout.metadata.namespace}; create it, or name another one`;
    return { kind: 'blocked', reason: Reasons.TemplateNotFound, message };
  }
  const resolution = resolveChecks({
    template,
    args: source.args ?? [],
    scope: { ...scopeOf(context, draft), run: runScopeOf(context, draft, { slot, startedAt }) },
  });
  if (resolution.kind === 'resolved') return { kind: 'checks', checks: resolution.checks };
  const message = resolution.problems
    .map(({ check, field, message: text }) => `check ${check}, ${field}: ${text}`)
    .join('; ');
  return { kind: 'blocked', reason: Reasons.InvalidTemplate, message };
}

/** In a bake the stable revision is the one that has still to prove itself. */
function judgedRevision({ bake, canary, stable }: RolloutStatus): string {
  return (bake ? stable : canary)?.revision ?? '';
}

function scopeOf({ rollout, spec, world }: PlanContext, draft: PlanDraft): QueryScope {
  const { status } = draft;
  const { bake } = status;
  const service = bake ? spec.service.name : spec.canaryService;
  return {
    namespace: rollout.metadata.namespace,
    canary: rollout.metadata.name,
    target: spec.targetRef.name,
    service: spec.service.name,
    canaryService: world.route || spec.previewed ? service : undefined,
    revision: judgedRevision(status),
    stableRevision: bake ? bake.revision : status.stable?.revision,
    sides: sidesOf(spec, status),
    isAlone: bake !== undefined,
    ingress: spec.traffic?.ingress?.name,
    routes: routesOf(rollout),
    traefikService: spec.traffic?.traefik?.service,
    canaryServiceSinceMs: bake ? fromIso(status.pinned?.since) : othersRoutedUntil(draft),
  };
}

function sidesOf({ side, sideInBake, oldSide }: RolloutSpec, { bake }: RolloutStatus): SideWords {
  return { judged: bake ? sideInBake : side, other: oldSide };
}

function runScopeOf(
  { rollout }: PlanContext,
  { status }: PlanDraft,
  { slot, startedAt }: { slot: Slot; startedAt: string },
): RunScope {
  const { kind, metadata } = rollout;
  const { name, uid } = metadata;
  const version = (status.bake ? status.stable : status.canary)?.version;
  return {
    owner: { apiVersion: API_VERSION, kind, name, uid },
    startedAt,
    ...(slot === 'step' ? { step: status.step?.index ?? 0 } : {}),
    ...(version === undefined ? {} : { version }),
  };
}

/** Those of the user, or the one that is made from a template and bears the name of the Canary. */
function routesOf({ metadata, spec }: Rollout): QueryScope['routes'] {
  const { gateway } = spec.traffic ?? {};
  return gateway && (gateway.routes ?? [{ kind: 'HTTPRoute', name: metadata.name }]);
}

/** Counters of a Service cannot tell revisions apart: after another release, only what came since this one counts. */
function othersRoutedUntil({ status }: PlanDraft): number | undefined {
  const since = fromIso(status.canary?.routedSince ?? status.canary?.since);
  const before = fromIso(status.history?.[0]?.finishedAt);
  return since - before < LONGEST_WINDOW_MS ? since : undefined;
}
