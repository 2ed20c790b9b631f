// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeApiError, KubeConnectionError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Controller, Reconcile, ReconcileContext } from './controller.ts';
import { createController } from './create-controller.ts';
import { createStore } from './create-store.ts';
import { createWorkQueue } from './create-work-queue.ts';
import { TerminalError, WaitingError } from './errors.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { type Log, silentLog } from './log.ts';
import { done, requeueAfter } from './result.ts';
import type { Store, StoreSink } from './store.ts';
import type { WorkQueue } from './work-queue.ts';

let clock: FakeClock;
let queue: WorkQueue;
let controller: Controller;
let runs: { key: string; atMs: number; context: ReconcileContext }[];
let told: string[];
let logged: Record<string, unknown>[];

const log: Log = {
  ...silentLog,
  warn: (fields, message) => logged.push({ message, ...fields }),
  error: (fields, message) => logged.push({ message, ...fields }),
  child: (bound) => ({
    ...log,
    error: (fields, message) => logged.push({ message, ...bound, ...fields }),
    warn: (fields, message) => logged.push({ message, ...bound, ...fields }),
  }),
};

function create(reconcile: Reconcile, parts: { workers?: number; timeoutMs?: number } = {}): void {
  controller = createController({
    name: 'canary',
    queue,
    clock,
    log,
    metrics: {
      reconciled: (name, outcome) => told.push(`${name} ${outcome}`),
      mapperFailed: (name, store) => told.push(`${name} mapper of ${store}`),
    },
    reconcile: (key, context) => {
      runs.push({ key, atMs: clock.monotonicMs() - 1000, context });
      return reconcile(key, context);
    },
    ...parts,
  });
}

beforeEach(() => {
  clock = createFakeClock();
  queue = createWorkQueue({ name: 'canary', clock });
  runs = [];
  told = [];
  logged = [];
});

afterEach(() => controller.stop(0));

const refused = (status: number) => decodeApiError({ verb: 'get' }, { status, body: '' });
const unreachable = new KubeConnectionError('connection', { verb: 'get' }, new Error('x'));

describe('the outcome of a reconcile', () => {
  it.each<[string, () => Promise<typeof done>, string, number[]]>([
    ['done', async () => done, 'done', [0]],
    ['requeue', async () => requeueAfter(40_000), 'requeue', [0, 40_000, 80_000]],
    [
      'a WaitingError comes back after its own wait',
      () => Promise.reject(new WaitingError('NotReady', 'm', 30_000)),
      'waiting',
      [0, 30_000, 60_000, 90_000],
    ],
    [
      'a TerminalError does not come back',
      () => Promise.reject(new TerminalError('Invalid', 'm')),
      'terminal',
      [0],
    ],
  ])('%s', async (_, reconcile, outcome, times) => {
    create(reconcile);
    queue.add('shop/web');
    controller.start();

    await clock.advance(100_000);

    expect(runs.map(({ atMs }) => atMs)).toEqual(times);
    expect(new Set(told)).toEqual(new Set([`canary ${outcome}`]));
    expect(queue.failures('shop/web')).toBe(0);
  });

  it('any other error is backed off, logged and counted', async () => {
    const boom = new Error('boom');
    create(() => Promise.reject(boom));
    queue.add('shop/web', { reason: 'edited' });
    controller.start();

    await clock.advance(100);

    expect(runs.map(({ atMs }) => atMs)).toEqual([0, 5, 15, 35, 75]);
    expect(told).toEqual(Array.from({ length: 5 }, () => 'canary error'));
    expect(logged[0]).toMatchObject({
      message: 'reconcile failed; trying again',
      controller: 'canary',
      object: 'shop/web',
      reason: 'edited',
      reconcileId: runs[0]?.context.reconcileId,
      err: boom,
      backoffMs: 5,
      failures: 1,
    });
  });

  it('an exception thrown before the first await is an error like any other', async () => {
    create(() => {
      throw new Error('at once');
    });
    queue.add('a');
    controller.start();

    await clock.advance(4);

    expect(told).toEqual(['canary error']);
  });

  it('success ends the back-off', async () => {
    let failing = 3;
    create(async () => {
      failing -= 1;
      if (failing >= 0) throw new Error('not yet');
      return done;
    });
    queue.add('a');
    controller.start();
    await clock.advance(1000);

    expect(told).toEqual(['canary error', 'canary error', 'canary error', 'canary done']);
    expect(queue.failures('a')).toBe(0);
  });

  it.each([
    ['an unreachable API server', unreachable, 10_000],
    ['a 500', refused(500), 10_000],
    ['a 429', refused(429), 10_000],
    ['a 403', refused(403), 60_000],
    ['a bug', new Error('bug'), 1_000_000],
  ])('%s is retried at least every so often', async (_, error, longestMs) => {
    create(() => Promise.reject(error));
    queue.add('a');
    controller.start();

    await clock.advance(4_000_000);

    const gaps = runs.slice(1).map(({ atMs }, index) => atMs - (runs[index]?.atMs ?? 0));
    expect(Math.max(...gaps)).toBe(longestMs);
  });

  it('one that always throws does not delay the others', async () => {
    create(async (key) => {
      if (key === 'poison') throw new Error('poison');
      return done;
    });
    for (const key of ['poison', 'a', 'b', 'c']) queue.add(key);
    controller.start();

    await clock.advance(0);

    expect(runs.map(({ key, atMs }) => `${key} ${atMs}`)).toEqual(['poison 0', 'a 0', 'b 0', 'c 0']);
  });
});

describe('workers', () => {
  it('run so many keys at once, and no key twice', async () => {
    const inWork = new Set<string>();
    const most: number[] = [];
    create(
      async (key) => {
        inWork.add(key);
        most.push(inWork.size);
        await clock.sleep(10);
        inWork.delete(key);
        return done;
      },
      { workers: 3 },
    );
    for (let count = 0; count < 10; count++) queue.add(`k${count}`);
    controller.start();

    await clock.advance(100);

    expect(Math.max(...most)).toBe(3);
    expect(runs).toHaveLength(10);
  });

  it('tell why and under which id', async () => {
    create(async () => done);
    queue.add('a', { lane: 'rollback', reason: 'pods update' });
    queue.add('a', { reason: 'due' });
    queue.add('b');
    controller.start();
    await clock.settle();

    expect(runs[0]?.context).toMatchObject({ reason: 'pods update, due', lane: 'rollback' });
    expect(runs[0]?.context.reconcileId).not.toBe(runs[1]?.context.reconcileId);
  });

  it('have the signal aborted when they take too long, and it counts as an error', async () => {
    create((_, { signal }) => clock.sleep(60_000, signal).then(() => done), { timeoutMs: 1000 });
    queue.add('a');
    controller.start();

    await clock.advance(1000);

    expect(told).toEqual(['canary error']);
    expect(String(logged[0]?.['err'])).toBe('Error: the reconcile took longer than 1000 ms');
  });
});

describe('stop', () => {
  it('waits for what is in work and starts nothing new', async () => {
    let finished = 0;
    create(
      async () => {
        await clock.sleep(500);
        finished += 1;
        return requeueAfter(1);
      },
      { workers: 1 },
    );
    queue.add('a');
    queue.add('b');
    controller.start();
    await clock.settle();

    const stopping = controller.stop(3000);
    await clock.advance(500);
    await stopping;
    await clock.advance(10_000);

    expect(finished).toBe(1);
    expect(runs.map(({ key }) => key)).toEqual(['a']);
    expect(clock.sleepers()).toBe(0);
  });

  it('aborts what is still in work when the grace is over', async () => {
    create((_, { signal }) => clock.sleep(50_000, signal).then(() => done));
    queue.add('a');
    controller.start();
    await clock.settle();

    const stopping = controller.stop(3000);
    await clock.advance(2999);
    expect(told).toEqual([]);
    await clock.advance(1);
    await stopping;

    expect(told).toEqual(['canary error']);
    expect(String(logged[0]?.['err'])).toBe('Error: canary: stopped after a grace of 3000 ms');
  });

  it('before start lets nothing start', async () => {
    create(async () => done);
    await controller.stop(0);
    controller.start();
    queue.add('a');
    await clock.settle();

    expect(runs).toEqual([]);
  });
});

describe('watch', () => {
  let store: Store<string> & StoreSink;

  function object(name: string, rv: string): KubeObject {
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'shop', name, uid: name, resourceVersion: rv },
    };
  }

  beforeEach(() => {
    create(async () => done);
    store = createStore<string>({
      name: 'pods',
      project: ({ metadata }) => metadata.name ?? '',
      onError: (where, key, error) => told.push(`${where} ${key} ${String(error)}`),
    });
  });

  it('maps what is there at the start, and every change after it', async () => {
    store.upsert(object('before', '1'));
    controller.watch(store, ({ value }, { type }) => [`owner-of-${value}`, { key: type, lane: 'rollback' }]);
    store.upsert(object('before-start', '2'));
    expect(queue.depth).toBe(0);

    controller.start();
    await clock.settle();
    store.upsert(object('before', '3'));
    store.remove(object('before', '4'));
    await clock.settle();

    expect(runs.map(({ key, context }) => `${key} ${context.lane} ${context.reason}`)).toEqual([
      'add rollback pods add',
      'owner-of-before status pods add',
      'owner-of-before-start status pods add',
      'owner-of-before status pods update',
      'update rollback pods update',
      'delete rollback pods delete',
      'owner-of-before status pods delete',
    ]);
  });

  it('asks again with back-off when the mapping throws, others unaffected', async () => {
    let failing = 2;
    controller.watch(store, ({ value }) => {
      if (value === 'bad' && failing-- > 0) throw new Error('cannot map');
      return [value];
    });
    controller.start();
    store.upsert(object('bad', '1'));
    store.upsert(object('good', '2'));
    await clock.settle();

    expect(runs.map(({ key }) => key)).toEqual(['good']);
    expect(told).toEqual(['canary mapper of pods', 'canary done']);

    await clock.advance(3000);

    expect(runs.map(({ key }) => key)).toEqual(['good', 'bad']);
    expect(logged.map(({ message, key }) => `${String(message)}: ${String(key)}`)).toEqual([
      'a change could not be mapped to keys: shop/bad',
      'a change could not be mapped to keys: shop/bad',
    ]);
  });

  it('ends with the controller', async () => {
    controller.watch(store, ({ value }) => [value]);
    controller.start();
    await controller.stop(0);

    store.upsert(object('late', '1'));
    await clock.settle();

    expect(runs).toEqual([]);
    expect(queue.depth).toBe(0);
  });

  it('must be declared before the start', () => {
    controller.start();

    expect(() => controller.watch(store, () => [])).toThrow('canary: watch comes before start');
  });
});
