// SPDX-License-Identifier: Apache-2.0
// The program as a process: signals, exit codes, and what is left of it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from './test-api.ts';
import { until } from './test-io.ts';
import { HEALTHY, MID_CANARY } from './view/test-rollouts.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

let api: TestApi;
const children: ChildProcess[] = [];

beforeEach(async () => {
  api = await startTestApi();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await api.close();
});

/** Without the NODE_OPTIONS of jest. */
function bareEnv(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return { ...env, LC_ALL: 'C.UTF-8' };
}

interface Child {
  readonly seen: { out: string };
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  kill(signal: NodeJS.Signals): void;
}

function start(...args: readonly string[]): Child {
  const words = [MAIN, ...args, '-n', 'shop', '--kubeconfig', api.kubeconfig];
  const child = spawn(process.execPath, words, { env: bareEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const seen = { out: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => void (seen.out += chunk.toString()));
  }
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return { seen, ended, kill: (signal) => void child.kill(signal) };
}

describe('the program', () => {
  it('ends by itself, with the exit code of its command', async () => {
    api.put(HEALTHY);
    const status = start('status', 'canary/checkout');
    expect(await status.ended).toEqual({ code: 0, signal: null });
    expect(status.seen.out).toMatch(/^Canary {2}shop\/checkout +● Healthy$/m);
    expect(await start('status', 'canary/nothing').ended).toEqual({ code: 5, signal: null });
  }, 90_000);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'that waits stays up, and ends in good order on %s',
    async (signal) => {
      api.put(MID_CANARY);
      const watch = start('watch', 'canary/checkout');
      const isWatched = () => api.calls.some(({ query }) => query.has('watch'));
      // a machine that is busy takes its time to start a process
      await until(() => watch.seen.out.includes('Progressing') && isWatched(), 60_000);
      watch.kill(signal);
      expect(await watch.ended).toEqual({ code: 130, signal: null });
      await until(() => api.server.open() === 0);
    },
    90_000,
  );

  it('says nothing when whoever reads it has left', () => {
    const line = '{ "$0" "$1" --help; echo "ended with $?" >&2; } | exec true';
    const { stderr } = spawnSync('bash', ['--norc', '-c', line, process.execPath, MAIN], {
      env: bareEnv(),
      encoding: 'utf8',
    });
    expect(stderr).toBe('ended with 141\n');
  }, 90_000);
});
