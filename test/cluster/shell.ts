// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { errorCode } from './error-code.ts';

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
  /** Called with each line of standard error as it comes. */
  onErrorLine?: (line: string) => void;
}

/** Runs a command to its end and answers its standard output; throws with its last words when it fails. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  const errors = lineCollector(options.onErrorLine);
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  child.stdin.on('error', (error) => {
    // A command may end without reading its input; its exit code judges it.
    if (errorCode(error) !== 'EPIPE') {
      errors.push(`${error.message}\n`);
    }
  });
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`cannot run ${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) {
        resolve(Buffer.concat(output).toString());
        return;
      }
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      reject(new Error(`${command} ${args.join(' ')}: ${how}\n${errors.tail()}`.trimEnd()));
    });
  });
}

const keptLines = 40;

interface LineCollector {
  push: (text: string) => void;
  tail: () => string;
}

function lineCollector(onLine: ((line: string) => void) | undefined): LineCollector {
  const lines: string[] = [];
  let open = '';
  return {
    push(text) {
      const parts = (open + text).split('\n');
      open = parts.pop() ?? '';
      for (const line of parts) {
        onLine?.(line);
        lines.push(line);
      }
      lines.splice(0, Math.max(0, lines.length - keptLines));
    },
    tail: () => [...lines, open].join('\n').trim(),
  };
}

/** Whether a command answers with exit code 0. */
export async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return run(command, args).then(
    () => true,
    () => false,
  );
}

/** What a command that has ended said; the code is null when a signal ended it. */
export interface Outcome {
  code: number | null;
  output: string;
  errors: string;
}

/** Runs a command to its end, whatever that is. Throws only when it cannot be started. */
export function outcomeOf(command: string, args: readonly string[]): Promise<Outcome> {
  return outcomeOfChild(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }), command);
}

/** What a child with piped output says to its end. */
export async function outcomeOfChild(child: ChildProcess, command: string): Promise<Outcome> {
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) {
    throw new Error(`${command} has no pipes`);
  }
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', resolve);
  });
  const [output, errors, code] = await Promise.all([text(stdout), text(stderr), exit]);
  return { code, output, errors };
}
