// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import { done } from '../../runtime/result.ts';
import type { StoreSink } from '../../runtime/store.ts';
import { fromYaml, put, SERVICE, shownIn } from './test-objects.ts';
import { canaryWith, HASH, TestReconcile } from './test-reconcile.ts';

let test: TestReconcile;

beforeEach(() => {
  test = new TestReconcile();
});

/** The store hears of the status that was applied last, if any was. */
function showStatus(): void {
  const isApplied = test.written().includes('apply canaries web');
  const metadata = { resourceVersion: '101' };
  if (isApplied) put(test.stores, 'canaries', canaryWith({ metadata, status: test.status() }));
}

describe('a Canary', () => {
  it('that the first list told as it was a while ago is not written before the store has caught up', async () => {
    const newer = canaryWith({
      metadata: { resourceVersion: '9' },
      status: { observedGeneration: 3, stage: 'Idle', specReplicas: 5, stable: { revision: HASH } },
    });
    test.server.live = (plural) => (plural === 'canaries' ? [newer] : shownIn(test.stores, plural));
    expect(await test.reconcileOnce()).toEqual({ kind: 'requeue', afterMs: 0 });
    const waiting = test.reconcileOnce();
    await test.clock.advance(2010);
    expect(await waiting).toEqual({ kind: 'requeue', afterMs: 2000 });
    expect(test.server.calls).toEqual([]);
    expect(test.told).toEqual([]);
    put(test.stores, 'canaries', newer);
    await test.reconcileOnce();
    expect(test.status().stable?.revision).toBe(HASH);
  });

  it('of which the store hears while it is read live is not written from what was decided before', async () => {
    test.server.live = (plural) => {
      const newer = canaryWith({ metadata: { resourceVersion: '9' }, spec: { suspend: true } });
      if (plural === 'canaries') put(test.stores, 'canaries', newer);
      return shownIn(test.stores, plural);
    };
    expect(await test.reconcileOnce()).toEqual({ kind: 'requeue', afterMs: 0 });
    expect(test.server.calls).toEqual([]);
    await test.reconcileOnce();
    expect(test.written()).toEqual(['apply canaries web']);
    expect(test.status().phase).toBe('Suspended');
  });

  it('is not written by a process whose watch of a Service has not told what another one wrote', async () => {
    const service = fromYaml(SERVICE);
    const pinned = { ...service, metadata: { ...service.metadata, resourceVersion: '18' } };
    test.server.live = (plural) => (plural === 'services' ? [pinned] : shownIn(test.stores, plural));
    expect(await test.reconcileOnce()).toEqual({ kind: 'requeue', afterMs: 0 });
    const waiting = test.reconcileOnce();
    await test.clock.advance(2010);
    expect(await waiting).toEqual({ kind: 'requeue', afterMs: 2000 });
    expect(test.server.calls).toEqual([]);
    put(test.stores, 'services', pinned);
    expect(await test.reconcileOnce()).toEqual(done);
    expect(test.written()).toEqual([`create deployments web-${HASH}`, 'apply canaries web']);
  });

  it.each<[string, number, () => void]>([
    [
      'its spec was wrong then',
      2000,
      () =>
        put(
          test.stores,
          'canaries',
          canaryWith({ spec: { replicas: -1 }, metadata: { resourceVersion: '2' } }),
        ),
    ],
    [
      'what it reads cannot be read',
      2000,
      () => (test.parts = { ...test.parts, config: { read: () => Promise.reject(new Error('no answer')) } }),
    ],
    [
      'it is to be deleted',
      0,
      () => {
        const metadata = { deletionTimestamp: '2026-11-21T12:00:00Z', resourceVersion: '2' };
        put(test.stores, 'canaries', canaryWith({ metadata }));
      },
    ],
  ])('that the first list told as it was is not written either when %s', async (_, afterMs, act) => {
    act();
    test.server.live = () => [canaryWith({ metadata: { resourceVersion: '9' } })];
    expect(await test.reconcileOnce()).toEqual({ kind: 'requeue', afterMs });
    expect(test.server.calls).toEqual([]);
    expect(test.events).toEqual([]);
  });

  it('that cannot be read live is not written, and is tried again', async () => {
    test.server.live = () => {
      throw new Error('503');
    };
    await expect(test.reconcile()).rejects.toThrow('503');
    expect(test.server.calls).toEqual([]);
    expect(test.events).toEqual([]);
  });

  it('is read live once in the life of a process, before its first write', async () => {
    let reads = 0;
    test.server.live = (plural) => {
      if (plural === 'canaries') reads += 1;
      return shownIn(test.stores, plural);
    };
    test.server.refuse('create', 409, 'Conflict');
    await expect(test.reconcile()).rejects.toThrow('refused with 409');
    expect(await test.reconcile()).toEqual(done);
    expect(test.written()).toHaveLength(3);
    expect(reads).toBe(1);
  });

  it.each([
    [409, 1],
    [403, 1],
    [500, 2],
    [503, 2],
  ])('is read live again after a write that was answered with %i: %i reads in all', async (status, total) => {
    let reads = 0;
    test.server.live = (plural) => {
      if (plural === 'services') reads += 1;
      return shownIn(test.stores, plural);
    };
    test.server.refuse('create', status, 'Refused');
    await expect(test.reconcile()).rejects.toThrow(`refused with ${status}`);
    showStatus();
    expect(await test.reconcile()).toEqual(done);
    expect(reads).toBe(2 * total);
  });

  it('whose status may have been written by a call without an answer is not decided from the old one', async () => {
    const newer = canaryWith({
      metadata: { resourceVersion: '9' },
      status: { observedGeneration: 3, stage: 'Idle', specReplicas: 5, stable: { revision: HASH } },
    });
    await test.reconcileOnce();
    test.server.refuse('create', 500, 'InternalError');
    test.server.live = (plural) => (plural === 'canaries' ? [newer] : shownIn(test.stores, plural));
    expect(await test.reconcileOnce()).toEqual({ kind: 'requeue', afterMs: 2000 });
    expect(test.written()).toEqual([`create deployments web-${HASH}`]);
    expect(test.events).toEqual([]);
    put(test.stores, 'canaries', newer);
    await test.reconcile();
    expect(test.status().stable?.revision).toBe(HASH);
  });

  it('is read live again after a break in what is seen of the cluster', async () => {
    let reads = 0;
    test.server.live = (plural) => {
      if (plural === 'canaries') reads += 1;
      return shownIn(test.stores, plural);
    };
    await test.reconcile();
    test.seenSinceMs = 7000;
    (test.stores.deployments as unknown as StoreSink).advance('200');
    put(
      test.stores,
      'canaries',
      canaryWith({ metadata: { resourceVersion: '201' }, spec: { suspend: true } }),
    );
    expect(await test.reconcile()).toEqual(done);
    expect(test.status().phase).toBe('Suspended');
    expect(reads).toBe(2);
  });
});
