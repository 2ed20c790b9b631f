// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { type Layout, layoutOf } from '../node/layout.ts';
import { run, succeeds } from '../shell.ts';
import type { ClusterProvider, ClusterSpec, ClusterStatus, ExecOptions } from '../types.ts';
import { groupsOf, userNames } from '../users.ts';
import { auditPolicyText, kindConfig } from './config.ts';

/**
 * A cluster of https://kind.sigs.k8s.io in a container engine, one node. It has the API and the pods of both
 * profiles; an ingress controller and Prometheus are not part of it.
 */
export const kindProvider: ClusterProvider = {
  name: 'kind',
  up,
  down,
  status,
  exec,
  loadImage,
  kubeconfig,
};

const readyWithin = '180s';

async function up({ name }: ClusterSpec): Promise<void> {
  const layout = layoutOf(name);
  if ((await status(name)).state === 'running') {
    return;
  }
  await down(name);
  const configDir = join(layout.stateDir, 'config');
  const auditDir = join(layout.stateDir, 'audit');
  mkdirSync(configDir, { recursive: true });
  mkdirSync(auditDir, { recursive: true });
  writeFileSync(join(configDir, 'audit-policy.yaml'), auditPolicyText());
  const config = join(layout.stateDir, 'kind.yaml');
  writeFileSync(config, kindConfig({ configDir, auditDir }));
  console.error(`creating the kind cluster ${layout.netns}: a minute or two the first time`);
  const kubeconfigs = join(layout.stateDir, 'kubeconfigs');
  mkdirSync(kubeconfigs);
  const admin = adminPath(layout);
  await run(
    'kind',
    [
      'create',
      'cluster',
      `--name=${layout.netns}`,
      `--config=${config}`,
      `--wait=${readyWithin}`,
      `--kubeconfig=${admin}`,
    ],
    { onErrorLine: (line) => console.error(line) },
  );
  await writeUserKubeconfigs(layout);
}

async function down(name: string): Promise<void> {
  const layout = layoutOf(name);
  if (await exists(layout)) {
    await run('kind', ['delete', 'cluster', `--name=${layout.netns}`, `--kubeconfig=${adminPath(layout)}`]);
  }
  rmSync(layout.stateDir, { recursive: true, force: true });
}

async function exists(layout: Layout): Promise<boolean> {
  const names = await run('kind', ['get', 'clusters']);
  return names.split('\n').includes(layout.netns);
}

async function status(name: string): Promise<ClusterStatus> {
  const layout = layoutOf(name);
  if (!(await exists(layout))) {
    return { name, provider: 'kind', state: 'absent', parts: [] };
  }
  const ready = ['get', '--raw=/readyz', '--request-timeout=5s', `--kubeconfig=${adminPath(layout)}`];
  const healthy = await succeeds('kubectl', ready);
  return {
    name,
    provider: 'kind',
    state: healthy ? 'running' : 'degraded',
    parts: [{ name: 'apiserver', healthy, problem: healthy ? '' : 'no answer from /readyz' }],
    auditLogPath: layout.auditLogPath,
  };
}

function exec(name: string, command: readonly string[], options: ExecOptions = {}): ChildProcess {
  const layout = layoutOf(name);
  const pid = nodePid(layout);
  return spawn('nsenter', [`--target=${pid}`, '--net', '--', ...command], {
    stdio: 'inherit',
    ...options,
    env: { ...(options.env ?? process.env), KUBECONFIG: insidePath(layout, 'admin') },
  });
}

/** The node is a container; its first process holds its network namespace. */
function nodePid(layout: Layout): string {
  const args = ['inspect', '--format={{.State.Pid}}', `${layout.netns}-control-plane`];
  const engine = process.env['KIND_EXPERIMENTAL_PROVIDER'] ?? 'docker';
  return execFileSync(engine, args, { encoding: 'utf8' }).trim();
}

async function loadImage(name: string, tarPath: string): Promise<void> {
  await run('kind', ['load', 'image-archive', tarPath, `--name=${layoutOf(name).netns}`]);
}

async function kubeconfig(name: string, user: string): Promise<string> {
  groupsOf(user);
  return insidePath(layoutOf(name), user);
}

/** For this machine: kind's own, with a port of the machine. */
function adminPath(layout: Layout): string {
  return join(layout.stateDir, 'kubeconfigs/outside.yaml');
}

/** For processes of `exec`: the API server's own port. */
function insidePath(layout: Layout, user: string): string {
  return join(layout.stateDir, 'kubeconfigs', `${user}.yaml`);
}

const AdminKubeconfig = z.looseObject({
  clusters: z.tuple([z.looseObject({ cluster: z.looseObject({ server: z.string() }) })]),
  users: z.tuple([z.looseObject({ user: z.looseObject({}) })]),
});

async function writeUserKubeconfigs(layout: Layout): Promise<void> {
  const admin = await run('kind', ['get', 'kubeconfig', `--name=${layout.netns}`]);
  for (const user of userNames()) {
    writeFileSync(insidePath(layout, user), insideKubeconfig(admin, user), { mode: 0o600 });
  }
}

/** kind's kubeconfig for the node's own network; other people than the admin by impersonation. */
export function insideKubeconfig(kindKubeconfig: string, user: string): string {
  const config = AdminKubeconfig.parse(parse(kindKubeconfig));
  config.clusters[0].cluster.server = 'https://127.0.0.1:6443';
  if (user !== 'admin') {
    Object.assign(config.users[0].user, { as: user, 'as-groups': [...groupsOf(user)] });
  }
  return stringify(config);
}
