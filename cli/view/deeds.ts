// SPDX-License-Identifier: Apache-2.0
import type { RolloutVerb } from '../../operator/api/rollout-status.ts';

/** The verbs of the operator as they are typed. */
export const TYPED: Readonly<Record<RolloutVerb, string>> = {
  promote: 'promote',
  'promote-full': 'promote --full',
  'skip-step': 'skip',
  pause: 'pause',
  resume: 'resume',
  abort: 'abort',
  retry: 'retry',
  rollback: 'rollback',
  admit: 'admit',
};

/** A verb as it is typed; one that this version does not know, as the operator calls it. */
export function typed(verb: string): string {
  return (TYPED as Readonly<Record<string, string | undefined>>)[verb] ?? verb;
}

/** What may be typed now: `promote [--full]|pause|abort`; '' where nothing can be asked for. */
export function typedVerbs(verbs: readonly RolloutVerb[]): string {
  const both = verbs.includes('promote') && verbs.includes('promote-full');
  const words = verbs.flatMap((verb) => {
    if (both && verb === 'promote-full') return [];
    return both && verb === 'promote' ? ['promote [--full]'] : [typed(verb)];
  });
  return words.join('|');
}
