// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { outputDir, root } from './paths.ts';
import { until } from './watched.ts';

/** `bundle`: dist/headway.mjs, as in the image. `source`: operator/main.ts with node_modules. */
export type Form = 'bundle' | 'source';

/** The bundle runs by itself, with the flags of its first line. */
const programs: Readonly<Record<Form, readonly [string, ...string[]]>> = {
  bundle: [join(root, 'dist/headway.mjs')],
  source: [process.execPath, 'operator/main.ts'],
};

export interface OperatorOptions {
  form: Form;
  kubeconfig: string;
  logLevel?: 'debug' | 'info';
  /** More flags for Node. */
  nodeOptions?: string;
  /** More flags for the operator. */
  flags?: readonly string[];
  /** Called with each line of its log. */
  onLine?: (line: string) => void;
}

export interface OperatorProcess {
  readonly pid: number;
  /** From the start of the process to the first 200 of /readyz. */
  readonly readyMs: number;
  /** Ends it as Kubernetes does, by SIGTERM; throws when it did not end well. */
  stop(): Promise<void>;
}

const healthPort = 18_081;
const readyWithinMs = 60_000;

/** Starts the operator in this process's network and waits until it is ready. */
export async function startOperator(options: OperatorOptions): Promise<OperatorProcess> {
  const { form, kubeconfig, logLevel = 'info', nodeOptions = '', flags = [], onLine } = options;
  const startedMs = performance.now();
  const [program, ...source] = programs[form];
  const child = spawn(
    program,
    [
      ...source,
      `--kubeconfig=${kubeconfig}`,
      '--leader-election-namespace=headway-system',
      `--health-address=127.0.0.1:${healthPort}`,
      `--metrics-address=127.0.0.1:${healthPort}`,
      `--log-level=${logLevel}`,
      ...flags,
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: nodeOptions } },
  );
  const logPath = keepLog(child, form, onLine);
  const ended = endOf(child);
  await until(`the operator to be ready (see ${logPath})`, readyWithinMs, async () => {
    if (child.exitCode !== null) throw new Error(`the operator ended with ${child.exitCode}: see ${logPath}`);
    return isReady();
  });
  return {
    pid: child.pid ?? 0,
    readyMs: performance.now() - startedMs,
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      if (code !== 0) throw new Error(`the operator ended with ${code}: see ${logPath}`);
    },
  };
}

function keepLog(child: ChildProcess, form: Form, onLine?: (line: string) => void): string {
  mkdirSync(outputDir, { recursive: true });
  const path = join(outputDir, `operator-${form}.log`);
  const log = createWriteStream(path, { flags: 'a' });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the operator has no pipes');
  stderr.pipe(log, { end: false });
  if (onLine === undefined) {
    stdout.pipe(log);
    return path;
  }
  createInterface({ input: stdout }).on('line', (line) => {
    onLine(line);
    log.write(`${line}\n`);
  });
  return path;
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code));
  });
}

/** Whether the operator that was started answers that it is ready. */
export function isReady(): Promise<boolean> {
  return ask('/readyz').then(
    ({ status }) => status === 200,
    () => false, // it does not listen yet
  );
}

/** What it says at /metrics. */
export async function readMetrics(): Promise<string> {
  return (await ask('/metrics')).text;
}

function ask(path: string): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: healthPort, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });
}
