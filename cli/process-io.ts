// SPDX-License-Identifier: Apache-2.0
import { text } from 'node:stream/consumers';
import type { Io, Screen } from './command.ts';
import type { Terminal } from './world.ts';

type Env = Io['env'];

/** What is read of standard output; `columns` and `rows` change with the window. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

interface Streams {
  readonly stdout: Output;
  readonly stderr: { write(text: string): unknown };
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly env: Env;
}

export function createIo({ stdout, stderr, stdin, env }: Streams): Io {
  return {
    out: (written) => void stdout.write(written),
    err: (written) => void stderr.write(written),
    stdin: () => text(stdin),
    env,
    now: () => Date.now(),
    screen: createScreen(stdout, env),
  };
}

const DEFAULT_COLUMNS = 80;

export function createScreen(stdout: Pick<Output, 'isTTY' | 'columns'>, env: Env): Screen {
  const isTerminal = stdout.isTTY === true;
  return {
    isTerminal,
    get columns() {
      return (isTerminal && stdout.columns) || Number(env['COLUMNS']) || DEFAULT_COLUMNS;
    },
    // https://no-color.org: set and not empty
    hasColor: isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    hasUnicode: hasUnicode(env),
  };
}

/** By the rules of the C library: the first of these that is set decides. Elsewhere terminals know more than ASCII. */
function hasUnicode(env: Env): boolean {
  if (process.platform === 'win32') return env['WT_SESSION'] !== undefined;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return /utf-?8/i.test(locale);
}

const DEFAULT_ROWS = 24;

export function createTerminal(stdout: Output): Terminal {
  return {
    rows: () => stdout.rows ?? DEFAULT_ROWS,
    onResize(listener) {
      stdout.on('resize', listener);
      return () => void stdout.off('resize', listener);
    },
  };
}
