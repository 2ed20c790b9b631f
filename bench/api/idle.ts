// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { isOperatorsWork, type Observer } from '../observer.ts';
import { saying } from '../progress.ts';
import { countsBetween, parseRequestCounts, type RequestCounts } from '../request-counts.ts';
import type { Idle } from '../results.ts';

const quietMs = 15_000;
const windowMs = 180_000;

/** Counts the operator's requests over three minutes in which nothing changes. */
export async function measureIdle(observer: Observer, objects: number): Promise<Idle> {
  await observer.quiet(quietMs);
  const before = await countsOf(observer);
  const startedMs = performance.now();
  const startedAtMs = Date.now();
  const left = (): number => Math.ceil((windowMs - (performance.now() - startedMs)) / 1_000);
  await saying(() => `counting requests at rest: ${left()} s to go`, delay(windowMs));
  const counts = countsBetween(before, await countsOf(observer));
  const seconds = (performance.now() - startedMs) / 1_000;
  const written = observer
    .writes()
    .filter((write) => isOperatorsWork(write) && write.receivedMs >= startedAtMs);
  return {
    objects,
    seconds: Math.round(seconds),
    ...counts,
    writes: written.length,
    callsPerObjectPerMinute: counts.calls / objects / (seconds / 60),
  };
}

async function countsOf({ client }: Observer): Promise<RequestCounts> {
  return parseRequestCounts(await client.raw('GET', '/metrics'));
}
