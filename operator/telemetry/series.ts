// SPDX-License-Identifier: Apache-2.0

export type SeriesLabels = Readonly<Record<string, string>>;

/** The part of a prom-client metric that can lose a series. */
interface RemovableMetric {
  remove(labels: SeriesLabels): void;
}

/** A gauge whose series belong to objects. */
export interface ObjectGauge extends RemovableMetric {
  set(labels: SeriesLabels, value: number): void;
}

export interface SeriesRow {
  readonly labels: SeriesLabels;
  readonly value: number;
}

/**
 * Remembers which series an object has, so that a label that goes away and an object that goes away take their series
 * along. Without it every revision and every deleted object would stay in /metrics until the process ends.
 */
export interface ObjectSeries {
  /** Makes `rows` all the series that the object has in this gauge. */
  show(key: string, gauge: ObjectGauge, rows: readonly SeriesRow[]): void;
  /** Notes a series that is written elsewhere, such as a counter's, so that `forget` removes it too. */
  note(key: string, metric: RemovableMetric, labels: SeriesLabels): void;
  /** Removes every series of the object. */
  forget(key: string): void;
}

type Held = Map<RemovableMetric, Map<string, SeriesLabels>>;

export function createObjectSeries(): ObjectSeries {
  const objects = new Map<string, Held>();

  function heldOf(key: string, metric: RemovableMetric): Map<string, SeriesLabels> {
    const held: Held = objects.get(key) ?? new Map();
    objects.set(key, held);
    const series = held.get(metric) ?? new Map<string, SeriesLabels>();
    held.set(metric, series);
    return series;
  }

  return {
    show(key, gauge, rows) {
      const series = heldOf(key, gauge);
      const wanted = new Map(rows.map((row) => [idOf(row.labels), row]));
      for (const [id, labels] of series) {
        if (wanted.has(id)) continue;
        gauge.remove(labels);
        series.delete(id);
      }
      for (const [id, { labels, value }] of wanted) {
        gauge.set(labels, value);
        series.set(id, labels);
      }
    },
    note(key, metric, labels) {
      heldOf(key, metric).set(idOf(labels), labels);
    },
    forget(key) {
      for (const [metric, series] of objects.get(key) ?? []) {
        for (const labels of series.values()) metric.remove(labels);
      }
      objects.delete(key);
    },
  };
}

/** Every call site names its labels in one order. */
function idOf(labels: SeriesLabels): string {
  return JSON.stringify(Object.values(labels));
}
