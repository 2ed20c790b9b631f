// SPDX-License-Identifier: Apache-2.0
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createIo, createScreen, createTerminal } from './process-io.ts';

const UTF8 = { LANG: 'en_US.UTF-8' };

describe('the screen', () => {
  it.each([
    [
      'a terminal',
      { isTTY: true, columns: 132 },
      UTF8,
      { isTerminal: true, columns: 132, hasColor: true, hasUnicode: true },
    ],
    ['a pipe', {}, UTF8, { isTerminal: false, columns: 80, hasColor: false, hasUnicode: true }],
    ['a pipe that says how wide', {}, { COLUMNS: '100' }, { columns: 100, hasUnicode: false }],
    ['a pipe of nonsense', {}, { COLUMNS: 'x' }, { columns: 80 }],
    ['a terminal of no size', { isTTY: true, columns: 0 }, UTF8, { columns: 80 }],
    ['NO_COLOR', { isTTY: true }, { ...UTF8, NO_COLOR: '1' }, { hasColor: false }],
    ['an empty NO_COLOR', { isTTY: true }, { ...UTF8, NO_COLOR: '' }, { hasColor: true }],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, { hasColor: false }],
    ['the C locale', { isTTY: true }, { ...UTF8, LC_ALL: 'C' }, { hasUnicode: false }],
    ['LC_CTYPE before LANG', {}, { LANG: 'C', LC_CTYPE: 'C.utf8' }, { hasUnicode: true }],
  ])('of %s', (_, stdout, env, expected) => expect(createScreen(stdout, env)).toMatchObject(expected));

  it('changes with the window', () => {
    const stdout = { isTTY: true, columns: 80 };
    const screen = createScreen(stdout, {});
    stdout.columns = 40;
    expect(screen.columns).toBe(40);
  });
});

describe('the process', () => {
  const stdout = Object.assign(new EventEmitter(), {
    text: '',
    rows: 50,
    write: (): void => undefined,
  });

  it('is written to and read from', async () => {
    const told: string[] = [];
    const stream = (name: string) => ({ write: (text: string) => told.push(`${name} ${text}`) });
    const io = createIo({
      stdout: Object.assign(new EventEmitter(), stream('out')),
      stderr: stream('err'),
      stdin: Readable.from(['a', 'b']),
      env: UTF8,
    });
    io.out('1');
    io.err('2');
    expect(told).toEqual(['out 1', 'err 2']);
    expect(await io.stdin()).toBe('ab');
    expect(Math.abs(io.now() - Date.now())).toBeLessThan(10_000);
  });

  it('says when its window changes, until nobody listens', () => {
    let count = 0;
    const terminal = createTerminal(stdout);
    expect(terminal.rows()).toBe(50);
    const stop = terminal.onResize(() => (count += 1));
    stdout.emit('resize');
    stop();
    stdout.emit('resize');
    expect(count).toBe(1);
  });
});
