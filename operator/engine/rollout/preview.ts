// SPDX-License-Identifier: Apache-2.0
import { contendedCanaryService } from './canary-service.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { type Goal, type Motion, waitingFor } from './goal.ts';
import { pointCanaryService } from './motion-route.ts';
import { readyPods } from './ready-pods.ts';
import { findRevision } from './revisions.ts';
import type { RevisionFacts } from './types.ts';

/**
 * Where only the selector moves traffic, the preview Service finds the new pods as long as clients do not. Undefined: it
 * does, or there is none.
 */
export function standPreview(
  context: PlanContext,
  draft: PlanDraft,
  goal: Goal,
  enough: number,
): Motion | undefined {
  const { canary, weight } = goal;
  if (!context.spec.previewed || canary === undefined || weight > 0) return undefined;
  const pointing = pointCanaryService(context, draft, canary, enough);
  if (pointing) return pointing;
  const ready = context.world.canaryService?.endpoints[canary] ?? 0;
  if (ready >= enough) return undefined;
  return waitingFor(readyPods(context, enough, findRevision(context.world, canary)));
}

/**
 * With nothing to preview the preview Service finds what clients reach, so that nobody who asks it is left without an
 * answer. A sentence where somebody keeps pointing it elsewhere.
 */
export function keepPreview(context: PlanContext, draft: PlanDraft): string | undefined {
  const stable = draft.status.stable?.revision;
  const { canaryService } = context.world;
  if (stable === undefined) return undefined;
  if (canaryService?.revision === stable && !canaryService.outdated) return undefined;
  const contended = contendedCanaryService(context, draft, stable);
  if (contended) return contended.problem?.message;
  draft.act({ kind: 'pinCanaryService', revision: stable });
  return undefined;
}

/** Whether the preview Service leads to pods of a revision; they go when it does not any more. */
export function isPreviewed({ spec, world }: PlanContext, { revision }: RevisionFacts): boolean {
  const { canaryService } = world;
  if (!spec.previewed || !canaryService) return false;
  return canaryService.revision === revision || (canaryService.endpoints[revision] ?? 0) > 0;
}
