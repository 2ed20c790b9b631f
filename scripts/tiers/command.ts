// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Watching {
  /** Named in the progress line. */
  title: string;
  /** Gets everything the command says. */
  logPath: string;
  /** Shows a line of the command at once; the others only go to the log. */
  isShown?: (line: string) => boolean;
  /** Time between two lines that say it is still at it; 0: none. Default 10 000 ms. */
  progressMs?: number;
}

export interface Outcome {
  /** 0 when all is well; 1 also after a signal. */
  code: number;
  /** The end of what it said, without colours. */
  tail: string;
}

const defaultProgressMs = 10_000;
const keptLines = 40;

/** Follows a child with piped output to its end; says now and then that it is still at it. */
export async function follow(child: ChildProcess, watching: Watching): Promise<Outcome> {
  mkdirSync(dirname(watching.logPath), { recursive: true });
  const log = createWriteStream(watching.logPath);
  const lines: string[] = [];
  const started = performance.now();
  const onLine = (line: string): void => {
    log.write(`${line}\n`);
    lines.push(line);
    lines.splice(0, Math.max(0, lines.length - keptLines));
    if (watching.isShown?.(line)) console.log(`  ${line}`);
  };
  for (const stream of [child.stdout, child.stderr]) splitLines(stream, onLine);
  const { title, progressMs = defaultProgressMs } = watching;
  const progress = setInterval(() => {
    if (progressMs > 0) console.log(`  ${title}: ${seconds(started)} s`);
  }, progressMs || defaultProgressMs);
  try {
    const code = await endOf(child);
    return { code, tail: lines.join('\n').trim() };
  } finally {
    clearInterval(progress);
    await new Promise<void>((resolve) => log.end(resolve));
  }
}

function splitLines(stream: ChildProcess['stdout'], onLine: (line: string) => void): void {
  let open = '';
  stream?.on('data', (chunk: Buffer) => {
    const parts = (open + withoutColours(chunk.toString())).split(/\r?\n/);
    open = parts.pop() ?? '';
    for (const line of parts) onLine(line);
  });
  stream?.on('end', () => {
    if (open !== '') onLine(open);
  });
}

function endOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

/** Text without the escape sequences that colour a terminal. */
export function withoutColours(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
  return text.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '');
}

/** Whole seconds since a moment of performance.now(). */
export function seconds(started: number): string {
  return ((performance.now() - started) / 1_000).toFixed(0);
}
