// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { epochSeconds, readSource } from './source.ts';

let folder = '';

function git(...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  const env = { ...process.env, GIT_COMMITTER_DATE: '2026-01-02T03:04:05Z' };
  return execFileSync('git', ['-C', folder, ...identity, ...args], { encoding: 'utf8', env }).trim();
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'headway-source-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('readSource', () => {
  it('knows nothing outside of a checkout', async () => {
    const nowhere = { revision: 'unknown', created: '1970-01-01T00:00:00Z' };
    expect(await readSource(join(folder, 'none'), {})).toEqual(nowhere);
  });

  it('names the commit and its time', async () => {
    git('init', '--quiet');
    writeFileSync(join(folder, 'a'), '1');
    git('add', 'a');
    git('commit', '--quiet', '--message=a');
    const revision = git('rev-parse', 'HEAD');
    expect(await readSource(folder, {})).toEqual({ revision, created: '2026-01-02T03:04:05Z' });
    writeFileSync(join(folder, 'untracked'), '1');
    expect(await readSource(folder, { SOURCE_DATE_EPOCH: '86400' })).toEqual({
      revision,
      created: '1970-01-02T00:00:00Z',
    });
  });

  it('says when a file differs from the commit', async () => {
    writeFileSync(join(folder, 'a'), '2');
    expect((await readSource(folder, {})).revision).toMatch(/^[0-9a-f]{40}-dirty$/);
  });
});

describe('epochSeconds', () => {
  it.each([
    [{}, undefined],
    [{ SOURCE_DATE_EPOCH: '' }, undefined],
    [{ SOURCE_DATE_EPOCH: '0' }, 0],
    [{ SOURCE_DATE_EPOCH: '1790000000' }, 1_790_000_000],
  ])('of %j is %s', (env, expected) => {
    expect(epochSeconds(env)).toBe(expected);
  });

  it.each(['yesterday', '-1', '1.5'])('refuses %s', (text) => {
    expect(() => epochSeconds({ SOURCE_DATE_EPOCH: text })).toThrow(
      `SOURCE_DATE_EPOCH is "${text}"; it must be seconds since 1970`,
    );
  });
});
