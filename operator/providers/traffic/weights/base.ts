// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../../../engine/names.ts';
import type { Backend } from './backend.ts';
import { type Memory, recallRule } from './memory.ts';
import { shareOf, type Sides, splitBackends, withoutCanary } from './split.ts';

/**
 * The backends as they were before the canary was among them. Weights that nobody has changed since are put back;
 * changed ones are kept as a whole, with the canary's going back to where it came from. `place` is which of the
 * remembered lists these probably are.
 */
export function baseBackends(
  refs: readonly Backend[],
  sides: Sides,
  { memory, place }: { memory: Memory | undefined; place: number },
): Backend[] {
  const summed = withoutCanary(refs, sides);
  const share = shareOf(refs, sides);
  const remembered = memory?.rules ?? [];
  const ranked = [...remembered.slice(place, place + 1), ...remembered];
  for (const entry of ranked) {
    const base = recallRule(summed, entry);
    if (base && canonicalJson(splitBackends(base, sides, share)) === canonicalJson(refs)) return base;
  }
  return summed;
}
