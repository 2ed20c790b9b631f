// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../kube/client.ts';
import { KubeConnectionError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import { createEventRecorder, type EventRecorder } from './event-recorder.ts';
import type { RecordedEvent } from './recorded-event.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { refusal } from './fake-resource.ts';
import { silentLog } from './log.ts';

let clock: FakeClock;
let recorder: EventRecorder;
let created: KubeObject[];
let patched: { name: string; series: unknown }[];
let dropped: string[];
let failures: Error[];
/** Calls that neither answer nor fail until their signal aborts. */
let hanging: boolean;

async function fail(options: { signal?: AbortSignal | undefined } | undefined): Promise<void> {
  if (hanging) await clock.sleep(1e9, options?.signal);
  const failure = failures.shift();
  if (failure) throw failure;
}

const client = {
  async create(_: unknown, object: KubeObject, options?: { signal?: AbortSignal }) {
    await fail(options);
    created.push(object);
    return object;
  },
  async mergePatch(
    _: unknown,
    { name }: { name: string },
    change: { patch: { series: unknown }; signal?: AbortSignal },
  ) {
    await fail(change);
    patched.push({ name, series: change.patch.series });
    return {};
  },
} as unknown as Pick<KubeClient, 'create' | 'mergePatch'>;

beforeEach(() => {
  clock = createFakeClock();
  [created, patched, dropped, failures] = [[], [], [], []];
  hanging = false;
  recorder = createEventRecorder({
    client,
    controller: 'headway.dev/operator',
    instance: 'headway-0',
    clock,
    log: silentLog,
    onDropped: (reason) => dropped.push(reason),
  });
});

function event(parts: Partial<RecordedEvent> & { uid?: string } = {}): RecordedEvent {
  const { uid = 'u1', ...rest } = parts;
  const regarding = {
    apiVersion: 'headway.dev/v1alpha1',
    kind: 'Canary',
    namespace: 'shop',
    name: 'web',
    uid,
  };
  return { regarding, type: 'Normal', reason: 'TrafficShifted', note: 'weight 5 to 25', ...rest };
}

async function record(...events: RecordedEvent[]): Promise<void> {
  for (const each of events) recorder.record(each);
  await clock.settle();
}

describe('record', () => {
  it('writes an Event as events.k8s.io/v1 wants it', async () => {
    await record(event());

    expect(created).toEqual([
      {
        apiVersion: 'events.k8s.io/v1',
        kind: 'Event',
        metadata: { namespace: 'shop', name: expect.stringMatching(/^web\.[0-9a-f]+$/) },
        eventTime: '2026-01-01T00:00:00.000000Z',
        reportingController: 'headway.dev/operator',
        reportingInstance: 'headway-0',
        action: 'TrafficShifted',
        type: 'Normal',
        reason: 'TrafficShifted',
        note: 'weight 5 to 25',
        regarding: event().regarding,
      },
    ]);
  });

  it('writes what is about a cluster-scoped object to the namespace default', async () => {
    const regarding = { apiVersion: 'headway.dev/v1alpha1', kind: 'MetricsProvider', name: 'prom', uid: 'u' };

    await record(event({ regarding }));

    expect(created[0]?.metadata.namespace).toBe('default');
  });

  it.each([
    ['ascii', 'x'.repeat(2000), 'x'.repeat(1024)],
    ['never inside a character', `${'x'.repeat(1023)}é`, 'x'.repeat(1023)],
    ['what fits', 'é'.repeat(512), 'é'.repeat(512)],
  ])('cuts the note at 1 024 bytes: %s', async (_, note, expected) => {
    await record(event({ note }));

    expect(created[0]?.['note']).toBe(expected);
  });

  it('gives each Event a name of its own, of at most 253 characters', async () => {
    const regarding = { ...event().regarding, name: 'n'.repeat(253) };

    await record(event({ regarding }), event({ regarding, note: 'other' }));

    const names = created.map(({ metadata }) => metadata.name ?? '');
    expect(new Set(names).size).toBe(2);
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(253);
  });
});

describe('the same event again', () => {
  it('within ten minutes becomes a series', async () => {
    await record(event());
    await clock.advance(60_000);
    await record(event(), event());

    const name = created[0]?.metadata.name;
    expect(created).toHaveLength(1);
    expect(patched).toEqual([
      { name, series: { count: 2, lastObservedTime: '2026-01-01T00:01:00.000000Z' } },
      { name, series: { count: 3, lastObservedTime: '2026-01-01T00:01:00.000000Z' } },
    ]);
  });

  it('after ten minutes is a new Event', async () => {
    await record(event());
    await clock.advance(600_000);
    await record(event());

    expect(created).toHaveLength(2);
    expect(patched).toEqual([]);
  });

  it.each<[string, Partial<RecordedEvent> & { uid?: string }]>([
    ['another object', { uid: 'u2' }],
    ['another reason', { reason: 'Promoted' }],
    ['another note', { note: 'weight 25 to 50' }],
    ['another type', { type: 'Warning' }],
  ])('is not the same: %s', async (_, parts) => {
    await record(event(), event(parts));

    expect(created).toHaveLength(2);
  });

  it('is a new Event when the old one has expired in the API server', async () => {
    await record(event());
    failures = [refusal(404)];
    await record(event());

    expect(created).toHaveLength(2);
    expect(dropped).toEqual([]);
  });
});

describe('limits', () => {
  it('allow 25 Events of an object at once and one more every 30 s, others unaffected', async () => {
    await record(...Array.from({ length: 40 }, (_, index) => event({ note: `n${index}` })));
    expect(created).toHaveLength(25);
    expect(dropped).toEqual(Array.from({ length: 15 }, () => 'rate'));

    await record(event({ uid: 'u2' }));
    expect(created).toHaveLength(26);

    await clock.advance(60_000);
    await record(...Array.from({ length: 5 }, (_, index) => event({ note: `later${index}` })));
    expect(created).toHaveLength(28);
  });

  it('allow 1 000 events to wait', async () => {
    hanging = true;
    await record(...Array.from({ length: 1003 }, (_, index) => event({ uid: `u${index}` })));

    expect(dropped).toEqual(['full', 'full']);
    await Promise.all([recorder.stop(), clock.advance(2000)]);
  });
});

describe('failures', () => {
  it('of the connection are tried again, in order', async () => {
    const away = new KubeConnectionError('connection', { verb: 'create' }, new Error('x'));
    failures = [away, refusal(503), refusal(429)];
    await record(event({ note: 'first' }), event({ note: 'second' }));
    expect(created).toEqual([]);

    await clock.advance(10_000);

    expect(created.map(({ note }) => note)).toEqual(['first', 'second']);
    expect(dropped).toEqual([]);
  });

  it('end after five attempts', async () => {
    failures = Array.from({ length: 5 }, () => refusal(500));
    await record(event({ note: 'lost' }), event({ note: 'next' }));

    await clock.advance(60_000);

    expect(created.map(({ note }) => note)).toEqual(['next']);
    expect(dropped).toEqual(['unreachable']);
  });

  it.each([403, 404, 422])('by refusal (%d) drop the event and go on', async (status) => {
    failures = [refusal(status)];

    await record(event({ note: 'refused' }), event({ note: 'next' }));

    expect(created.map(({ note }) => note)).toEqual(['next']);
    expect(dropped).toEqual(['refused']);
  });
});

describe('stop', () => {
  it('waits for what waits, and takes nothing more', async () => {
    recorder.record(event({ note: 'last' }));

    await recorder.stop();
    await record(event({ note: 'late' }));

    expect(created.map(({ note }) => note)).toEqual(['last']);
    expect(dropped).toEqual(['stopped']);
    expect(clock.sleepers()).toBe(0);
  });

  it('waits no longer than 2 s', async () => {
    hanging = true;
    recorder.record(event({ note: 'a' }));
    recorder.record(event({ note: 'b' }));
    let stopped = false;
    const stopping = recorder.stop().then(() => {
      stopped = true;
    });

    await clock.advance(1999);
    expect(stopped).toBe(false);
    await clock.advance(1);
    await stopping;

    expect(dropped).toEqual(['stopped', 'stopped']);
  });
});
