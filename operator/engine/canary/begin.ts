// SPDX-License-Identifier: Apache-2.0
import type { PlanContext, PlanDraft } from './draft.ts';
import { goBack } from './going-back.ts';
import { inWindow } from './previous.ts';
import { startRelease } from './release.ts';

/** The target asks for another revision: it is released by the steps, or gone back to where it was stable not long ago. */
export function begin(context: PlanContext, draft: PlanDraft, revision: string): void {
  const known = inWindow(context, draft.status, revision);
  if (known) goBack(context, draft, { to: known, by: 'Template' });
  else startRelease(context, draft, revision);
}
