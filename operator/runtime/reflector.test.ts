// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakeClock } from './fake-clock.ts';
import type { FakeResource } from './fake-resource.ts';
import type { Reflector } from './reflector.ts';
import { createReflectorRig, type ReflectorRig } from './reflector-rig.ts';

let clock: FakeClock;
let resource: FakeResource;
let store: ReflectorRig['store'];
let reflector: Reflector;
let held: ReflectorRig['held'];
let start: ReflectorRig['start'];
let told: string[];
let logged: string[];

beforeEach(() => {
  ({ clock, resource, store, reflector, held, start, told, logged } = createReflectorRig());
});
afterEach(() => reflector.stop());

describe('in good weather', () => {
  it('lists in pages of 500, then watches from there with a random time limit', async () => {
    for (let count = 0; count < 1001; count++) resource.put(`o${count}`);

    await start();

    expect(store.size).toBe(1001);
    expect(reflector.hasSynced()).toBe(true);
    expect(resource.calls.lists.map(({ limit, continue: next }) => [limit, next])).toEqual([
      [500, undefined],
      [500, '500'],
      [500, '1000'],
    ]);
    expect(resource.calls.watches).toMatchObject([{ resourceVersion: '1002', timeoutSeconds: 450 }]);
  });

  it('follows changes', async () => {
    resource.put('a', { n: 1 });
    await start();

    resource.put('a', { n: 2 });
    resource.put('b', { n: 3 });
    resource.remove('a');
    await clock.settle();

    expect(held()).toEqual({ 'shop/b': { n: 3 } });
    expect(told).toEqual(['listed 1', 'MODIFIED', 'ADDED', 'DELETED']);
  });

  it('resumes where a bookmark has brought it when the server ends the watch', async () => {
    await start();
    await clock.advance(60_000);
    resource.bookmark();
    await clock.advance(60_000);

    resource.endWatches('close');
    await clock.settle();

    expect(resource.calls.lists).toHaveLength(1);
    expect(resource.calls.watches.map(({ resourceVersion }) => resourceVersion)).toEqual(['1', '2']);
    expect(store.resourceVersion).toBe('2');
    expect(logged).toEqual([]);
  });

  it('ignores and counts events that it does not know', async () => {
    await start();

    resource.send({ type: 'RENAMED', object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} } });
    resource.put('a');
    await clock.settle();

    expect(told).toEqual(['listed 0', 'UNKNOWN', 'ADDED']);
    expect(resource.calls.watches).toHaveLength(1);
  });
});

describe('a watch that goes wrong', () => {
  it('is given up after 90 s of silence and resumed without loss', async () => {
    await start();
    resource.silenceWatches();
    resource.put('missed');

    await clock.advance(89_999);
    expect(held()).toEqual({});
    await clock.advance(1);

    expect(held()).toEqual({ 'shop/missed': {} });
    expect(told).toEqual(['listed 0', 'idle', 'ADDED']);
    expect(resource.openWatches()).toBe(1);
    expect(resource.calls.lists).toHaveLength(1);
  });

  it('counts the silence from the last sign of life', async () => {
    await start();
    for (let minute = 0; minute < 5; minute++) {
      await clock.advance(60_000);
      resource.bookmark();
    }
    await clock.settle();

    expect(resource.calls.watches).toHaveLength(1);
  });

  it.each(['break', 500, 429] as const)('is resumed from the same resourceVersion after %s', async (how) => {
    await start();
    resource.put('a');
    await clock.settle();
    resource.endWatches(how);
    await clock.settle();
    resource.put('b');

    await clock.advance(1000);

    expect(resource.calls.lists).toHaveLength(1);
    expect(resource.calls.watches.map(({ resourceVersion }) => resourceVersion)).toEqual(['1', '2']);
    expect(Object.keys(held())).toEqual(['shop/a', 'shop/b']);
    expect(logged).toEqual(['warn watch: watch failed; trying again']);
  });

  it.each(['http', 'stream'] as const)(
    'brings a new list after 410 by %s, swapped in at once',
    async (how) => {
      resource.put('a');
      resource.put('stays');
      await start();
      resource.silenceWatches();
      resource.remove('a');
      resource.put('b');
      resource.compact(how);
      const sizes: number[] = [];
      store.onChange(() => sizes.push(store.size));

      await clock.advance(91_000);

      expect(Object.keys(held()).toSorted()).toEqual(['shop/b', 'shop/stays']);
      expect(sizes).toEqual([2, 2]);
      expect(resource.calls.lists).toHaveLength(2);
      expect(told.filter((each) => each === 'expired')).toHaveLength(1);
    },
  );

  it('shows an object that was deleted and made again in between as two', async () => {
    resource.put('a');
    await start();
    resource.silenceWatches();
    const seen: string[] = [];
    store.onChange(({ type, entry }) => seen.push(`${type} ${entry.uid}`));
    resource.remove('a');
    resource.put('a');
    resource.compact('http');

    await clock.advance(91_000);

    expect(seen).toEqual(['delete uid-1', 'add uid-2']);
  });

  it('waits longer and longer, up to 30 s, while watches are refused, and begins anew after success', async () => {
    await start();
    resource.refuseWatches(...Array.from({ length: 8 }, () => 503));
    resource.endWatches('break');
    const times: number[] = [];
    const startMs = clock.monotonicMs();
    for (let second = 0; second < 140; second++) {
      const before = resource.calls.watches.length;
      await clock.advance(1000);
      if (resource.calls.watches.length > before) times.push((clock.monotonicMs() - startMs) / 1000);
    }

    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(times[0]).toBe(1);
    expect(gaps).toEqual([2, 4, 7, 14, 27, 27, 27, 27]);
    resource.put('a');
    await clock.advance(28_000);
    expect(held()).toEqual({ 'shop/a': {} });
    expect(resource.calls.lists).toHaveLength(1);
  });

  it('does not spin when watches end at once without a word', async () => {
    await start();
    for (let round = 0; round < 200; round++) {
      resource.endWatches('close');
      await clock.advance(100);
    }

    expect(resource.calls.watches.length).toBeLessThan(12);
  });

  it('lists again when the same resourceVersion is refused over and over', async () => {
    await start();
    resource.refuseWatches(...Array.from({ length: 5 }, () => 500));
    resource.endWatches('break');

    await clock.advance(200_000);

    expect(resource.calls.lists).toHaveLength(2);
    expect(resource.openWatches()).toBe(1);
  });

  it('never lists again only because it may not watch', async () => {
    await start();
    resource.refuseWatches(...Array.from({ length: 12 }, () => 403));
    resource.endWatches('break');

    await clock.advance(600_000);

    expect(resource.calls.lists).toHaveLength(1);
    expect(logged).toContain('error watch: watch is forbidden; the role of the operator lacks it');
  });
});

describe('a list from before what has been heard', () => {
  async function listAgain(oldLists: number): Promise<void> {
    resource.put('a');
    await start();
    resource.put('b');
    await clock.settle();
    resource.answerOld(oldLists);
    resource.compact('http');
    resource.endWatches('break');
  }

  it('is not believed: what is held stays until a newer one comes', async () => {
    await listAgain(3);
    await clock.advance(3000);
    expect(Object.keys(held())).toEqual(['shop/a', 'shop/b']);
    expect(logged).toContain('warn list: list failed; trying again');
    resource.put('c');
    await clock.advance(30_000);
    expect(Object.keys(held())).toEqual(['shop/a', 'shop/b', 'shop/c']);
  });

  it('is believed when nothing else comes, as after a restored backup', async () => {
    await listAgain(6);
    await clock.advance(15_000);
    expect(Object.keys(held())).toEqual(['shop/a', 'shop/b']);
    await clock.advance(60_000);
    expect(resource.calls.lists).toHaveLength(7);
    expect(told.filter((each) => each === 'listed 0')).toHaveLength(1);
  });
});

describe('a list that goes wrong', () => {
  it.each([500, 403, 404, 429])('is tried again after %d until it works', async (status) => {
    resource.put('a');
    resource.refuseLists(status, status, status);

    await start();
    expect(reflector.hasSynced()).toBe(false);
    await clock.advance(7000);

    expect(reflector.hasSynced()).toBe(true);
    expect(held()).toEqual({ 'shop/a': {} });
    expect(logged).toHaveLength(3);
    expect(logged[0]).toMatch(status === 403 ? /^error list: list is forbidden/ : /^warn list: list failed/);
  });

  it('asks for everything at once when a page token has expired', async () => {
    for (let count = 0; count < 501; count++) resource.put(`o${count}`);
    resource.refuseLists(410);

    await start();
    await clock.advance(1000);

    expect(resource.calls.lists.map(({ limit }) => limit)).toEqual([500, undefined]);
    expect(store.size).toBe(501);
  });
});

it('a 404 for a resource that must be there is an error, and nothing is synced', async () => {
  resource.refuseLists(404);
  await start();
  expect(reflector.hasSynced()).toBe(false);
  expect(logged).toEqual(['warn list: list failed; trying again']);
});

describe('stop', () => {
  it.each([
    ['while it watches', async () => undefined],
    [
      'while it waits to try again',
      async () => {
        resource.refuseWatches(500, 500);
        resource.endWatches('break');
        await clock.settle();
      },
    ],
    ['while an event is on its way', async () => void resource.put('late')],
  ])('ends everything: %s', async (_, prepare) => {
    await start();
    await prepare();
    const changes: unknown[] = [];
    store.onChange((event) => changes.push(event));

    await reflector.stop();
    const { lists, watches } = resource.calls;
    const before = [lists.length, watches.length];
    resource.put('b');
    await clock.advance(600_000);

    expect([lists.length, watches.length]).toEqual(before);
    expect(changes).toEqual([]);
    expect(resource.openWatches()).toBe(0);
    expect(clock.sleepers()).toBe(0);
  });

  it('ends a list before its pages are taken in', async () => {
    resource.put('a');
    reflector.start();

    await reflector.stop();

    expect(reflector.hasSynced()).toBe(false);
    expect(store.size).toBe(0);
  });

  it('before start leaves nothing to do', async () => {
    await reflector.stop();
    await start();

    expect(resource.calls.lists).toEqual([]);
  });
});
