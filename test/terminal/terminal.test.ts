// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { openTerminal, type TerminalOptions } from './terminal.ts';

const options: TerminalOptions = {
  columns: 40,
  rows: 6,
  env: { PATH: process.env['PATH'], TERM: 'xterm-256color', LC_ALL: 'C.UTF-8' },
};
const soonMs = 60_000;

describe('openTerminal', () => {
  it('is a terminal of its size, in which Ctrl-C ends a program', async () => {
    const terminal = openTerminal('tty -s && stty size && exec sleep 300', options);
    await terminal.shows(/^6 40$/m, soonMs);
    expect(await terminal.interrupt()).toBe(130);
  });

  it('keeps what the program has painted, with its colours', async () => {
    const terminal = openTerminal(
      String.raw`printf 'one\ntwo\033[1;1H\033[1;31mONE\033[0m ✔'; exec sleep 300`,
      options,
    );
    await terminal.shows(/^ONE ✔\ntwo$/, soonMs);
    const [[first] = []] = terminal.cells();
    expect(first).toEqual({ text: 'O', isBold: true, colour: 1 });
    await terminal.interrupt();
  });

  it('says what stands there when something does not come', async () => {
    const terminal = openTerminal('echo other; exec sleep 300', options);
    await terminal.shows(/other/, soonMs);
    await expect(terminal.shows(/never/, 100)).rejects.toThrow(/waited 100 ms for \/never\/ in\nother/);
    await terminal.interrupt();
  });
});
