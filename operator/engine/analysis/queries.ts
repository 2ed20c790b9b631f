// SPDX-License-Identifier: Apache-2.0
import type { AnalysisRun } from '../../api/analysis-status.ts';
import { fromIso } from '../time.ts';
import { dueMs, isFinished, rowOf } from './rows.ts';
import type { CheckQuery, QueryPlan } from './query-types.ts';
import type { AnalysisState } from './types.ts';

export interface QueryPlanInput extends Omit<AnalysisState, 'previous'> {
  readonly run: AnalysisRun;
}

/** Which queries a run wants now: those of checks that are due and not finished, each distinct one once. */
export function planQueries({ run, ...rest }: QueryPlanInput): QueryPlan {
  const state: AnalysisState = { ...rest, previous: run };
  const queries = new Map<string, CheckQuery>();
  const later: number[] = [];
  for (const check of state.checks) {
    if (isFinished(rowOf(state, check))) continue;
    const due = dueMs(state, check);
    if (due > state.now) {
      later.push(due);
      continue;
    }
    queries.set(check.query.key, check.query);
    const { history } = check;
    if (history && !rowOf(state, check).evidence?.hasHistory) queries.set(history.key, history);
  }
  const end = endMs(state);
  if (queries.size > 0 && end !== undefined && end > state.now) later.push(end);
  const wanted = [...queries.values()];
  return later.length === 0 ? { queries: wanted } : { queries: wanted, nextDueMs: Math.min(...later) };
}

/** When the time of a step is over, in ms. */
function endMs({ previous, mode }: AnalysisState): number | undefined {
  if (mode.kind === 'background' || mode.durationMs === undefined) return undefined;
  return fromIso(previous.startedAt) + mode.durationMs;
}
