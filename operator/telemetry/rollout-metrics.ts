// SPDX-License-Identifier: Apache-2.0
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { RolloutStatus } from '../api/rollout-status.ts';
import type { RevisionStatus } from '../api/release-status.ts';
import { type Reason, Reasons } from '../api/reasons.ts';
import { splitKey } from '../runtime/store.ts';
import {
  endedPause,
  endedReleases,
  MEASUREMENT_VERDICTS,
  newMeasurements,
  newOverwrites,
  rollbackSeconds,
  secondsBetween,
} from './rollout-events.ts';
import { createObjectSeries, type SeriesLabels, type SeriesRow } from './series.ts';

/** The bounds of a check, in the unit of its values; a check that is judged by a condition has none. */
interface CheckBounds {
  readonly check: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/** Two statuses of one object: as it was stored, and as it is stored now. */
interface RolloutChange {
  readonly before: RolloutStatus | undefined;
  readonly after: RolloutStatus;
  readonly nowMs: number;
  readonly bounds?: readonly CheckBounds[];
}

export interface RolloutMetrics {
  /**
   * To be called once for every reconcile, after its status was stored, with `before` equal to `after` when nothing
   * was written: the gauges follow `after`, the counters take what differs from `before`.
   */
  recordRollout(kind: string, key: string, change: RolloutChange): void;
  /** To be called for an object that cannot be worked on: its phase is Invalid, whatever was told of it before. */
  stallRollout(kind: string, key: string): void;
  /** Removes every series of a deleted object. */
  forgetRollout(kind: string, key: string): void;
}

/** How a release can end, so that a rate over a first failure is not lost: the counter is there at 0 before it. */
const RELEASE_ENDS: readonly (readonly [string, Reason])[] = [
  ['Promoted', Reasons.Succeeded],
  ['RolledBack', Reasons.AnalysisFailed],
  ['RolledBack', Reasons.CanaryDown],
  ['RolledBack', Reasons.DeadlineExceeded],
  ['RolledBack', Reasons.MetricsMissing],
  ['RolledBack', Reasons.Aborted],
  ['RolledBack', Reasons.RollbackRequested],
  ['Superseded', Reasons.Superseded],
  ['Returned', Reasons.ReturnedToStable],
  ['Returned', Reasons.RollbackWindow],
  ['Refused', Reasons.AnalysisFailed],
  ['Refused', Reasons.DeadlineExceeded],
  ['Refused', Reasons.MetricsMissing],
  ['Refused', Reasons.Aborted],
];

/** Field managers are named by their users; more than this many different ones are counted as `other`. */
const MAX_MANAGERS = 50;

export function createRolloutMetrics(registry: Registry): RolloutMetrics {
  const gauges = createGauges(registry);
  const totals = createTotals(registry);
  const series = createObjectSeries();
  const managers = new Set<string>();

  function managerLabel(manager: string): string {
    if (managers.size >= MAX_MANAGERS && !managers.has(manager)) return 'other';
    managers.add(manager);
    return manager;
  }

  function countMeasurements(key: string, object: SeriesLabels, { before, after }: RolloutChange): void {
    for (const check of checksOf(after)) {
      for (const verdict of MEASUREMENT_VERDICTS) {
        const labels = { ...object, check: check.name, verdict };
        totals.verdicts.inc(labels, 0);
        series.note(key, totals.verdicts, labels);
      }
    }
    for (const measured of newMeasurements(before, after)) totals.verdicts.inc({ ...object, ...measured });
  }

  function countEnds({ before, after, nowMs }: RolloutChange): void {
    for (const { outcome, reason, startedAt, finishedAt } of endedReleases(before, after)) {
      totals.releases.inc({ outcome, reason });
      const seconds = secondsBetween(startedAt, finishedAt);
      if (seconds !== undefined) totals.releaseSeconds.observe({ outcome }, seconds);
    }
    const pause = endedPause(before, after, nowMs);
    if (pause) totals.pauseSeconds.observe({ by: pause.by }, pause.seconds);
    const rollback = rollbackSeconds(before, after);
    if (rollback !== undefined) totals.rollbackSeconds.observe(rollback);
    for (const { manager, count } of newOverwrites(before, after)) {
      totals.overwrites.inc({ manager: managerLabel(manager) }, count);
    }
  }

  return {
    recordRollout(kind, objectKey, change) {
      const object = objectLabels(kind, objectKey);
      const key = seriesKey(kind, objectKey);
      const { after, bounds = [] } = change;
      series.show(key, gauges.info, infoRows(object, after));
      series.show(key, gauges.weight, weightRows(object, after));
      series.show(key, gauges.step, after.step ? [{ labels: object, value: after.step.index }] : []);
      series.show(key, gauges.value, valueRows(object, after));
      series.show(key, gauges.threshold, thresholdRows(object, after, bounds));
      countMeasurements(key, object, change);
      countEnds(change);
    },
    stallRollout(kind, objectKey) {
      const labels = { ...objectLabels(kind, objectKey), phase: 'Invalid', stable: '', candidate: '' };
      series.show(seriesKey(kind, objectKey), gauges.info, [{ labels, value: 1 }]);
    },
    forgetRollout: (kind, key) => series.forget(seriesKey(kind, key)),
  };
}

const OBJECT_LABELS = ['namespace', 'kind', 'name'] as const;

/** Objects of two kinds may have one name. */
function seriesKey(kind: string, key: string): string {
  return `${kind}/${key}`;
}

function createGauges(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name, help, labelNames: [...OBJECT_LABELS, ...labelNames], registers: [registry] });
  return {
    info: gauge(
      'headway_release_info',
      'Always 1: the phase of a release, the version that is stable and the candidate, which is empty at rest.',
      ['phase', 'stable', 'candidate'],
    ),
    weight: gauge('headway_traffic_weight', 'Percent of the traffic of a role (canary, stable), read back.', [
      'role',
    ]),
    step: gauge('headway_step', 'Index of the current step, counted from 0; absent without a release.', []),
    value: gauge(
      'headway_check_value',
      'Newest measured value of a check, in the unit of its query, by role.',
      ['check', 'role'],
    ),
    threshold: gauge('headway_check_threshold', 'Smallest (min) and greatest (max) good value of a check.', [
      'check',
      'bound',
    ]),
  };
}

function createTotals(registry: Registry) {
  const registers = [registry];
  const totals = {
    verdicts: new Counter({
      name: 'headway_check_verdicts_total',
      help: 'Measurements of a check by what they said: good, bad or no-data.',
      labelNames: [...OBJECT_LABELS, 'check', 'verdict'],
      registers,
    }),
    releases: new Counter({
      name: 'headway_releases_total',
      help: 'Releases that ended, by outcome and reason.',
      labelNames: ['outcome', 'reason'],
      registers,
    }),
    overwrites: new Counter({
      name: 'headway_traffic_overwrites_total',
      help: 'Times that somebody else changed the traffic and Headway put it back, by field manager.',
      labelNames: ['manager'],
      registers,
    }),
    releaseSeconds: new Histogram({
      name: 'headway_release_duration_seconds',
      help: 'From the detection of a new revision to the end of its release.',
      labelNames: ['outcome'],
      buckets: [30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 28_800, 86_400, 259_200],
      registers,
    }),
    pauseSeconds: new Histogram({
      name: 'headway_pause_seconds',
      help: 'How long releases waited for a person, by who asked for it: Step, User, NoData or Failure.',
      labelNames: ['by'],
      buckets: [10, 30, 60, 300, 900, 3600, 14_400, 86_400, 604_800],
      registers,
    }),
    rollbackSeconds: new Histogram({
      name: 'headway_rollback_seconds',
      help: 'From the decision to roll back until all traffic is on the stable revision.',
      buckets: [0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120, 300],
      registers,
    }),
  };
  for (const [outcome, reason] of RELEASE_ENDS) totals.releases.inc({ outcome, reason }, 0);
  return totals;
}

function objectLabels(kind: string, key: string): SeriesLabels {
  const { namespace = '', name } = splitKey(key);
  return { namespace, kind, name };
}

function infoRows(object: SeriesLabels, { phase, stable, canary, stage }: RolloutStatus): SeriesRow[] {
  if (!phase) return [];
  const candidate = stage === 'Idle' ? '' : nameOf(canary);
  return [{ labels: { ...object, phase, stable: nameOf(stable), candidate }, value: 1 }];
}

function nameOf(revision: RevisionStatus | undefined): string {
  return revision?.version ?? revision?.revision ?? '';
}

function weightRows(object: SeriesLabels, { stable, weight }: RolloutStatus): SeriesRow[] {
  if (!stable) return [];
  const observed = weight?.observed ?? 0;
  return [
    { labels: { ...object, role: 'canary' }, value: observed },
    { labels: { ...object, role: 'stable' }, value: 100 - observed },
  ];
}

/** Those of a step come last: where a check in the background has the same name, the step's is shown. */
function checksOf({ analysis }: RolloutStatus) {
  return [...(analysis?.background?.checks ?? []), ...(analysis?.step?.checks ?? [])];
}

function valueRows(object: SeriesLabels, status: RolloutStatus): SeriesRow[] {
  return checksOf(status).flatMap(({ name, samples }) => {
    const sample = samples.findLast(({ value }) => value !== undefined);
    const rows = [
      { labels: { ...object, check: name, role: 'canary' }, value: sample?.value },
      { labels: { ...object, check: name, role: 'stable' }, value: sample?.stable },
    ];
    return rows.flatMap(({ labels, value }) => (value === undefined ? [] : [{ labels, value }]));
  });
}

function thresholdRows(
  object: SeriesLabels,
  status: RolloutStatus,
  bounds: readonly CheckBounds[],
): SeriesRow[] {
  const shown = new Set(checksOf(status).map(({ name }) => name));
  return bounds
    .filter(({ check }) => shown.has(check))
    .flatMap(({ check, min, max }) =>
      Object.entries({ min, max }).flatMap(([bound, value]) =>
        value === undefined ? [] : [{ labels: { ...object, check, bound }, value }],
      ),
    );
}
