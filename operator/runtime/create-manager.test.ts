// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Controller } from './controller.ts';
import { createManager } from './create-manager.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { type Log, silentLog } from './log.ts';
import type { Election, Flushable, Manager, Source } from './manager.ts';

let clock: FakeClock;
let story: string[];
let synced: Set<string>;

const log: Log = {
  ...silentLog,
  error: (fields, message) => story.push(`${message}: ${String(fields['part'])}`),
};

beforeEach(() => {
  clock = createFakeClock();
  story = [];
  synced = new Set();
});

function source(name: string): Source {
  return {
    name,
    start: () => story.push(`start ${name}`),
    stop: async () => void story.push(`stop ${name}`),
    hasSynced: () => synced.has(name),
  };
}

function controller(name: string, stop: () => Promise<void> = () => Promise.resolve()): Controller {
  return {
    name,
    start: () => story.push(`work ${name}`),
    stop: async (graceMs: number) => {
      await stop();
      story.push(`rest ${name} within ${graceMs}`);
    },
  } as Partial<Controller> as Controller;
}

const flushable: Flushable = { name: 'events', stop: async () => void story.push('flush') };

function election(acquire: Election['acquire']): Election {
  return {
    async acquire(signal) {
      await acquire(signal);
      story.push('elected');
    },
    release: async () => void story.push('release'),
  };
}

function createTestManager(parts: { election?: Election; controllers?: Controller[] } = {}): Manager {
  const sources = [source('pods'), source('canaries')];
  return createManager({
    sources,
    controllers: [controller('canary')],
    flushables: [flushable],
    clock,
    log,
    ...parts,
  });
}

describe('start', () => {
  it('goes from sources over caches and election to workers', async () => {
    const manager = createTestManager({ election: election(() => clock.sleep(500)) });
    const starting = manager.start();

    await clock.advance(100);
    expect(story).toEqual(['start pods', 'start canaries']);
    expect(manager.ready()).toBe(false);
    expect(manager.pending()).toEqual(['pods', 'canaries']);

    synced.add('pods');
    await clock.advance(100);
    expect(manager.pending()).toEqual(['canaries']);

    synced.add('canaries');
    await clock.advance(20);
    expect(manager.ready()).toBe(true);
    expect(story).toHaveLength(2);

    await clock.advance(500);
    await starting;
    expect(story.slice(2)).toEqual(['elected', 'work canary']);
  });

  it('leads at once without an election', async () => {
    synced = new Set(['pods', 'canaries']);

    await createTestManager().start();

    expect(story).toEqual(['start pods', 'start canaries', 'work canary']);
  });
});

describe('stop', () => {
  beforeEach(() => {
    synced = new Set(['pods', 'canaries']);
  });

  it('runs backwards, once', async () => {
    const manager = createTestManager({ election: election(() => Promise.resolve()) });
    await manager.start();
    story.length = 0;

    const stopping = manager.stop();
    expect(manager.ready()).toBe(false);
    await Promise.all([stopping, manager.stop()]);

    expect(story).toEqual(['rest canary within 3000', 'flush', 'release', 'stop pods', 'stop canaries']);
  });

  it('while waiting for caches ends the start', async () => {
    synced.clear();
    const manager = createTestManager();
    const starting = manager.start();
    await clock.settle();

    await manager.stop();

    await expect(starting).rejects.toThrow('the manager is stopping');
    expect(story).not.toContain('work canary');
  });

  it('while waiting for the Lease ends the start', async () => {
    const manager = createTestManager({ election: election((signal) => clock.sleep(60_000, signal)) });
    const starting = manager.start();
    await clock.advance(100);

    await manager.stop();

    await expect(starting).rejects.toThrow('the manager is stopping');
    expect(story).not.toContain('work canary');
  });

  it('goes on when a part cannot stop in good order', async () => {
    const broken = controller('broken', () => Promise.reject(new Error('stuck')));
    const manager = createTestManager({ controllers: [broken, controller('canary')] });
    await manager.start();
    story.length = 0;

    await manager.stop();

    expect(story.toSorted()).toEqual(
      ['stop failed: broken', 'rest canary within 3000', 'flush', 'stop pods', 'stop canaries'].toSorted(),
    );
  });
});
