// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cacheRoot } from '../cache.ts';
import { gatewayApi } from '../gateway-api.ts';
import { buildGoImage } from '../image.ts';
import { istioCrds } from '../istio-crds.ts';
import { withLock } from '../lock.ts';
import { crdsOf } from '../module-crds.ts';
import { monitoringCrds } from '../monitoring-crds.ts';
import { run } from '../shell.ts';
import { traefikCrds } from '../traefik-crds.ts';
import type { ClusterProvider, ClusterSpec, ClusterStatus, ExecOptions, PartStatus } from '../types.ts';
import { groupsOf } from '../users.ts';
import { cleanUp, hasTraces } from './clean-up.ts';
import { pauseImage } from './config-files.ts';
import { programFolders } from './go-parts.ts';
import { probe } from './health.ts';
import { kubeconfigPath } from './kubeconfig.ts';
import { type Layout, layoutOf } from './layout.ts';
import { isNamespaceMounted } from './network.ts';
import { ensurePackages } from './packages.ts';
import { partsOf } from './parts.ts';
import { runningProcess } from './processes.ts';
import { start } from './start.ts';
import { readState, requireState } from './state.ts';

/** A real single node from programs that this machine builds, in a network namespace of its own. Needs root. */
export const nodeProvider: ClusterProvider = {
  name: 'node',
  up,
  down,
  status,
  exec,
  loadImage,
  kubeconfig,
};

const pauseDir = join(import.meta.dirname, '../parts/pause');

/** What tests install from inside the cluster's network, from where nothing can be fetched. */
const laterCrds = [gatewayApi, traefikCrds, istioCrds, monitoringCrds];

async function up(spec: ClusterSpec): Promise<void> {
  const layout = layoutOf(spec.name);
  requireRoot();
  await withLock(lockPath(layout), async () => {
    const state = readState(layout);
    const { state: health } = await status(spec.name);
    if (health === 'running' && state?.profile === spec.profile) {
      return;
    }
    if (health === 'running') {
      throw new Error(`cluster "${spec.name}" runs with profile ${state?.profile}; take it down first`);
    }
    await ensurePackages(spec.profile);
    const folders = await programFolders(spec.profile);
    await Promise.all(laterCrds.map(crdsOf));
    const pauseArchive = spec.profile === 'node' ? await buildGoImage(pauseDir, pauseImage) : undefined;
    if (hasTraces(layout)) {
      console.error(`cluster "${spec.name}" was not ended properly: cleaning up`);
      await cleanUp(layout);
    }
    await start(layout, { profile: spec.profile, programFolders: folders });
    if (pauseArchive !== undefined) {
      await importImage(layout, pauseArchive);
    }
  });
}

async function down(name: string): Promise<void> {
  const layout = layoutOf(name);
  requireRoot();
  await withLock(lockPath(layout), async () => {
    await cleanUp(layout);
  });
}

function lockPath(layout: Layout): string {
  return join(cacheRoot(), 'locks', layout.id);
}

function requireRoot(): void {
  if (process.getuid?.() !== 0) {
    throw new Error('the provider "node" makes network namespaces, mounts and cgroups: run it as root');
  }
}

async function status(name: string): Promise<ClusterStatus> {
  const layout = layoutOf(name);
  const state = readState(layout);
  if (state === undefined || !isNamespaceMounted(layout.netnsPath)) {
    const isAbsent = !hasTraces(layout);
    return { name, provider: 'node', state: isAbsent ? 'absent' : 'degraded', parts: [] };
  }
  const parts = partsOf(layout, state.profile);
  const answers = await probe(
    layout,
    parts.map((part) => part.probe),
    0,
  );
  const statuses = parts.map((part): PartStatus => {
    const running = runningProcess(layout, part.name);
    const answer = answers.find((one) => one.name === part.name);
    return {
      name: part.name,
      healthy: running !== undefined && answer?.healthy === true,
      problem: running === undefined ? 'no process' : (answer?.problem ?? 'no answer'),
      ...(running === undefined ? {} : { pid: running.pid }),
      ...(part.port === undefined ? {} : { port: part.port }),
    };
  });
  return {
    name,
    provider: 'node',
    state: statuses.every((part) => part.healthy) ? 'running' : 'degraded',
    profile: state.profile,
    parts: statuses,
    auditLogPath: layout.auditLogPath,
  };
}

function exec(name: string, command: readonly string[], options: ExecOptions = {}): ChildProcess {
  const layout = layoutOf(name);
  const { programFolders: folders } = requireState(layout);
  const env = options.env ?? process.env;
  return spawn('nsenter', [`--net=${layout.netnsPath}`, '--', ...command], {
    cwd: options.cwd,
    stdio: options.stdio ?? 'inherit',
    env: {
      ...env,
      KUBECONFIG: kubeconfigPath(layout, 'admin'),
      // What kubectl remembers of an API server it keeps by address, which all clusters share.
      KUBECACHEDIR: join(layout.stateDir, 'kubectl-cache'),
      PATH: [env['PATH'] ?? '', ...folders].join(delimiter),
    },
  });
}

async function loadImage(name: string, tarPath: string): Promise<void> {
  const layout = layoutOf(name);
  if (requireState(layout).profile === 'api') {
    throw new Error(`cluster "${name}" has the profile api: it runs no pods and takes no images`);
  }
  await importImage(layout, tarPath);
}

async function importImage(layout: Layout, tarPath: string): Promise<void> {
  await run('ctr', [
    '--address',
    layout.containerdSocket,
    '--namespace',
    'k8s.io',
    'images',
    'import',
    tarPath,
  ]);
}

async function kubeconfig(name: string, user: string): Promise<string> {
  groupsOf(user);
  const layout = layoutOf(name);
  requireState(layout);
  const path = kubeconfigPath(layout, user);
  if (!existsSync(path)) {
    throw new Error(`cluster "${name}" has no kubeconfig of ${user} in ${dirname(path)}`);
  }
  return path;
}
