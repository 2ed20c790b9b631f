// SPDX-License-Identifier: Apache-2.0
import type { View } from './views.ts';

/** What a stage comes to: how it looks, or that another stage has taken over within the same plan. */
export type StageResult = { readonly kind: 'shows'; readonly view: View } | { readonly kind: 'again' };

export const AGAIN: StageResult = Object.freeze({ kind: 'again' });

export function shows(view: View): StageResult {
  return { kind: 'shows', view };
}
