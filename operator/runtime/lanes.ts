// SPDX-License-Identifier: Apache-2.0
import { LANES, type Lane } from './work-queue.ts';

/** A key that waits, with everything that was said when it was added. */
export interface QueueEntry {
  readonly key: string;
  readonly lane: Lane;
  readonly reasons: readonly string[];
  /** When it was first added, by the monotonic clock. */
  readonly sinceMs: number;
}

/** Keys ready for a worker, each once, by lane. */
export interface Lanes {
  add(entry: QueueEntry): void;
  /** The oldest of the most urgent lane. */
  take(): QueueEntry | undefined;
  clear(): void;
  readonly size: number;
}

/** Beyond these a log line says nothing more. */
const MAX_REASONS = 8;

/** What two adds of one key amount to: the more urgent lane, all reasons, the earlier time. */
export function mergeEntries(held: QueueEntry, added: QueueEntry): QueueEntry {
  const lane = moreUrgent(held.lane, added.lane);
  const reasons = [...new Set([...held.reasons, ...added.reasons])].slice(0, MAX_REASONS);
  return { key: held.key, lane, reasons, sinceMs: Math.min(held.sinceMs, added.sinceMs) };
}

/** The lane that is served first. */
export function moreUrgent(one: Lane, other: Lane): Lane {
  return LANES.indexOf(one) <= LANES.indexOf(other) ? one : other;
}

/** Empty lanes. `onDepth` is told whenever a lane's length changes. */
export function createLanes(onDepth: (lane: Lane, depth: number) => void): Lanes {
  const lanes = new Map<Lane, Map<string, QueueEntry>>(LANES.map((lane) => [lane, new Map()]));
  const laneOf = new Map<string, Lane>();

  function lane(name: Lane): Map<string, QueueEntry> {
    const found = lanes.get(name);
    if (!found) throw new RangeError(`"${name}" is not a lane`);
    return found;
  }

  function put(entry: QueueEntry): void {
    lane(entry.lane).set(entry.key, entry);
    laneOf.set(entry.key, entry.lane);
    onDepth(entry.lane, lane(entry.lane).size);
  }

  function drop(key: string, name: Lane): void {
    lane(name).delete(key);
    laneOf.delete(key);
    onDepth(name, lane(name).size);
  }

  return {
    add(entry) {
      const name = laneOf.get(entry.key);
      const held = name === undefined ? undefined : lane(name).get(entry.key);
      const merged = held ? mergeEntries(held, entry) : entry;
      if (name !== undefined && merged.lane !== name) drop(entry.key, name);
      put(merged);
    },
    take() {
      for (const [name, entries] of lanes) {
        const first = entries.values().next().value;
        if (!first) continue;
        drop(first.key, name);
        return first;
      }
      return undefined;
    },
    clear() {
      for (const [key, name] of laneOf) drop(key, name);
    },
    get size() {
      return laneOf.size;
    },
  };
}
