// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus, RolloutVerb } from '../../api/rollout-status.ts';
import type { RevisionStatus } from '../../api/release-status.ts';
import { durationMs } from '../../api/duration.ts';
import { EventReasons } from '../../api/reasons.ts';
import { clockOf, fromIso } from '../time.ts';
import { judgedText, missingData, pausedByPerson } from './advance.ts';
import { nowIso, type PlanContext, type PlanDraft } from './draft.ts';
import { goBack } from './going-back.ts';
import { type Finding, judgeBackground } from './judging.ts';
import { moveTo } from './motion.ts';
import { wantedRevision } from './revisions.ts';
import { nameOf, stableName, whereabouts } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import { keepAtRest } from './stage-resting.ts';
import { objectionOf } from './stage-stepping.ts';
import { ageMs } from './tracking.ts';
import type { TargetFacts } from './types.ts';
import { obey } from './verbs.ts';
import { baking } from './views.ts';
import { holdAtZero } from './zero.ts';

type Bake = NonNullable<RolloutStatus['bake']>;

/** A promotion is followed by a bake where the Canary asks for one and there is something to go back to. */
export function startBake(
  context: PlanContext,
  draft: PlanDraft,
  at: { old: RevisionStatus | undefined; skipChecks: boolean | undefined },
): void {
  const { old, skipChecks } = at;
  if (!context.spec.bake || !old) return;
  const { background: _background, ...analysis } = draft.status.analysis ?? {};
  const { revision, version } = old;
  draft.status = {
    ...draft.status,
    stage: 'Baking',
    analysis,
    bake: { revision, ...(version ? { version } : {}), startedAt: nowIso(context) },
    ...(skipChecks ? { skipChecks } : {}),
  };
}

/**
 * The new revision has all traffic and is judged on; the one before it stands by as a canary at 0 percent with all of
 * its pods. What fails goes back to it. A template of neither ends the bake: it is released against the new revision.
 */
export function planBaking(
  context: PlanContext,
  draft: PlanDraft,
  at: { stable: RevisionStatus; target: TargetFacts; verb: RolloutVerb | undefined },
): StageResult {
  const { bake } = draft.status;
  if (!bake) return endBake(draft, 'nothing is kept');
  const wanted = wantedRevision(at.target, context.world.revisions);
  if (wanted === bake.revision) {
    goBack(context, draft, { to: bake, by: 'Template' });
    return AGAIN;
  }
  if (wanted !== at.stable.revision) return endBake(draft, 'a newer template ends its bake');
  if (obeyInBake(context, draft, at.verb)) return AGAIN;
  const idle = holdAtZero(context, draft);
  if (idle) return idle;
  const finding = draft.status.skipChecks ? undefined : judgeBackground(context, draft);
  const objection = objectionOf(context, draft, finding);
  if (objection) return objection;
  const unwell = keepAtRest(context, draft, at.stable);
  if (unwell) return shows(unwell);
  moveTo(context, draft, {
    stable: at.stable.revision,
    canary: bake.revision,
    weight: 0,
    replicas: context.total,
  });
  return (
    pausedByPerson(context, draft) ??
    missingData(context, draft, finding) ??
    bakeOn(context, draft, bake, finding)
  );
}

/** True: the bake is over. */
function obeyInBake(context: PlanContext, draft: PlanDraft, verb: RolloutVerb | undefined): boolean {
  if (verb === 'promote') endBake(draft, 'its bake was ended on request');
  else obey(context, draft, verb);
  return draft.status.stage !== 'Baking';
}

function bakeOn(
  context: PlanContext,
  draft: PlanDraft,
  bake: Bake,
  finding: Finding | undefined,
): StageResult {
  const durationText = context.spec.bake?.duration ?? '0s';
  const left = durationMs(durationText) - ageMs(context, bake.startedAt);
  const words = finding?.kind === 'judged' ? `; ${judgedText(context, draft, finding.judgement)}` : '';
  if (left > 0) {
    draft.wakeIn(left);
    return shows(
      baking(`${whereabouts(context.spec, draft.status)} until ${clockOf(context.now + left)}${words}`),
    );
  }
  if (isProven(context, draft, bake, finding)) return endBake(draft, `baked for ${durationText}`);
  return shows(
    baking(`${whereabouts(context.spec, draft.status)} until each check is good once more${words}`),
  );
}

/**
 * Every check is good, and has been measured after the time was over: an operator that was away for the whole bake has
 * seen nothing of it.
 */
function isProven(
  { spec }: PlanContext,
  { status }: PlanDraft,
  { startedAt }: Bake,
  finding: Finding | undefined,
): boolean {
  if (finding?.kind !== 'judged') return true;
  if (finding.judgement.verdict !== 'Pass') return false;
  const overMs = fromIso(startedAt) + durationMs(spec.bake?.duration ?? '0s');
  const rows = status.analysis?.background?.checks ?? [];
  return rows.every(({ verdict, lastSampleAt }) => verdict === 'Passed' || fromIso(lastSampleAt) >= overMs);
}

/** The old revision may go; what comes next is decided at rest. */
function endBake(draft: PlanDraft, why: string): StageResult {
  const { bake, pause: _pause, skipChecks: _skipChecks, ...kept } = draft.status;
  const name = stableName(draft.status);
  draft.emit(EventReasons.Baked, `${name}: ${why}; ${nameOf(bake, kept.stable)} is kept warm no more`);
  draft.status = { ...kept, stage: 'Idle' };
  return AGAIN;
}
