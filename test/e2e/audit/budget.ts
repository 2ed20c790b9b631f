// SPDX-License-Identifier: Apache-2.0
import { isRollout } from './log.ts';
import type { AuditScope, Moment } from './rules.ts';

/** Writes to one object within one step of the release. */
const budget = 3;

/** I8: counts writes by object and step. The status is counted apart: it holds the samples of the checks. */
export function countByStep(scope: AuditScope, moments: readonly Moment[]): string[] {
  const counts = new Map<string, number>();
  for (const { write, before } of moments) {
    if (write.resource === 'events' || isRollout(write)) continue;
    const { stage = 'Adopting', step, canary, history = [] } = before.status ?? {};
    const place = `${stage} ${canary?.revision ?? ''} step ${step?.index ?? '-'}`;
    // the same revision may be released again
    const key = `${write.resource}/${write.name} in ${place} after ${history.length} releases`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > budget)
    .map(([key, count]) => `I8: ${count} writes to ${key}; ${budget} are enough (${scope.canary})`);
}

/** Writes that changed nothing: the object kept the version it had. */
export function countIdle(moments: readonly Moment[]): number {
  const versions = new Map<string, string>();
  let idle = 0;
  for (const { write } of moments) {
    const version = write.object?.metadata.resourceVersion ?? '';
    const key = `${write.resource}/${write.name}`;
    if (version !== '' && versions.get(key) === version) idle += 1;
    if (version !== '') versions.set(key, version);
  }
  return idle;
}
