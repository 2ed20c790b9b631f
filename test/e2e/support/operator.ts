// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { waitFor } from './wait.ts';
import { operatorNamespace, outputDir, root } from './world.ts';

export interface OperatorOptions {
  /** Names the log and the Lease; different for operators that run side by side. */
  name: string;
  /** A kubeconfig with the rights of the operator's ServiceAccount, and no others. */
  kubeconfig: string;
  /** The only namespaces that it serves; all without them. */
  namespaces?: readonly string[];
  /** Port of /readyz and /metrics; different for operators that run side by side. */
  port: number;
}

/** The operator as its own process. It is started again when it ends by itself, as a Deployment would. */
export interface Operator {
  readonly logPath: string;
  readonly metricsUrl: string;
  /** Ends it with a signal, waits, and answers its exit code; null when the signal ended it. */
  stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null>;
  /** Starts it after a stop and waits until it answers. */
  start(): Promise<void>;
}

const readyWithinMs = 90_000;
/** A Deployment's back-off is longer; a story need not wait for that. */
const restartAfterMs = 1_000;

/** Starts the bundle that `make bundle` wrote, and waits until its caches are filled. */
export async function startOperator(options: OperatorOptions): Promise<Operator> {
  const logPath = operatorLogPath(options.name);
  mkdirSync(dirname(logPath), { recursive: true });
  let child: ChildProcess | undefined;
  let isWanted = false;

  function launch(): void {
    const log = openSync(logPath, 'a');
    const launched = spawn(join(root, 'dist/headway.mjs'), flags(options), {
      stdio: ['ignore', log, log],
      env: { PATH: process.env['PATH'] },
    });
    closeSync(log);
    child = launched;
    launched.on('exit', () => {
      if (isWanted && child === launched) setTimeout(() => isWanted && launch(), restartAfterMs);
    });
  }

  const operator: Operator = {
    logPath,
    metricsUrl: `http://127.0.0.1:${options.port}/metrics`,
    async start() {
      isWanted = true;
      launch();
      await waitUntilReady(options);
    },
    async stop(signal) {
      isWanted = false;
      if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
  await operator.start();
  return operator;
}

function flags({ name, kubeconfig, namespaces = [], port }: OperatorOptions): string[] {
  const address = `127.0.0.1:${port}`;
  return [
    `--kubeconfig=${kubeconfig}`,
    `--leader-election-namespace=${operatorNamespace}`,
    `--leader-election-name=${name}`,
    `--health-address=${address}`,
    `--metrics-address=${address}`,
    ...(namespaces.length === 0 ? [] : [`--namespaces=${namespaces.join(',')}`]),
  ];
}

async function waitUntilReady({ name, port }: OperatorOptions): Promise<void> {
  await waitFor({
    what: `operator ${name} to be ready`,
    withinMs: readyWithinMs,
    probe: () => isReady(port),
    explain: () => Promise.resolve(operatorLogTail(operatorLogPath(name))),
  });
}

async function isReady(port: number): Promise<true | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok ? true : undefined;
  } catch {
    return undefined; // it does not listen yet
  }
}

/** Where the log of an operator is. */
export function operatorLogPath(name: string): string {
  return join(outputDir, 'logs', `operator-${name}.log`);
}

const tailLines = 25;

/** The end of an operator's log, for the message of a story that failed. */
export function operatorLogTail(path: string): string {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  return [`${path}:`, ...lines.slice(-tailLines).map((line) => line.slice(0, 400))].join('\n');
}
