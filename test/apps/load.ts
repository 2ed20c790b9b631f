// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { loadBinary } from './build.ts';
import { type LoadLines, parseLoadLines, type Second, type Summary } from './load-lines.ts';

export interface LoadOptions {
  /** The address to connect to, `http://host:port/path`. */
  url: string;
  /** The Host header; by default that of the url. */
  host?: string;
  ratePerSecond: number;
  /** By default the run goes on until `stop`. */
  durationSeconds?: number;
  connections?: 'keepalive' | 'fresh' | 'both';
  timeoutMs?: number;
  maxOutstanding?: number;
  /** Where the JSON lines go; by default a new temporary folder. */
  outPath?: string;
  /** Shows one line of progress on this process's standard error. */
  progress?: boolean;
}

export interface Load {
  readonly outPath: string;
  /** The seconds that have passed so far. */
  seconds(): Second[];
  /**
   * Resolves when the seconds so far satisfy the condition. Throws when they do not within the time, or
   * when the run has ended without it.
   */
  waitFor(what: string, condition: (seconds: Second[]) => boolean, withinMs: number): Promise<void>;
  /** Resolves when the run has ended by itself; throws with its last words when it failed. */
  summary(): Promise<Summary>;
  /** Ends the sending, waits for the outstanding answers and resolves to the summary; harmless when ended. */
  stop(): Promise<Summary>;
}

const pollMs = 100;

/** Starts the load generator as a child of this process, so in the network namespace of this process. */
export async function startLoad(options: LoadOptions): Promise<Load> {
  const binary = await loadBinary();
  const outPath = options.outPath ?? join(await mkdtemp(join(tmpdir(), 'headway-load-')), 'load.jsonl');
  // Who measures must not wait for a processor.
  const measured = ['-n', '-10', binary, ...loadArguments(options, outPath)];
  const child = spawn('nice', measured, { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = watchEnd(child, options.progress ?? false);
  const lines = (): LoadLines =>
    existsSync(outPath) ? parseLoadLines(readFileSync(outPath, 'utf8')) : { seconds: [] };

  let stopping = false;

  async function summary(): Promise<Summary> {
    const problem = await end.ended;
    const last = lines().summary;
    if (problem !== '' || last === undefined) {
      throw new Error(`the load generator failed: ${problem || `${outPath} has no summary`}`);
    }
    return last;
  }

  return {
    outPath,
    seconds: () => lines().seconds,
    waitFor: (what, condition, withinMs) =>
      waitForSeconds(what, { condition, lines, withinMs, isRunning: end.isRunning }),
    summary,
    stop() {
      // Once only: a second signal would end the process without its outstanding answers.
      if (!stopping) {
        stopping = true;
        child.kill('SIGTERM');
      }
      return summary();
    },
  };
}

/** The command line of a run; an option that is absent is left to the generator's default. */
export function loadArguments(options: LoadOptions, outPath: string): string[] {
  const { url, ratePerSecond, host, durationSeconds, connections, timeoutMs, maxOutstanding } = options;
  const args = [`--url=${url}`, `--rate=${ratePerSecond}`, `--out=${outPath}`];
  const optional: [string, string | number | undefined][] = [
    ['host', host],
    ['duration', durationSeconds === undefined ? undefined : `${durationSeconds}s`],
    ['connections', connections],
    ['timeout', timeoutMs === undefined ? undefined : `${timeoutMs}ms`],
    ['max-outstanding', maxOutstanding],
  ];
  for (const [name, value] of optional) {
    if (value !== undefined) {
      args.push(`--${name}=${value}`);
    }
  }
  return options.progress === true ? [...args, '--progress'] : args;
}

interface End {
  /** Why the process failed; empty when it ended well. Never rejects: nobody may be waiting. */
  ended: Promise<string>;
  isRunning: () => boolean;
}

function watchEnd(child: ChildProcess, progress: boolean): End {
  let running = true;
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    if (progress) {
      process.stderr.write(chunk);
    }
    errors = (errors + chunk.toString()).slice(-4000);
  });
  const ended = new Promise<string>((resolve) => {
    const finish = (problem: string): void => {
      running = false;
      resolve(problem);
    };
    child.on('error', (error) => finish(error.message));
    child.on('close', (code, signal) => {
      finish(code === 0 ? '' : `${signal ?? `exit code ${code}`} ${errors}`.trim());
    });
  });
  return { ended, isRunning: () => running };
}

interface Wait {
  condition: (seconds: Second[]) => boolean;
  lines: () => LoadLines;
  withinMs: number;
  isRunning: () => boolean;
}

async function waitForSeconds(what: string, { condition, lines, withinMs, isRunning }: Wait): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    // Read before the lines: what a run that has ended wrote last must be seen.
    const wasRunning = isRunning();
    const { seconds } = lines();
    if (condition(seconds)) {
      return;
    }
    const recent = seconds
      .slice(-3)
      .map((second) => JSON.stringify(second))
      .join('\n');
    if (!wasRunning) {
      throw new Error(`${what}: the load ended before that\n${recent}`);
    }
    if (performance.now() >= deadline) {
      throw new Error(`${what}: not within ${withinMs} ms\n${recent}`);
    }
    await delay(pollMs);
  }
}
