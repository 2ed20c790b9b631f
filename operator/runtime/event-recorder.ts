// SPDX-License-Identifier: Apache-2.0
import { NO_LONGER_NEEDED } from './clock.ts';
import { createEventWriter } from './event-writer.ts';
import type { EventDropReason, EventRecorderParts, RecordedEvent } from './recorded-event.ts';
import type { Flushable } from './manager.ts';

/**
 * Writes events.k8s.io/v1 Events. `record` returns at once, never throws and never waits: events that cannot be
 * written are dropped and counted, because an event must not hold up what it reports. The same event about the same
 * object within ten minutes becomes one Event with a count. An object may have 25 Events at once and one more every
 * 30 s.
 */
export interface EventRecorder extends Flushable {
  record(event: RecordedEvent): void;
  /** Takes no more events, and waits up to 2 s for those that wait. */
  stop(): Promise<void>;
}

const MAX_WAITING = 1000;
const FLUSH_MS = 2000;

/** A recorder that writes one event after the other, in the background. */
export function createEventRecorder(parts: EventRecorderParts): EventRecorder {
  const { clock, log, onDropped } = parts;
  const writer = createEventWriter(parts);
  const waiting: RecordedEvent[] = [];
  const ending = new AbortController();
  let stopping = false;
  let draining: Promise<void> | undefined;

  function drop(event: RecordedEvent, reason: EventDropReason, err?: unknown): void {
    onDropped?.(reason);
    const { namespace, name } = event.regarding;
    log.warn({ namespace, name, event: event.reason, dropped: reason, err }, 'an event was not written');
  }

  async function drain(): Promise<void> {
    for (let event = waiting.shift(); event; event = waiting.shift()) {
      const failure = await writer.write(event, ending.signal);
      if (failure) drop(event, failure.reason, failure.error);
    }
    draining = undefined;
  }

  return {
    name: 'events',
    record(event) {
      if (stopping) return drop(event, 'stopped');
      if (waiting.length >= MAX_WAITING) return drop(event, 'full');
      if (!writer.mayWrite(event)) return drop(event, 'rate');
      waiting.push(event);
      draining ??= drain();
    },
    async stop() {
      stopping = true;
      const drained = new AbortController();
      const limit = clock.sleep(FLUSH_MS, drained.signal).then(
        () => ending.abort(new Error('the time to write the last events is over')),
        () => undefined, // all are written
      );
      await draining;
      drained.abort(NO_LONGER_NEEDED);
      await limit;
    },
  };
}
