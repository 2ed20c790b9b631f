// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import xterm from '@xterm/headless';
import { type Cell, cellsOf, textOf } from './cells.ts';

/** A terminal of a person: `script` of util-linux gives the program a pseudo-terminal, xterm.js keeps what it shows. */
export interface Terminal {
  /** Rows of the screen as text, without spaces at their ends and without empty rows at its end. */
  readonly text: () => string;
  readonly cells: () => Cell[][];
  /** Answers as soon as the screen shows it; throws with the screen when it does not come in time. */
  readonly shows: (what: RegExp, withinMs: number) => Promise<void>;
  /** Ctrl-C, and the exit code that it leads to; throws when the program does not end. */
  readonly interrupt: () => Promise<number | null>;
  /** Ends what still runs in it. */
  readonly close: () => void;
}

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly env: NodeJS.ProcessEnv;
}

const CTRL_C = '\u0003';
const endsWithinMs = 30_000;
const pollMs = 50;

/** Runs a line of a shell in a terminal of its own. */
export function openTerminal(line: string, { columns, rows, env }: TerminalOptions): Terminal {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const inside = `stty cols ${columns} rows ${rows}; ${line}`;
  const child = spawn('script', ['--quiet', '--flush', '--return', '--command', inside, '/dev/null'], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdout.on('data', (bytes: Buffer) => screen.write(bytes));
  // Who types into a program that has ended learns it by its exit code.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close') as Promise<[number | null]>;
  // told by whoever waits for the end
  ended.catch(() => undefined);
  const text = () => textOf(cellsOf(screen.buffer.active, screen));
  return {
    text,
    cells: () => cellsOf(screen.buffer.active, screen),
    async shows(what, withinMs) {
      const deadline = performance.now() + withinMs;
      while (!what.test(text())) {
        if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms for ${what} in\n${text()}`);
        await delay(pollMs);
      }
    },
    async interrupt() {
      child.stdin.write(CTRL_C);
      const late = delay(endsWithinMs, 'runs on' as const, { ref: false });
      const code = await Promise.race([ended.then(([one]) => one), late]);
      if (code !== 'runs on') return code;
      throw new Error(`${line} did not end within ${endsWithinMs} ms of Ctrl-C:\n${text()}`);
    },
    close: () => void child.kill(),
  };
}
