// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../e2e/support/wait.ts';
import { admin, operatorNamespace, root } from '../../e2e/support/world.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { type FaultProxy, startFaultProxy } from '../proxy/proxy.ts';
import { kubeconfigVia, operatorKubeconfig, outputDir } from './instance.ts';

/** An operator as a process of its own, with a Lease, behind a proxy. */
export interface Runner {
  readonly proxy: FaultProxy;
  readonly child: ChildProcess;
  /** Resolves when it has looked at the Lease. */
  isCandidate(withinMs: number): Promise<void>;
  /** The exit code; null after a signal. */
  ended(withinMs: number): Promise<number | null>;
  /** Kills it if it still lives. */
  close(): Promise<void>;
}

export interface RunnerOptions {
  /** Different for each. */
  readonly name: string;
  readonly namespace: string;
  /** Modules to load first. */
  readonly imports?: readonly string[];
}

export async function startRunner({ name, namespace, imports = [] }: RunnerOptions): Promise<Runner> {
  const proxy = await startFaultProxy(operatorKubeconfig());
  const log = openSync(join(outputDir, `${namespace}-${name}.log`), 'a');
  const kubeconfig = kubeconfigVia(proxy.url, `${namespace}-${name}`);
  const child = spawn(
    process.execPath,
    [
      ...imports.map((path) => `--import=${join(root, path)}`),
      'operator/main.ts',
      `--kubeconfig=${kubeconfig}`,
      `--namespaces=${namespace}`,
      `--leader-election-namespace=${operatorNamespace}`,
      `--leader-election-name=${namespace}`,
      '--health-address=off',
      '--metrics-address=off',
    ],
    { cwd: root, stdio: ['ignore', log, log], env: { PATH: process.env['PATH'] } },
  );
  closeSync(log);
  const exited = once(child, 'exit');
  return {
    proxy,
    child,
    async isCandidate(withinMs) {
      await waitFor({
        what: `operator ${name} of ${namespace} to look at the Lease`,
        withinMs,
        probe: async () => proxy.seen({ resource: 'leases' }).length > 0 || undefined,
      });
    },
    ended: (withinMs) =>
      waitFor({
        what: `operator ${name} of ${namespace} to end`,
        withinMs,
        probe: async () => (hasEnded(child) ? { code: child.exitCode } : undefined),
      }).then(({ code }) => code),
    async close() {
      if (!hasEnded(child)) {
        child.kill('SIGKILL');
        await exited;
      }
      await proxy.close();
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Who holds the Lease of a namespace's operators; undefined before there is one. */
export async function holderOf(namespace: string): Promise<string | undefined> {
  const leases = await admin().list(resources.leases, { namespace: operatorNamespace });
  const lease = leases.items.find(({ metadata }) => metadata.name === namespace);
  const spec = lease?.['spec'] as { holderIdentity?: string } | undefined;
  return spec?.holderIdentity;
}

/** The holder, as soon as there is one that is not `before`. */
export function nextHolder(namespace: string, before: string | undefined, withinMs: number): Promise<string> {
  return waitFor({
    what: `another holder of Lease ${namespace}`,
    withinMs,
    probe: async () => {
      const holder = await holderOf(namespace);
      return holder !== undefined && holder !== '' && holder !== before ? holder : undefined;
    },
  });
}
