// SPDX-License-Identifier: Apache-2.0
import type { AuditedWrite } from '../audit.ts';
import type { BadRelease } from '../results.ts';
import type { Shot } from './shots.ts';

const weightAnnotation = 'nginx.ingress.kubernetes.io/canary-weight';

/** When the API server was asked to set the weight back to 0; undefined while that has not happened. */
export function weightZeroAtMs(writes: readonly AuditedWrite[], ingress: string): number | undefined {
  const weights = writes
    .filter((write) => write.resource === 'ingresses' && write.name === ingress && write.code < 300)
    .map(({ annotations, receivedMs }) => ({ weight: Number(annotations[weightAnnotation]), receivedMs }));
  const first = weights.findIndex(({ weight }) => weight > 0);
  if (first < 0) return undefined;
  return weights.slice(first).find(({ weight }) => weight === 0)?.receivedMs;
}

/** What a bad release cost, from its requests and the moment at which its weight was taken back. */
export function judgeRun(interval: string, shots: readonly Shot[], zeroAtMs: number): BadRelease {
  const bad = shots.filter(({ end }) => end === 'bad').map(({ atMs }) => atMs);
  if (bad.length === 0) throw new Error('the bad release gave no bad answer');
  const firstMs = Math.min(...bad);
  return {
    interval,
    weightZeroMs: zeroAtMs - firstMs,
    lastBadMs: Math.max(...bad) - firstMs,
    bad: bad.length,
    sent: shots.length,
    lost: shots.filter(({ end }) => end === 'lost').length,
  };
}
