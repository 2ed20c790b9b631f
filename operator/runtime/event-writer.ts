// SPDX-License-Identifier: Apache-2.0
import { isNotFound, isOutage } from '../kube/errors.ts';
import type { KubeObject, ObjectName } from '../kube/objects.ts';
import { resources } from '../kube/resources.ts';
import { backoffMs } from './backoff.ts';
import { microTime } from './micro-time.ts';
import type { EventDropReason, EventRecorderParts, RecordedEvent } from './recorded-event.ts';
import { createTokenBuckets } from './token-buckets.ts';

interface EventFailure {
  readonly reason: EventDropReason;
  readonly error: unknown;
}

/** Writes events one by one, each as a new Event or as one more of a series. */
export interface EventWriter {
  /** False when the object has had too many Events lately. Takes a token when true. */
  mayWrite(event: RecordedEvent): boolean;
  /** Tries a few times while the API server is away. Resolves with why it was not written, never rejects. */
  write(event: RecordedEvent, signal: AbortSignal): Promise<EventFailure | undefined>;
}

interface Series {
  readonly ref: ObjectName;
  readonly untilMs: number;
  count: number;
}

const SERIES_MS = 10 * 60_000;
const MAX_SERIES = 4096;
const MAX_NOTE_BYTES = 1024;
const MAX_ATTEMPTS = 5;
const CALL_TIMEOUT_MS = 5000;
const BURST = 25;
const REFILL_MS = 30_000;

/** A writer that remembers no event yet. */
export function createEventWriter(parts: EventRecorderParts): EventWriter {
  const { client, clock } = parts;
  const series = new Map<string, Series>();
  const buckets = createTokenBuckets({ clock, burst: BURST, refillMs: REFILL_MS });
  let count = 0;

  async function create(event: RecordedEvent, signal: AbortSignal): Promise<void> {
    const nowMs = clock.now();
    count += 1;
    const object = eventObject(parts, event, {
      nowMs,
      suffix: `${Math.floor(nowMs).toString(16)}${count.toString(16)}`,
    });
    await client.create(resources.events, object, { signal, timeoutMs: CALL_TIMEOUT_MS });
    const { name = '', namespace } = object.metadata;
    series.set(seriesKey(event), {
      ref: { name, namespace },
      count: 1,
      untilMs: clock.monotonicMs() + SERIES_MS,
    });
  }

  async function extend(held: Series, signal: AbortSignal): Promise<void> {
    held.count += 1;
    const patch = { series: { count: held.count, lastObservedTime: microTime(clock.now()) } };
    await client.mergePatch(resources.events, held.ref, { patch, signal, timeoutMs: CALL_TIMEOUT_MS });
  }

  async function writeOnce(event: RecordedEvent, signal: AbortSignal): Promise<void> {
    forgetOld(series, clock.monotonicMs());
    const held = series.get(seriesKey(event));
    if (!held) return create(event, signal);
    try {
      await extend(held, signal);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await create(event, signal); // the Event has outlived its time in the API server
    }
  }

  async function write(event: RecordedEvent, signal: AbortSignal): Promise<EventFailure | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        signal.throwIfAborted();
        await writeOnce(event, signal);
        return undefined;
      } catch (error) {
        if (signal.aborted) return { reason: 'stopped', error };
        if (!isOutage(error)) return { reason: 'refused', error };
        if (attempt === MAX_ATTEMPTS) return { reason: 'unreachable', error };
        await clock.sleep(backoffMs(attempt, Math.random), signal).catch(() => undefined); // the loop looks at the signal
      }
    }
  }

  return { mayWrite: (event) => buckets.take(event.regarding.uid), write };
}

function seriesKey({ regarding, type, reason, action, note }: RecordedEvent): string {
  return JSON.stringify([regarding.uid, type, reason, action, note]);
}

/** In the order of their making, so the oldest come first. */
function forgetOld(series: Map<string, Series>, nowMs: number): void {
  for (const [key, { untilMs }] of series) {
    if (untilMs > nowMs && series.size <= MAX_SERIES) return;
    series.delete(key);
  }
}

interface Naming {
  readonly nowMs: number;
  readonly suffix: string;
}

function eventObject(parts: EventRecorderParts, event: RecordedEvent, { nowMs, suffix }: Naming): KubeObject {
  const { regarding, type, reason, note } = event;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: {
      namespace: regarding.namespace || 'default',
      name: `${regarding.name.slice(0, 200)}.${suffix}`,
    },
    eventTime: microTime(nowMs),
    reportingController: parts.controller,
    reportingInstance: parts.instance.slice(0, 128),
    action: event.action ?? reason,
    type,
    reason,
    note: cutBytes(note, MAX_NOTE_BYTES),
    regarding,
  };
}

/** Never cuts inside a character. */
function cutBytes(text: string, maxBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  return new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
}
