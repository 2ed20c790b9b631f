// SPDX-License-Identifier: Apache-2.0
import { strengthen } from './drain.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { findRevision, servingOf } from './revisions.ts';

/**
 * More pods for the same shares, where two revisions share a Service and the split must stay as it is: an autoscaler
 * that asks for more does not wait for the person who is waited for. No share of the canary grows by it, and no pod is
 * taken away.
 */
export function growTogether(
  context: PlanContext,
  draft: PlanDraft,
  sides: { stable: string; canary: string | undefined },
): void {
  const { world, total } = context;
  const stable = findRevision(world, sides.stable);
  const canary = findRevision(world, sides.canary);
  if (!stable) return;
  const had = canary ? servingOf(canary) : 0;
  const all = had + servingOf(stable);
  const share = all === 0 ? 0 : Math.max(had, Math.floor((total * had) / all));
  if (all >= total) return;
  if (canary) strengthen(context, draft, canary, share);
  strengthen(context, draft, stable, total - share);
}
