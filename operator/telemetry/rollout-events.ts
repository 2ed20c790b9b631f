// SPDX-License-Identifier: Apache-2.0
import type { AnalysisRun, SampleStatus } from '../api/analysis-status.ts';
import type { RolloutStatus } from '../api/rollout-status.ts';
import type { HistoryEntry } from '../api/release-status.ts';

type Status = RolloutStatus | undefined;

/** Releases that ended between two statuses, oldest first. */
export function endedReleases(before: Status, after: RolloutStatus): HistoryEntry[] {
  const known = new Set((before?.history ?? []).map(idOfRelease));
  return (after.history ?? []).filter((entry) => !known.has(idOfRelease(entry))).toReversed();
}

function idOfRelease(entry: HistoryEntry): string {
  return `${entry.revision} ${entry.finishedAt}`;
}

export interface Measurement {
  readonly check: string;
  readonly verdict: MeasurementVerdict;
}

export const MEASUREMENT_VERDICTS = ['good', 'bad', 'no-data'] as const;
type MeasurementVerdict = (typeof MEASUREMENT_VERDICTS)[number];

/** Measurements that were judged between two statuses. */
export function newMeasurements(before: Status, after: RolloutStatus): Measurement[] {
  return [
    ...newInRun(before?.analysis?.step, after.analysis?.step),
    ...newInRun(before?.analysis?.background, after.analysis?.background),
  ];
}

function newInRun(before: AnalysisRun | undefined, after: AnalysisRun | undefined): Measurement[] {
  const isSameRun = before?.startedAt === after?.startedAt && before?.revision === after?.revision;
  const earlier = isSameRun ? before : undefined;
  return (after?.checks ?? []).flatMap(({ name, samples }) => {
    const seen = earlier?.checks.find((check) => check.name === name)?.samples.at(-1)?.at ?? '';
    const fresh = samples.filter(({ at }) => seen === '' || Date.parse(at) > Date.parse(seen));
    return fresh.map((sample) => ({ check: name, verdict: verdictOf(sample) }));
  });
}

function verdictOf({ good }: SampleStatus): MeasurementVerdict {
  if (good === undefined) return 'no-data';
  return good ? 'good' : 'bad';
}

export interface Overwrites {
  readonly manager: string;
  readonly count: number;
}

/** Overwrites by others that were put right between two statuses. */
export function newOverwrites(before: Status, after: RolloutStatus): Overwrites[] {
  return Object.entries(after.fights ?? {}).flatMap(([field, fight]) => {
    const known = before?.fights && Object.hasOwn(before.fights, field) ? before.fights[field] : undefined;
    if (known?.at === fight.at) return [];
    const more = known === undefined ? fight.count : fight.count - known.count;
    return [{ manager: fight.manager ?? 'unknown', count: Math.max(more, 1) }];
  });
}

export interface EndedPause {
  readonly by: string;
  readonly seconds: number;
}

/** The pause that ended between two statuses, if one did. */
export function endedPause(before: Status, after: RolloutStatus, nowMs: number): EndedPause | undefined {
  const pause = before?.pause;
  if (!pause || (after.pause?.since === pause.since && after.pause.by === pause.by)) return undefined;
  const seconds = (nowMs - Date.parse(pause.since)) / 1000;
  return Number.isFinite(seconds) ? { by: pause.by, seconds: Math.max(0, seconds) } : undefined;
}

/** From the decision to roll back until all traffic was on stable, when that was reached between two statuses. */
export function rollbackSeconds(before: Status, after: RolloutStatus): number | undefined {
  const { failure } = after;
  if (!failure?.restoredAt) return undefined;
  if (before?.failure?.at === failure.at && before.failure.restoredAt) return undefined;
  return secondsBetween(failure.at, failure.restoredAt);
}

/** Undefined where a time is missing or no time. Never negative: clocks may be set back. */
export function secondsBetween(from: string | undefined, to: string | undefined): number | undefined {
  const seconds = (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
