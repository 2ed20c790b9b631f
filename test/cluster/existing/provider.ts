// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run, succeeds } from '../shell.ts';
import type { ClusterProvider, ClusterSpec, ClusterStatus, ExecOptions } from '../types.ts';
import { groupsOf } from '../users.ts';

/** The cluster of the current kubeconfig, as it is. It belongs to somebody: nothing starts or ends it. */
export const existingProvider: ClusterProvider = {
  name: 'existing',
  up,
  down,
  status,
  exec,
  loadImage,
  kubeconfig,
};

async function up(_spec: ClusterSpec): Promise<void> {
  await run('kubectl', ['get', '--raw=/readyz']);
}

async function down(_name: string): Promise<void> {
  console.error('the cluster of the current kubeconfig is left as it is');
}

async function status(name: string): Promise<ClusterStatus> {
  const healthy = await succeeds('kubectl', ['get', '--raw=/readyz', '--request-timeout=5s']);
  return {
    name,
    provider: 'existing',
    state: healthy ? 'running' : 'degraded',
    parts: [{ name: 'apiserver', healthy, problem: healthy ? '' : 'kubectl gets no answer from /readyz' }],
  };
}

function exec(_name: string, command: readonly string[], options: ExecOptions = {}): ChildProcess {
  const [program = '', ...rest] = command;
  return spawn(program, rest, { stdio: 'inherit', ...options });
}

async function loadImage(_name: string, tarPath: string): Promise<void> {
  throw new Error(
    `${tarPath}: the nodes of an existing cluster take images only from a registry; push it to theirs`,
  );
}

async function kubeconfig(_name: string, user: string): Promise<string> {
  groupsOf(user);
  if (user !== 'admin') {
    throw new Error(`an existing cluster has only the user of its kubeconfig, not ${user}`);
  }
  const [first] = (process.env['KUBECONFIG'] ?? '').split(delimiter);
  return first === undefined || first === '' ? join(homedir(), '.kube/config') : first;
}
