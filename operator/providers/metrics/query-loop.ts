// SPDX-License-Identifier: Apache-2.0
import { formatDuration } from '../../api/duration.ts';
import type { QueryError, QueryErrorKind } from '../../engine/analysis/query-types.ts';
import type { MetricsAnswer, ProviderLookup, SamplerClock } from './types.ts';

export interface QueryLoopParts {
  readonly clock: SamplerClock;
  readonly intervalMs: number;
  readonly expression: string;
  /** Whom to ask this time; undefined: nobody. */
  readonly find: () => ProviderLookup | undefined;
  /** `atMs`: when the question was sent. */
  readonly onAnswer: (atMs: number, answer: MetricsAnswer) => void;
}

/** Asks one question again and again, one at a time, from start to start of the interval. */
export interface QueryLoop {
  start(): void;
  /** Ends the loop and what is under way; no answer comes after it. */
  stop(): void;
}

/** A provider keeps its own time-out; one that does not is left alone this much later. */
const GRACE_MS = 1000;

export function createQueryLoop(parts: QueryLoopParts): QueryLoop {
  const { clock, intervalMs, onAnswer } = parts;
  let isStopped = false;
  let isAsking = false;
  let isDue = false;
  let cancelTimer = () => {};
  let abort = () => {};

  function tick(): void {
    if (isStopped) return;
    cancelTimer = clock.setTimer(intervalMs, tick);
    if (isAsking) {
      isDue = true;
      return;
    }
    isAsking = true;
    const controller = new AbortController();
    abort = () => controller.abort();
    const atMs = clock.now();
    askOnce(parts, controller).then(
      (answer) => settle(atMs, answer),
      (error) => settle(atMs, thrown(error)),
    );
  }

  function settle(atMs: number, answer: MetricsAnswer): void {
    if (isStopped) return;
    isAsking = false;
    onAnswer(atMs, answer);
    if (!isDue) return;
    isDue = false;
    cancelTimer();
    tick();
  }

  function stop(): void {
    isStopped = true;
    cancelTimer();
    abort();
  }

  return { start: tick, stop };
}

async function askOnce(
  { clock, expression, find }: QueryLoopParts,
  controller: AbortController,
): Promise<MetricsAnswer> {
  const lookup = find();
  if (!lookup) return failed('not-found', 'nobody to ask');
  if ('problem' in lookup) return { error: lookup.problem };
  const { provider, timeoutMs } = lookup;
  const { promise: late, resolve } = Promise.withResolvers<MetricsAnswer>();
  const cancel = clock.setTimer(timeoutMs + GRACE_MS, () => {
    resolve(failed('timeout', `no answer in ${formatDuration(timeoutMs)}`));
    controller.abort();
  });
  try {
    return await Promise.race([late, provider.query(expression, { timeoutMs, signal: controller.signal })]);
  } finally {
    cancel();
  }
}

function thrown(error: unknown): MetricsAnswer {
  return failed('connection', error instanceof Error ? error.message : String(error));
}

function failed(kind: QueryErrorKind, detail: string): { readonly error: QueryError } {
  return { error: { kind, detail } };
}
