// SPDX-License-Identifier: Apache-2.0
// Test support: an Io that keeps what is written, and a World whose end the test decides.
import { systemClock } from '../operator/runtime/clock.ts';
import type { Io, Screen } from './command.ts';
import { commandsOf } from './commands.ts';
import { run } from './run.ts';
import { NOW_MS } from './view/test-rollouts.ts';
import type { World } from './world.ts';

export interface TestIo extends Io {
  readonly written: { out: string; err: string };
}

export const PIPE: Screen = { isTerminal: false, columns: 80, hasColor: false, hasUnicode: true };
export const TERMINAL: Screen = { isTerminal: true, columns: 80, hasColor: false, hasUnicode: true };

export function createTestIo(screen: Screen = PIPE): TestIo {
  const written = { out: '', err: '' };
  return {
    written,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    stdin: () => Promise.resolve(''),
    env: {},
    now: () => NOW_MS,
    screen,
  };
}

export interface TestWorld extends World {
  end(): void;
  /** As if the window had got another size. */
  resize(): void;
  readonly listeners: Set<() => void>;
}

export function createTestWorld(rows = 40): TestWorld {
  const ending = new AbortController();
  const listeners = new Set<() => void>();
  return {
    clock: systemClock,
    ended: ending.signal,
    terminal: {
      rows: () => rows,
      onResize(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    end: () => ending.abort(new Error('ended by the test')),
    resize() {
      for (const listener of listeners) listener();
    },
    listeners,
  };
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A whole command line, as `kubectl headway` would get it. */
export async function runLine(
  line: readonly string[],
  { screen, world = createTestWorld() }: { screen?: Screen; world?: World } = {},
): Promise<Ran> {
  const io = createTestIo(screen);
  const code = await run(line, io, commandsOf(world));
  return { code, ...io.written };
}
