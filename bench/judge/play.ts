// SPDX-License-Identifier: Apache-2.0
import type { BothCounts } from '../../operator/engine/analysis/count-types.ts';
import { createRandom } from './random.ts';
import { argoRollouts, flagger, headway, type Rule, type Seen } from './rules.ts';
import { lookEvery, runSeconds, type Scenario } from './scenario.ts';
import { createTraffic, historyOf } from './traffic.ts';

export const ruleNames = ['Headway', 'Argo Rollouts', 'Flagger'] as const;
export type RuleName = (typeof ruleNames)[number];

/** When each rule rolled the release back, in seconds from the moment it was worse; undefined: it did not. */
export type Outcome = Readonly<Record<RuleName, number | undefined>>;

/** Plays one release to its end before every rule at once; the same seed is the same release. */
export function playRun(scenario: Scenario, seed: number): Outcome {
  const random = createRandom(seed);
  const history = historyOf(scenario, random);
  const traffic = createTraffic(scenario, random);
  const rules: Readonly<Record<RuleName, Rule>> = {
    Headway: headway(scenario, history),
    'Argo Rollouts': argoRollouts(scenario),
    Flagger: flagger(scenario),
  };
  const failedAt: Record<RuleName, number | undefined> = {
    Headway: undefined,
    'Argo Rollouts': undefined,
    Flagger: undefined,
  };
  let before: BothCounts | undefined;
  for (let at = lookEvery; at <= runSeconds; at += lookEvery) {
    const { tick } = traffic.look(at);
    const seen: Seen = tick ? { at, tick, window: windowOf(before, tick) } : { at };
    for (const name of ruleNames) {
      if (failedAt[name] === undefined && rules[name].look(seen))
        failedAt[name] = at - (scenario.worseFrom ?? 0);
    }
    before = tick;
  }
  return failedAt;
}

/** The last minute is two looks. */
function windowOf(before: BothCounts | undefined, tick: BothCounts): BothCounts {
  if (!before) return { canary: tick.canary, stable: tick.stable };
  const sum = (arm: 'canary' | 'stable') => ({
    requests: before[arm].requests + tick[arm].requests,
    errors: before[arm].errors + tick[arm].errors,
  });
  return { canary: sum('canary'), stable: sum('stable') };
}
