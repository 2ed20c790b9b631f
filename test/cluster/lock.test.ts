// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withLock } from './lock.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'headway-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('withLock', () => {
  it('lets one in after the other', async () => {
    const events: string[] = [];
    const enter = (who: string) =>
      withLock(join(dir, 'lock'), async () => {
        events.push(`${who} in`);
        await new Promise((resolve) => setImmediate(resolve));
        events.push(`${who} out`);
      });
    await Promise.all([enter('a'), enter('b'), enter('c')]);
    expect(events).toHaveLength(6);
    for (let index = 0; index < events.length; index += 2) {
      expect(events[index + 1]).toBe(events[index]?.replace('in', 'out'));
    }
  });

  it('answers what the action answers and passes its error on, free again after both', async () => {
    const path = join(dir, 'made/lock');
    await expect(withLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(path, () => Promise.resolve(7))).toBe(7);
  });

  it('is free when its holder was killed', async () => {
    const path = join(dir, 'lock');
    const module = join(import.meta.dirname, 'lock.ts');
    const program = `import { withLock } from ${JSON.stringify(module)};
      await withLock(${JSON.stringify(path)}, async () => { console.log('held'); await new Promise((r) => setTimeout(r, 60_000)); });`;
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env['PATH'] },
    });
    await once(holder.stdout, 'data');
    holder.kill('SIGKILL');
    expect(await withLock(path, () => Promise.resolve('mine'))).toBe('mine');
  });

  it('says when there can be no lock', async () => {
    await expect(withLock('/proc/lock', () => Promise.resolve())).rejects.toThrow('cannot lock /proc/lock');
  });
});
