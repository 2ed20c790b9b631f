// SPDX-License-Identifier: Apache-2.0
import { type Call, type Match, matches } from './call.ts';

/** An answer that the proxy gives by itself. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. Absent: a `Status` object that fits. */
  readonly body?: object;
}

/**
 * What becomes of a call.
 * `drop`: the connection is reset and nothing reaches the API server. `lose`: it does, and the answer is lost.
 * `answer`: the proxy answers, and nothing reaches the API server. `applied`: it does, and the proxy answers instead.
 * `delay`: the answer comes later. `hang`: nothing reaches the API server and nobody answers. `twice`: the call reaches
 * it twice, and the second answer counts. `truncate`: half of the answer, then a reset. `replay`: the answer that was
 * given the first time to the same request. `cutBefore`, `cutLost`, `cutAcked`: as if the caller was killed before the
 * call, after it and before its answer, or when it has just got that.
 */
export type Fault =
  | { readonly kind: 'drop' }
  | { readonly kind: 'lose' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'twice' }
  | { readonly kind: 'truncate' }
  | { readonly kind: 'replay' }
  | { readonly kind: 'cutBefore' }
  | { readonly kind: 'cutLost' }
  | { readonly kind: 'cutAcked' }
  | { readonly kind: 'answer'; readonly answer: OwnAnswer }
  | { readonly kind: 'applied'; readonly answer: OwnAnswer }
  | { readonly kind: 'delay'; readonly ms: number };

export interface Rule {
  readonly when: Match;
  readonly fault: Fault;
  /** Only the nth matching call from now on, counted from 1; absent: all of them. */
  readonly nth?: number;
  /** At most so many calls; absent: until the rule is taken back. */
  readonly times?: number;
  /** Hears of each call that the rule is applied to, before anything is done. */
  readonly onCall?: (call: Call) => void;
}

/** The rules in force. The oldest that matches decides. */
export interface Rules {
  /** Puts a rule in force; answers the way to take it back. */
  add(rule: Rule): () => void;
  /** The fault for a call, which counts as one call for the rule that gives it. */
  faultFor(call: Call): Fault | undefined;
}

export function createRules(): Rules {
  const inForce = new Map<Rule, { seen: number; applied: number }>();

  function applies(rule: Rule, call: Call): boolean {
    const counts = inForce.get(rule);
    if (!counts || !matches(rule.when, call)) return false;
    counts.seen += 1;
    if (rule.nth !== undefined && counts.seen !== rule.nth) return false;
    if (rule.times !== undefined && counts.applied >= rule.times) return false;
    counts.applied += 1;
    return true;
  }

  return {
    add(rule) {
      inForce.set(rule, { seen: 0, applied: 0 });
      return () => void inForce.delete(rule);
    },
    faultFor(call) {
      for (const rule of inForce.keys()) {
        if (!applies(rule, call)) continue;
        rule.onCall?.(call);
        return rule.fault;
      }
      return undefined;
    },
  };
}
