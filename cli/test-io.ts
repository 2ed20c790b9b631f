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

export interface LineOptions {
  readonly screen?: Screen | undefined;
  readonly world?: World | undefined;
}

/** A whole command line, as `kubectl headway` would get it, while it runs. */
export function startLine(
  line: readonly string[],
  { screen, world = createTestWorld() }: LineOptions = {},
): { readonly written: TestIo['written']; readonly done: Promise<Ran> } {
  const io = createTestIo(screen);
  const done = run(line, io, commandsOf(world)).then((code) => ({ code, ...io.written }));
  return { written: io.written, done };
}

/** A whole command line, to its end. */
export function runLine(line: readonly string[], options: LineOptions = {}): Promise<Ran> {
  return startLine(line, options).done;
}

const WAIT_MS = 10_000;

/** Resolves once something holds; throws when it does not within `waitMs`, ten seconds unless named. */
export async function until(holds: () => boolean, waitMs = WAIT_MS): Promise<void> {
  const endMs = performance.now() + waitMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error(`waited ${waitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
