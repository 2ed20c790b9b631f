// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { outcomeOf, run, succeeds } from './shell.ts';

describe('run', () => {
  it('answers the whole output', async () => {
    expect(await run('sh', ['-c', 'echo one; echo two'])).toBe('one\ntwo\n');
  });

  it('gives input, environment and folder', async () => {
    const script = 'cat; echo $WORD; pwd';
    expect(await run('sh', ['-c', script], { input: 'in\n', env: { WORD: 'w' }, cwd: '/' })).toBe(
      'in\nw\n/\n',
    );
  });

  it('does not mind a command that reads no input', async () => {
    expect(await run('true', [], { input: 'x'.repeat(1_000_000) })).toBe('');
  });

  it.each([
    [
      'sh',
      ['-c', 'echo first; echo reason >&2; exit 3'],
      'sh -c echo first; echo reason >&2; exit 3: exit code 3\nreason',
    ],
    ['sh', ['-c', 'kill -9 $$'], 'sh -c kill -9 $$: signal SIGKILL'],
    ['no-such-program', [], 'cannot run no-such-program: spawn no-such-program ENOENT'],
  ])('fails with the reason: %s %j', async (command, args, message) => {
    await expect(run(command, args)).rejects.toThrow(new Error(message));
  });

  it('hands out error lines as they come and keeps the last forty', async () => {
    const lines: string[] = [];
    const failing = run('sh', ['-c', 'seq 100 >&2; exit 1'], { onErrorLine: (line) => lines.push(line) });
    await expect(failing).rejects.toThrow(/exit code 1\n61\n62\n(\d+\n)+100$/);
    expect(lines).toHaveLength(100);
  });
});

describe('succeeds', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['no-such-program', false],
  ])('%s', async (command, expected) => {
    expect(await succeeds(command, [])).toBe(expected);
  });
});

describe('outcomeOf', () => {
  it.each([
    ['echo out; echo err >&2', { code: 0, output: 'out\n', errors: 'err\n' }],
    ['echo out; exit 3', { code: 3, output: 'out\n', errors: '' }],
    ['kill -9 $$', { code: null, output: '', errors: '' }],
  ])('tells how it ended, whatever that is: %s', async (script, expected) => {
    expect(await outcomeOf('sh', ['-c', script])).toEqual(expected);
  });

  it('throws where there is no such program', async () => {
    await expect(outcomeOf('no-such-program', [])).rejects.toThrow('ENOENT');
  });
});
