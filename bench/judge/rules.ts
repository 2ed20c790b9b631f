// SPDX-License-Identifier: Apache-2.0
import { Check } from '../../operator/api/analysis.ts';
import type { AnalysisRun } from '../../operator/api/analysis-status.ts';
import type { ArmCounts } from '../../operator/api/evidence-status.ts';
import type { BothCounts } from '../../operator/engine/analysis/count-types.ts';
import { judge, startRun } from '../../operator/engine/analysis/judge.ts';
import { resolveChecks } from '../../operator/engine/analysis/resolve.ts';
import type { Measurement, ResolvedCheck } from '../../operator/engine/analysis/types.ts';
import { lookEvery, type Scenario } from './scenario.ts';

/** What a rule may look at: the last minute and the last interval of both arms. Undefined: no answer. */
export interface Seen {
  /** Seconds from the start. */
  readonly at: number;
  readonly window?: BothCounts;
  readonly tick?: BothCounts & { readonly oldest: number };
}

/** One way to judge a release. It sees each look in turn and says whether it rolls back now. */
export interface Rule {
  look(seen: Seen): boolean;
}

const START = 1_800_000_000_000;

/** The production judge, with a check as people write it and every other setting by default. */
export function headway(scenario: Scenario, history: readonly ArmCounts[]): Rule {
  const checks = checksOf(scenario);
  const [check] = checks;
  let run: AnalysisRun = startRun({ checks, revision: 'new', now: START });
  let past: readonly ArmCounts[] | undefined = history;

  function look(seen: Seen): boolean {
    const now = START + seen.at * 1000;
    const measurement = { ...measured(seen, now), ...(past && seen.tick ? { history: past } : {}) };
    if (seen.tick) past = undefined;
    const measurements = new Map([[check?.name ?? '', measurement]]);
    const judgement = judge({ previous: run, checks, mode: { kind: 'background' }, measurements, now });
    run = judgement.run;
    return judgement.verdict === 'Fail';
  }

  return { look };
}

const known = new Map<string, readonly ResolvedCheck[]>();

function checksOf({ min, warmUp }: Scenario): readonly ResolvedCheck[] {
  const initialDelay = warmUp?.initialDelay ?? '0s';
  const key = `${min} ${initialDelay}`;
  const before = known.get(key);
  if (before) return before;
  const check = Check.parse({
    name: 'success-rate',
    provider: 'prometheus',
    metric: 'request-success-rate',
    min,
    initialDelay,
    interval: `${lookEvery}s`,
  });
  const scope = {
    namespace: 'n',
    canary: 'c',
    target: 't',
    service: 's',
    revision: 'new',
    stableRevision: 'old',
  };
  const resolution = resolveChecks({ template: { checks: [check] }, args: [], scope });
  if (resolution.kind === 'invalid') throw new Error(JSON.stringify(resolution.problems));
  known.set(key, resolution.checks);
  return resolution.checks;
}

const FEWEST_REQUESTS = 10;

/** As the operator's reading of Prometheus would have it. */
function measured({ window, tick }: Seen, atMs: number): Measurement {
  if (!window || !tick) return { atMs, noData: 'ProviderError', detail: 'connection refused' };
  const { canary, stable } = window;
  const arms = { canary, ...(stable.requests > 0 ? { stable } : {}) };
  const counted = { atMs, arms, tick: { ...tick, oldestMs: START + tick.oldest * 1000 } };
  if (canary.requests < FEWEST_REQUESTS)
    return { ...counted, noData: 'NoTraffic', detail: 'needs more requests' };
  const rate = (arm: ArmCounts) => 100 - (100 * arm.errors) / arm.requests;
  return { ...counted, value: rate(canary), ...(arms.stable ? { stable: rate(stable) } : {}) };
}

/**
 * Argo Rollouts with the line as successCondition, one measurement a minute, and its defaults: failureLimit 0 (one bad
 * measurement is one too many) and consecutiveErrorLimit 4 (the fifth error in a row aborts). A minute without requests
 * is 0/0, which meets no condition. pkg/apis/rollouts/v1alpha1/analysis_types.go, analysis/analysis.go
 * (assessMetricStatus), docs/features/analysis.md of argoproj/argo-rollouts.
 */
export function argoRollouts({ min, warmUp }: Scenario): Rule {
  const failureLimit = 0;
  const consecutiveErrorLimit = 4;
  const from = warmUp ? 60 : 0;
  let failed = 0;
  let errorsInARow = 0;
  return everyMinute(({ at, window }) => {
    if (at < from) return false;
    errorsInARow = window ? 0 : errorsInARow + 1;
    if (window && !(percentGood(window.canary) >= min)) failed += 1;
    return failed > failureLimit || errorsInARow > consecutiveErrorLimit;
  });
}

/**
 * Flagger with thresholdRange.min, an interval of one minute, and the threshold of its documentation, 5: so many failed
 * checks in all roll back (its code without a threshold: 1). No values count as a failed check.
 * pkg/controller/scheduler.go, scheduler_metrics.go, docs/gitbook/usage/how-it-works.md of fluxcd/flagger.
 */
export function flagger({ min }: Scenario): Rule {
  const threshold = 5;
  let failedChecks = 0;
  return everyMinute(({ window }) => {
    if (!window || !(percentGood(window.canary) >= min)) failedChecks += 1;
    return failedChecks >= threshold;
  });
}

function everyMinute(look: (seen: Seen) => boolean): Rule {
  return { look: (seen) => seen.at % 60 === 0 && look(seen) };
}

function percentGood({ requests, errors }: ArmCounts): number {
  return 100 - (100 * errors) / requests;
}
