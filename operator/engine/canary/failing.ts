// SPDX-License-Identifier: Apache-2.0
import type { Reason } from '../../api/reasons.ts';
import type { PlanContext, PlanDraft } from './draft.ts';
import { goBack } from './going-back.ts';
import { startRollback } from './release.ts';
import { stableName } from './sentences.ts';

/** The evidence, or its absence, says no to what is judged: traffic goes back to what is known to be good. */
export function fail(context: PlanContext, draft: PlanDraft, why: { reason: Reason; message: string }): void {
  const { bake } = draft.status;
  if (!bake) {
    startRollback(context, draft, why);
    return;
  }
  const message = `${why.message} in the bake of ${stableName(draft.status)}`;
  goBack(context, draft, { to: bake, by: 'Bake', why: { ...why, message } });
}
