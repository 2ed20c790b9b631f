// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createWorkQueue } from './create-work-queue.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { LANES, type Lane, type WorkItem, type WorkQueue } from './work-queue.ts';

let clock: FakeClock;
let queue: WorkQueue;

beforeEach(() => {
  clock = createFakeClock();
  queue = createWorkQueue({ name: 'q', clock });
});

async function takeAll(): Promise<WorkItem[]> {
  const items: WorkItem[] = [];
  while (queue.depth > 0) {
    const item = await queue.get();
    if (item) items.push(item);
  }
  for (const { key } of items) queue.done(key);
  return items;
}

async function keys(): Promise<string[]> {
  return (await takeAll()).map(({ key }) => key);
}

describe('order', () => {
  it('is first come first served within a lane, and each key waits once', async () => {
    for (const key of ['a', 'b', 'a', 'c', 'b']) queue.add(key);

    expect(queue.depth).toBe(3);
    expect(await keys()).toEqual(['a', 'b', 'c']);
  });

  it('serves urgent lanes first', async () => {
    for (const lane of LANES.toReversed()) queue.add(lane, { lane });

    expect(await keys()).toEqual([...LANES]);
  });

  it('moves a key up when it is added in a more urgent lane, and never down', async () => {
    queue.add('a', { lane: 'step' });
    queue.add('b', { lane: 'housekeeping' });
    queue.add('b', { lane: 'rollback' });
    queue.add('b', { lane: 'status' });

    const items = await takeAll();

    expect(items.map(({ key, lane }) => [key, lane])).toEqual([
      ['b', 'rollback'],
      ['a', 'step'],
    ]);
  });

  it('gathers the reasons, each once and not without end', async () => {
    queue.add('a', { reason: 'x' });
    for (let count = 0; count < 20; count++) queue.add('a', { reason: `r${count % 10}` });

    const [item] = await takeAll();

    expect(item?.reasons).toEqual(['x', 'r0', 'r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
  });

  it('hands a key to a worker that waits already', async () => {
    const first = queue.get();
    const second = queue.get();

    queue.add('a');
    queue.add('b');

    expect((await first)?.key).toBe('a');
    expect((await second)?.key).toBe('b');
  });
});

describe('a key in work', () => {
  it('is not handed out again until it is given back, then once more', async () => {
    queue.add('a');
    await queue.get();
    queue.add('a', { lane: 'rollback', reason: 'x' });
    queue.add('a', { lane: 'housekeeping', reason: 'y' });

    expect(queue.depth).toBe(0);
    queue.done('a');

    expect(await takeAll()).toEqual([{ key: 'a', lane: 'rollback', reasons: ['x', 'y'] }]);
  });

  it('does not come back by itself', async () => {
    queue.add('a');
    await queue.get();
    queue.done('a');

    expect(queue.depth).toBe(0);
  });
});

describe('addAfter', () => {
  it.each([
    ['the first is earlier', 100, 500, 100],
    ['the second is earlier', 500, 100, 100],
    ['both at once', 200, 200, 200],
  ])('earliest wins: %s', async (...row) => {
    const [, firstMs, secondMs, expectedMs] = row;
    queue.addAfter('a', firstMs);
    queue.addAfter('a', secondMs);

    await clock.advance(expectedMs - 1);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(await keys()).toEqual(['a']);
    await clock.advance(10_000);
    expect(queue.depth).toBe(0);
  });

  it('adds at once for no time', () => {
    queue.addAfter('a', 0);

    expect(queue.depth).toBe(1);
  });

  it('keeps the more urgent lane of two waits', async () => {
    queue.addAfter('a', 100, { lane: 'rollback', reason: 'x' });
    queue.addAfter('a', 500, { lane: 'status', reason: 'y' });
    await clock.advance(100);

    expect(await takeAll()).toEqual([{ key: 'a', lane: 'rollback', reasons: ['y'] }]);
  });

  it('is over when the key is taken meanwhile', async () => {
    queue.addAfter('a', 100);
    queue.add('a');
    await keys();

    await clock.advance(1000);

    expect(queue.depth).toBe(0);
  });

  it('counts by the monotonic clock', async () => {
    queue.addAfter('a', 1000);

    clock.jumpWall(7_200_000);
    await clock.advance(999);
    expect(queue.depth).toBe(0);
    clock.jumpWall(-14_400_000);
    await clock.advance(1);

    expect(queue.depth).toBe(1);
  });
});

describe('back-off', () => {
  it('doubles from 5 ms to 1 000 s for each key alone, until it is forgotten', () => {
    const delays = Array.from({ length: 20 }, () => queue.addRateLimited('a'));

    expect(delays.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
    expect(delays.slice(-3)).toEqual([655_360, 1_000_000, 1_000_000]);
    expect(queue.addRateLimited('b')).toBe(5);
    expect(queue.failures('a')).toBe(20);

    queue.forget('a');

    expect(queue.failures('a')).toBe(0);
    expect(queue.addRateLimited('a')).toBe(5);
  });

  it('may be limited, and stays finite after very many failures', () => {
    const delays = Array.from({ length: 1200 }, () => queue.addRateLimited('a', { maxMs: 10_000 }));

    expect(Math.max(...delays)).toBe(10_000);
    expect(queue.addRateLimited('a')).toBe(1_000_000);
  });

  it('adds the key when it is over', async () => {
    queue.addRateLimited('a', { reason: 'retry' });

    await clock.advance(5);

    expect(await takeAll()).toEqual([{ key: 'a', lane: 'status', reasons: ['retry'] }]);
  });
});

describe('shutDown', () => {
  it('ends waiting workers, drops what waits, takes nothing more', async () => {
    const worker = queue.get();
    queue.addAfter('later', 10);

    await queue.shutDown();
    queue.add('a');
    queue.addAfter('b', 1);
    await clock.advance(100);

    expect(await worker).toBeUndefined();
    expect(await queue.get()).toBeUndefined();
    expect(queue.depth).toBe(0);
    expect(clock.sleepers()).toBe(0);
  });

  it('waits for keys in work, and does not start them again', async () => {
    queue.add('a');
    queue.add('b');
    await queue.get();
    queue.add('a');
    let ended = false;
    const ending = queue.shutDown().then(() => {
      ended = true;
    });

    await clock.settle();
    expect(ended).toBe(false);
    queue.done('a');
    await ending;

    expect(queue.depth).toBe(0);
    await queue.shutDown();
  });
});

describe('metrics', () => {
  it('tell depth, adds, waits and retries', async () => {
    const told: string[] = [];
    queue = createWorkQueue({
      name: 'q',
      clock,
      metrics: {
        depth: (name, lane, depth) => told.push(`${name} ${lane} depth ${depth}`),
        added: (name, lane) => told.push(`${name} ${lane} added`),
        waited: (name, lane, seconds) => told.push(`${name} ${lane} waited ${seconds}`),
        retried: (name) => told.push(`${name} retried`),
      },
    });

    queue.add('a', { lane: 'step' });
    await clock.advance(1500);
    await queue.get();
    queue.addRateLimited('b');

    expect(told).toEqual([
      'q step added',
      'q step depth 1',
      'q step depth 0',
      'q step waited 1.5',
      'q retried',
    ]);
  });
});

type Command =
  | {
      readonly kind: 'add' | 'after' | 'limited';
      readonly key: string;
      readonly lane: Lane;
      readonly ms: number;
    }
  | { readonly kind: 'advance'; readonly ms: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('add', 'after', 'limited'),
    key: fc.constantFrom('a', 'b', 'c', 'd'),
    lane: fc.constantFrom(...LANES),
    ms: fc.nat(50),
  }),
  fc.record({ kind: fc.constant('advance' as const), ms: fc.nat(30) }),
);

describe('whatever is added whenever', () => {
  it('no key is in work twice at once, and no add is lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(command, { maxLength: 40 }),
        fc.integer({ min: 1, max: 3 }),
        async (commands, workers) => {
          clock = createFakeClock();
          queue = createWorkQueue({ name: 'q', clock });
          const inWork = new Set<string>();
          /** Adds that no reconcile has begun after yet. */
          const owed = new Set<string>();
          const work = async () => {
            for (let item = await queue.get(); item; item = await queue.get()) {
              expect(inWork.has(item.key)).toBe(false);
              inWork.add(item.key);
              owed.delete(item.key);
              await clock.sleep(7);
              inWork.delete(item.key);
              queue.done(item.key);
            }
          };
          const running = Array.from({ length: workers }, work);

          for (const each of commands) await perform(each, owed);
          await clock.advance(2_000_000);

          expect([...owed]).toEqual([]);
          expect(queue.depth).toBe(0);
          await queue.shutDown();
          await Promise.all(running);
        },
      ),
      { numRuns: 60 },
    );
  });

  async function perform(each: Command, owed: Set<string>): Promise<void> {
    if (each.kind === 'advance') return clock.advance(each.ms);
    owed.add(each.key);
    if (each.kind === 'add') queue.add(each.key, { lane: each.lane });
    else if (each.kind === 'after') queue.addAfter(each.key, each.ms, { lane: each.lane });
    else queue.addRateLimited(each.key, { lane: each.lane });
  }
});
