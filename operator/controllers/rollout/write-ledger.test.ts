// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createFakeClock, type FakeClock } from '../../runtime/fake-clock.ts';
import { createOwnWrites } from '../../runtime/own-writes.ts';
import type { StoreSink } from '../../runtime/store.ts';
import type { RolloutStores } from './stores.ts';
import { CANARY, canaryFrom, fromYaml, put, SERVICE, storesWith } from './test-objects.ts';
import { createWriteLedger, type WriteLedger } from './write-ledger.ts';

const KEY = 'shop/web';

let clock: FakeClock;
let stores: RolloutStores;
let ledger: WriteLedger;
let seenSinceMs: number;
const SIGHT = { since: () => seenSinceMs };

beforeEach(() => {
  clock = createFakeClock();
  seenSinceMs = 0;
  stores = storesWith({ canaries: [fromYaml(CANARY)], services: [fromYaml(SERVICE)] });
  ledger = createWriteLedger(createOwnWrites(clock), stores.canaries, SIGHT);
});

function service(resourceVersion: string) {
  const object = fromYaml(SERVICE);
  return { ...object, metadata: { ...object.metadata, resourceVersion } };
}

/** What settle has come to: true, false, or still waiting. */
async function settled(timeoutMs = 2000): Promise<() => boolean | 'waits'> {
  let outcome: boolean | 'waits' = 'waits';
  void ledger.settle(KEY, { timeoutMs, signal: new AbortController().signal }).then((caughtUp) => {
    outcome = caughtUp;
  });
  await clock.settle();
  return () => outcome;
}

describe('settle', () => {
  it('has nothing to wait for at first', async () => {
    expect((await settled())()).toBe(true);
  });

  it('waits until the store shows what was written', async () => {
    ledger.wrote(canaryFrom(), stores.services, service('18'));
    const outcome = await settled();
    expect(outcome()).toBe('waits');
    put(stores, 'services', service('18'));
    await clock.advance(10);
    expect(outcome()).toBe(true);
  });

  it('waits until the store shows that a deleted object is gone', async () => {
    ledger.removed(canaryFrom(), stores.services, { key: 'shop/checkout', uid: 'uid-checkout' });
    const outcome = await settled();
    expect(outcome()).toBe('waits');
    (stores.services as unknown as StoreSink).remove(service('19'));
    await clock.advance(10);
    expect(outcome()).toBe(true);
  });

  it('gives up after its time, and goes on waiting the next time', async () => {
    ledger.wrote(canaryFrom(), stores.services, service('18'));
    const outcome = await settled(50);
    await clock.advance(60);
    expect(outcome()).toBe(false);
    const again = await settled();
    expect(again()).toBe('waits');
    put(stores, 'services', service('20'));
    await clock.advance(10);
    expect(again()).toBe(true);
  });

  it('waits for the status too, which is written beside the ledger', async () => {
    const ownWrites = createOwnWrites(clock);
    ledger = createWriteLedger(ownWrites, stores.canaries, SIGHT);
    const rollout = fromYaml(CANARY);
    ownWrites.record(stores.canaries, {
      ...rollout,
      metadata: { ...rollout.metadata, resourceVersion: '2' },
    });
    const outcome = await settled();
    expect(outcome()).toBe('waits');
    put(stores, 'canaries', { ...rollout, metadata: { ...rollout.metadata, resourceVersion: '2' } });
    await clock.advance(10);
    expect(outcome()).toBe(true);
  });

  it('does not wait for the writes of another Canary, or of one that is forgotten', async () => {
    const other = { metadata: { namespace: 'shop', name: 'other' } };
    ledger.wrote(other, stores.services, service('18'));
    expect((await settled())()).toBe(true);
    ledger.wrote(canaryFrom(), stores.services, service('19'));
    ledger.forget(KEY);
    expect((await settled())()).toBe(true);
  });
});

describe('a Canary', () => {
  it('is met for as long as the cluster is seen without a break', () => {
    expect(ledger.hasMet(KEY)).toBe(false);
    ledger.meet(KEY);
    expect(ledger.hasMet(KEY)).toBe(true);
    seenSinceMs = 7000;
    expect(ledger.hasMet(KEY)).toBe(false);
    ledger.meet(KEY);
    expect(ledger.hasMet(KEY)).toBe(true);
  });

  it.each([() => ledger.doubt(KEY), () => ledger.forget(KEY)])('is met anew after %o', (act) => {
    ledger.meet(KEY);
    act();
    expect(ledger.hasMet(KEY)).toBe(false);
  });
});
