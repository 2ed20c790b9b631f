// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import type { Second } from '../apps/load-lines.ts';

/** The weight of the canary at a moment, as its status tells it. */
export interface WeightSample {
  readonly atMs: number;
  readonly desired: number;
  readonly observed: number;
}

/** `last second: 1.0.0 91, 1.1.0 10`: who answered, and who answered with errors. */
export function describeTraffic(second: Pick<Second, 'byVersion' | 'appErrors'> | undefined): string {
  if (!second) return 'no answers yet';
  const versions = Object.entries(second.byVersion).toSorted(([a], [b]) => a.localeCompare(b));
  const parts = versions.map(([version, count]) => {
    const errors = second.appErrors[version] ?? 0;
    return errors > 0 ? `${version} ${count} (${errors} errors)` : `${version} ${count}`;
  });
  return `answers in the last second: ${parts.join(', ') || 'none'}`;
}

/** `; success-rate 99.8 (>= 99)` for each check that has measured something. */
export function describeChecks({ analysis }: RolloutStatus): string {
  const checks = [...(analysis?.background?.checks ?? []), ...(analysis?.step?.checks ?? [])];
  const told = checks.flatMap(({ name, limit, samples }) => {
    const value = samples.at(-1)?.value;
    return value === undefined
      ? []
      : [`; ${name} ${Math.round(value * 10) / 10} (${limit ?? 'by its condition'})`];
  });
  return told.join('');
}

/** One row for each weight that was held: how long, desired and observed, and a bar of what was observed. */
export function weightTable(samples: readonly WeightSample[]): string[] {
  const startMs = samples[0]?.atMs ?? 0;
  const changes = samples.filter((sample, i) => {
    const before = samples[i - 1];
    return before?.desired !== sample.desired || before.observed !== sample.observed;
  });
  return changes.map(({ atMs, desired, observed }) => {
    const second = `${((atMs - startMs) / 1000).toFixed(1).padStart(6)} s`;
    return `${second}  desired ${String(desired).padStart(3)}%  observed ${String(observed).padStart(3)}%  ${'#'.repeat(Math.round(observed / 5))}`;
  });
}
