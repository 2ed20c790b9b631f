// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../kube/objects.ts';
import { createStore } from './create-store.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createOwnWrites, type OwnWrites } from './own-writes.ts';
import type { Store, StoreSink } from './store.ts';

const KEY = 'shop/web';

let clock: FakeClock;
let store: Store<unknown> & StoreSink;
let writes: OwnWrites;

function object(
  resourceVersion: string,
  parts: { name?: string; uid?: string; deleting?: boolean } = {},
): KubeObject {
  const { name = 'web', uid = 'u1', deleting = false } = parts;
  const deletionTimestamp = deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {};
  const metadata = { namespace: 'shop', name, uid, resourceVersion, ...deletionTimestamp };
  return { apiVersion: 'v1', kind: 'Service', metadata };
}

beforeEach(() => {
  clock = createFakeClock();
  writes = createOwnWrites(clock);
  store = createStore<unknown>({
    name: 'services',
    project: () => null,
    onError: (where, key, error) => {
      throw new Error(`${where} ${key}`, { cause: error });
    },
  });
  store.upsert(object('9'));
});

describe('with resourceVersions that can be compared', () => {
  it('is caught up where nothing was written', () => {
    expect(writes.isCaughtUp(store, KEY)).toBe(true);
  });

  it.each<[string, () => void, boolean]>([
    ['nothing', () => undefined, false],
    ['an older change of the object, late', () => store.upsert(object('10')), false],
    ['the write', () => store.upsert(object('11')), true],
    ['a later change of the object', () => store.upsert(object('12')), true],
    ['a later change of another object', () => store.upsert(object('12', { name: 'other' })), true],
    ['a bookmark before it', () => store.advance('10'), false],
    ['a bookmark behind it', () => store.advance('100'), true],
    ['its deletion', () => store.remove(object('12')), true],
    ['another object of the name', () => store.upsert(object('13', { uid: 'u2' })), true],
    ['a list from before it', () => store.beginReplace().commit('10'), false],
    ['a list from after it', () => store.beginReplace().commit('11'), true],
  ])('after the write the store hears %s', (_, act, expected) => {
    writes.record(store, object('11'));

    act();

    expect(writes.isCaughtUp(store, KEY)).toBe(expected);
  });

  it('compares as numbers, beyond what a double holds', () => {
    writes.record(store, object('9007199254740993'));

    store.advance('9007199254740992');
    expect(writes.isCaughtUp(store, KEY)).toBe(false);
    store.advance('10000000000000000');
    expect(writes.isCaughtUp(store, KEY)).toBe(true);
  });

  it('is caught up at once when the event was faster than the answer, or the write changed nothing', () => {
    store.upsert(object('12'));
    writes.record(store, object('11'));
    expect(writes.isCaughtUp(store, KEY)).toBe(true);

    writes.record(store, object('12'));
    expect(writes.isCaughtUp(store, KEY)).toBe(true);
  });

  it('waits for the last of several writes', () => {
    writes.record(store, object('11'));
    writes.record(store, object('15'));
    store.upsert(object('11'));

    expect(writes.isCaughtUp(store, KEY)).toBe(false);
  });

  it('knows keys and stores apart', () => {
    const other = createStore<unknown>({ name: 'x', project: () => null, onError: () => undefined });
    writes.record(store, object('11'));

    expect(writes.isCaughtUp(store, 'shop/other')).toBe(true);
    expect(writes.isCaughtUp(other, KEY)).toBe(true);
    expect(writes.isCaughtUp(store, KEY)).toBe(false);
  });
});

describe('with resourceVersions that mean nothing', () => {
  beforeEach(() => store.upsert(object('nine')));

  it.each<[string, () => void, boolean]>([
    ['nothing', () => undefined, false],
    ['another object', () => store.upsert(object('twelve', { name: 'other' })), false],
    ['the write', () => store.upsert(object('eleven')), true],
    ['any change of the object', () => store.upsert(object('twelve')), true],
    ['its deletion', () => store.remove(object('twelve')), true],
  ])('after the write the store hears %s', (_, act, expected) => {
    writes.record(store, object('eleven'));

    act();

    expect(writes.isCaughtUp(store, KEY)).toBe(expected);
  });
});

describe('a delete', () => {
  it.each<[string, () => void, boolean]>([
    ['nothing', () => undefined, false],
    ['a change from before it', () => store.upsert(object('10')), false],
    ['that it is on its way', () => store.upsert(object('11', { deleting: true })), true],
    ['that it is gone', () => store.remove(object('11')), true],
    ['another object of the name', () => store.upsert(object('12', { uid: 'u2' })), true],
  ])('after it the store hears %s', (_, act, expected) => {
    writes.recordDelete(store, KEY, 'u1');

    act();

    expect(writes.isCaughtUp(store, KEY)).toBe(expected);
  });
});

describe('whenCaughtUp', () => {
  it('resolves true once the store has caught up', async () => {
    writes.record(store, object('11'));
    const waiting = writes.whenCaughtUp(store, KEY, { timeoutMs: 1000 });
    await clock.advance(100);
    store.upsert(object('11'));
    await clock.advance(10);

    expect(await waiting).toBe(true);
  });

  it('resolves false when it does not in time', async () => {
    writes.record(store, object('11'));
    const waiting = writes.whenCaughtUp(store, KEY, { timeoutMs: 1000 });
    await clock.advance(1010);

    expect(await waiting).toBe(false);
  });

  it('rejects with the reason of its signal', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    writes.record(store, object('11'));
    const waiting = writes.whenCaughtUp(store, KEY, { timeoutMs: 1000, signal: controller.signal });

    controller.abort(reason);

    await expect(waiting).rejects.toBe(reason);
  });
});
