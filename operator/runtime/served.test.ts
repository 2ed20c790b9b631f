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
let logged: string[];
/** What was told, with the size of the store at that moment. */
let told: [isServed: boolean, size: number][];

beforeEach(() => {
  told = [];
  const onServed = (isServed: boolean) => told.push([isServed, store.size]);
  ({ clock, resource, store, reflector, held, start, logged } = createReflectorRig({ onServed }));
});
afterEach(() => reflector.stop());

function refuseWith404(lists: number): void {
  resource.refuseLists(...Array.from({ length: lists }, () => 404));
}

describe('a resource that the API server may not serve', () => {
  it('is an empty store that is synced at once', async () => {
    refuseWith404(1);
    await start();

    expect(reflector.hasSynced()).toBe(true);
    expect(store.hasSynced()).toBe(true);
    expect(held()).toEqual({});
    expect(told).toEqual([[false, 0]]);
    expect(logged).toEqual([]);
  });

  it('costs one list in 27 s on the average while it is absent, for ever', async () => {
    refuseWith404(1000);
    await start();
    await clock.advance(600_000);

    expect(resource.calls.lists.length).toBe(1 + Math.floor(600 / 27));
    expect(resource.calls.watches).toEqual([]);
    expect(told).toEqual([[false, 0]]);
  });

  it('fills the store within 30 s of its appearance, however long that took', async () => {
    refuseWith404(10);
    resource.put('a');
    await start();
    await clock.advance(9 * 27_000);
    expect(held()).toEqual({});

    await clock.advance(30_000);

    expect(held()).toEqual({ 'shop/a': {} });
    expect(told).toEqual([
      [false, 0],
      [true, 1],
    ]);
    resource.put('b');
    await clock.settle();
    expect(held()).toEqual({ 'shop/a': {}, 'shop/b': {} });
  });

  it('empties the store when its definition is removed, and fills it when it is installed again', async () => {
    resource.put('a');
    await start();
    await clock.advance(60_000);
    expect(told).toEqual([[true, 1]]);
    resource.refuseWatches(404);
    refuseWith404(3);
    resource.endWatches('close');

    await clock.advance(8000);
    expect(held()).toEqual({});
    await clock.advance(27_000);

    expect(held()).toEqual({ 'shop/a': {} });
    expect(told.map(([isServed]) => isServed)).toEqual([true, false, true]);
  });

  it('keeps the store when an API server that has not heard of it yet answers now and then', async () => {
    resource.put('a');
    await start();
    await clock.advance(60_000);
    resource.refuseWatches(404);
    refuseWith404(2);
    resource.endWatches('close');

    await clock.advance(10_000);

    expect(held()).toEqual({ 'shop/a': {} });
    expect(told).toEqual([[true, 1]]);
    expect(logged).toEqual(
      ['watch', 'list', 'list'].map((verb) => `warn ${verb}: ${verb} failed; trying again`),
    );
  });

  it.each([403, 410, 429, 500, 503])('is not absent for %d: it waits to be synced', async (status) => {
    resource.refuseLists(status);
    await start();
    expect(reflector.hasSynced()).toBe(false);
    expect(told).toEqual([]);

    await clock.advance(2000);
    expect(told).toEqual([[true, 0]]);
  });

  it('is asked no more after a stop', async () => {
    refuseWith404(1000);
    await start();
    await reflector.stop();
    await clock.advance(120_000);
    expect(resource.calls.lists.length).toBe(1);
  });
});
