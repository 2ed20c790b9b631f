// SPDX-License-Identifier: Apache-2.0
import { EventReasons, Reasons } from '../../api/reasons.ts';
import { adoptedRevision } from './adopted.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { type Motion, waitingFor } from './goal.ts';
import { keepStrength } from './motion-route.ts';
import { because } from './ready-pods.ts';
import { describeRevision, ensureRevision } from './release.ts';
import { findRevision } from './revisions.ts';
import { stableName } from './sentences.ts';
import { AGAIN, type StageResult, shows } from './stage.ts';
import { nameFirst } from './take-over.ts';
import type { RevisionFacts, TargetFacts } from './types.ts';
import { blocked, progressing } from './views.ts';

/**
 * The first revision: a copy of the target's pods beside them, available, then named by the Service. The target's
 * own pods serve until then and are retired only after they have drained (housekeeping). Not before that is the
 * adoption over: a template that came earlier would have the Deployment replace pods that still get traffic.
 */
export function planAdopting(context: PlanContext, draft: PlanDraft, target: TargetFacts): StageResult {
  draft.status.stage = 'Adopting';
  const revision = adoptedRevision(context, target);
  const taken = ensureRevision(context, draft, { revision, replicas: context.total });
  if (taken) return shows(blocked(Reasons.NameTaken, taken));
  keepStrength(context, draft, revision);
  const motion = takeOver(context, draft, { revision, target });
  if (motion.problem) return shows(blocked(motion.problem.reason, motion.problem.message));
  if (!motion.reached) {
    return shows(
      progressing(`adopting Deployment ${context.spec.targetRef.name}: waits for ${motion.waiting}`),
    );
  }
  const since = draft.status.pinned?.since;
  draft.status.stable = { ...describeRevision(context, revision), ...(since ? { since } : {}) };
  draft.status.stage = 'Idle';
  draft.emit(
    EventReasons.Initialized,
    `Deployment ${context.spec.targetRef.name} adopted${notJudged(context)}; all traffic on ${stableName(draft.status)}`,
  );
  return AGAIN;
}

/** Pods first, then the selector, then the end of the target's own pods. */
function takeOver(
  context: PlanContext,
  draft: PlanDraft,
  at: { revision: string; target: TargetFacts },
): Motion {
  const facts = findRevision(context.world, at.revision);
  if (!facts || facts.available < context.total) return waitingFor(firstPods(context, facts));
  return nameFirst(context, draft, at);
}

function firstPods({ total }: PlanContext, facts: RevisionFacts | undefined): string {
  return `${total} ready ${total === 1 ? 'pod' : 'pods'} of its first revision${because(facts)}; its own pods serve until then`;
}

function notJudged({ spec }: PlanContext): string {
  return spec.firstDeploy === 'Judge' ? ' without being judged, for somebody served already' : '';
}
