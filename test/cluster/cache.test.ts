// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { buildOnce, cacheKey, cacheRoot, folderInputs } from './cache.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'headway-cache-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('cacheRoot', () => {
  it.each([
    [{ XDG_CACHE_HOME: '/x' }, '/x/headway'],
    [{ XDG_CACHE_HOME: '' }, /^\/.*\/\.cache\/headway$/],
    [{}, /^\/.*\/\.cache\/headway$/],
  ])('%j', (env, path) => {
    expect(cacheRoot(env)).toEqual(typeof path === 'string' ? path : expect.stringMatching(path));
  });
});

describe('cacheKey', () => {
  it('is the same for the same inputs, and text equals its bytes', () => {
    expect(cacheKey(['a', 'ü'])).toBe(cacheKey([Buffer.from('a'), Buffer.from('ü')]));
    expect(cacheKey(['a'])).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([[['a', 'bc']], [['abc']], [['bc', 'a']], [['a', 'bc', '']], [[]]])(
    'tells %j from ab, c',
    (inputs) => {
      expect(cacheKey(inputs)).not.toBe(cacheKey(['ab', 'c']));
    },
  );
});

describe('folderInputs', () => {
  it('lists relative paths and contents, sorted, with folders entered', () => {
    mkdirSync(join(dir, 'b'));
    writeFileSync(join(dir, 'b/c'), '2');
    writeFileSync(join(dir, 'a'), '1');
    expect(folderInputs(dir).map(String)).toEqual(['/a', '1', '/b/c', '2']);
  });
});

describe('buildOnce', () => {
  it('builds under another name, and not again', async () => {
    const path = join(dir, 'deep/part');
    const seen: string[] = [];
    const build = async (temporary: string): Promise<void> => {
      seen.push(temporary);
      writeFileSync(temporary, 'built');
      expect(existsSync(path)).toBe(false);
    };
    expect(await buildOnce(path, build)).toBe(path);
    await buildOnce(path, build);
    expect(seen).toEqual([`${path}.partial`]);
    expect(readFileSync(path, 'utf8')).toBe('built');
  });

  it('leaves nothing under the name when the build fails, and starts anew from what was left', async () => {
    const path = join(dir, 'part');
    const failing = buildOnce(path, async (temporary) => {
      writeFileSync(temporary, 'half');
      throw new Error('no disk');
    });
    await expect(failing).rejects.toThrow('no disk');
    expect(existsSync(path)).toBe(false);
    await buildOnce(path, async (temporary) => {
      expect(existsSync(temporary)).toBe(false);
      writeFileSync(temporary, 'whole');
    });
    expect(readFileSync(path, 'utf8')).toBe('whole');
  });

  it('builds once for two at the same time', async () => {
    const path = join(dir, 'part');
    let builds = 0;
    const build = async (temporary: string): Promise<void> => {
      builds += 1;
      writeFileSync(temporary, '');
    };
    await Promise.all([buildOnce(path, build), buildOnce(path, build)]);
    expect(builds).toBe(1);
  });
});
