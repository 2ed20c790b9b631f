// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../api/group.ts';
import { Reasons } from '../../api/reasons.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { contendedMessage, mayRestore } from './fights.ts';
import { held, type Motion } from './goal.ts';
import type { CanaryServiceFacts } from './types.ts';

/**
 * Counts that somebody else has pointed the canary Service elsewhere or deleted it, before it is put right; it carries
 * nothing by then. A Motion where that was too often: it is left, and the canary without traffic.
 */
export function contendedCanaryService(
  context: PlanContext,
  draft: PlanDraft,
  canary: string,
): Motion | undefined {
  const { canaryService } = context.world;
  if (!isTaken(canaryService, draft, canary)) return undefined;
  const overwrite = {
    field: `the selector of Service ${context.spec.canaryService}`,
    wanted: `revision ${canary}`,
    found: foundIn(canaryService),
    manager: canaryService?.selectorManager,
  };
  return mayRestore(context, draft, overwrite)
    ? undefined
    : held(Reasons.Contended, contendedMessage(overwrite));
}

/** It named this revision before, or somebody else wrote it last: what another release left behind is no overwrite. */
function isTaken(service: CanaryServiceFacts | undefined, { status }: PlanDraft, canary: string): boolean {
  const { routedSince, revision } = status.canary ?? {};
  if (routedSince !== undefined && revision === canary) return true;
  if (!service) return status.previewPinned !== undefined;
  const { selectorManager } = service;
  return selectorManager !== undefined && selectorManager !== FIELD_MANAGER;
}

function foundIn(service: CanaryServiceFacts | undefined): string {
  if (!service) return 'nothing, with the Service deleted';
  return service.revision === undefined ? 'none' : `revision ${service.revision}`;
}
