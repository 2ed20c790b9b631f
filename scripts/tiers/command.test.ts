// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { follow, withoutColours } from './command.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'headway-command-'));
});
afterEach(() => {
  rmSync(dir, { recursive: true });
});

function shell(script: string) {
  return spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('follow', () => {
  it('keeps both streams in the log and answers the code and the end', async () => {
    const logPath = join(dir, 'deep/one.log');
    const outcome = await follow(shell('echo out; echo err >&2; exit 3'), { title: 'one', logPath });
    expect(outcome.code).toBe(3);
    expect(outcome.tail.split('\n').toSorted()).toEqual(['err', 'out']);
    expect(readFileSync(logPath, 'utf8').trim().split('\n').toSorted()).toEqual(['err', 'out']);
  });

  it('does not lose a last line without its end', async () => {
    const outcome = await follow(shell('printf last'), { title: 'one', logPath: join(dir, 'log') });
    expect(outcome).toEqual({ code: 0, tail: 'last' });
  });

  it('answers 1 for a command that a signal ended', async () => {
    const outcome = await follow(shell('kill -9 $$'), { title: 'one', logPath: join(dir, 'log') });
    expect(outcome.code).toBe(1);
  });

  it('keeps only the last 40 lines for the tail', async () => {
    const outcome = await follow(shell('seq 1 100'), { title: 'one', logPath: join(dir, 'log') });
    expect(outcome.tail.split('\n')).toHaveLength(40);
    expect(outcome.tail.endsWith('\n100')).toBe(true);
  });

  it('throws when the command cannot be started', async () => {
    const child = spawn(join(dir, 'absent'), [], { stdio: ['ignore', 'pipe', 'pipe'] });
    await expect(follow(child, { title: 'one', logPath: join(dir, 'log') })).rejects.toThrow('ENOENT');
  });
});

describe('withoutColours', () => {
  it('leaves only the text', () => {
    expect(withoutColours('\u001b[1m\u001b[31mred\u001b[39m plain')).toBe('red plain');
  });
});
