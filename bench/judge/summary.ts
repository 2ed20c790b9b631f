// SPDX-License-Identifier: Apache-2.0
import { type Outcome, type RuleName, ruleNames } from './play.ts';
import type { Scenario } from './scenario.ts';

export interface RuleSummary {
  /** Runs that were rolled back, of all. */
  readonly rolledBack: number;
  /** Seconds from the moment the canary was worse; undefined where nothing was rolled back. */
  readonly medianSeconds: number | undefined;
  readonly p90Seconds: number | undefined;
}

export interface ScenarioSummary {
  readonly scenario: Scenario;
  readonly runs: number;
  readonly rules: Readonly<Record<RuleName, RuleSummary>>;
}

export function summarise(scenario: Scenario, outcomes: readonly Outcome[]): ScenarioSummary {
  const of = (name: RuleName) => summaryOf(outcomes.flatMap((outcome) => outcome[name] ?? []));
  const [a, b, c] = ruleNames;
  return {
    scenario,
    runs: outcomes.length,
    rules: { [a]: of(a), [b]: of(b), [c]: of(c) },
  };
}

function summaryOf(seconds: number[]): RuleSummary {
  const sorted = seconds.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return { rolledBack: sorted.length, medianSeconds: at(0.5), p90Seconds: at(0.9) };
}

/** "0.23 %": two digits of what is rare, whole percent of what is not. */
export function formatShare(part: number, whole: number): string {
  const percent = (100 * part) / whole;
  if (part === 0 || part === whole) return `${percent} %`;
  return `${percent < 10 ? percent.toFixed(2) : percent.toFixed(1)} %`;
}
