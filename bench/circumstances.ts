// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { version } from '../operator/version.ts';
import { run } from '../test/cluster/shell.ts';
import { root } from './paths.ts';
import type { Circumstances } from './results.ts';

/** Notes what the machine is like before a part; the answer, called after it, adds how long it took. */
export async function watchCircumstances(): Promise<() => Circumstances> {
  const startedMs = performance.now();
  const processors = cpus();
  const begun = {
    measuredAt: new Date().toISOString(),
    version,
    commit: await commitOf(),
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    kubernetes: kubernetesVersion(),
    loadBefore: loadavg()[0] ?? 0,
  };
  return () => ({ ...begun, seconds: Math.round((performance.now() - startedMs) / 1_000) });
}

/** The commit, with a `+` when files differ from it. */
async function commitOf(): Promise<string> {
  const git = (...args: string[]): Promise<string> => run('git', ['-C', root, ...args]);
  const [commit, changes] = await Promise.all([
    git('rev-parse', '--short', 'HEAD'),
    git('status', '--porcelain'),
  ]);
  return `${commit.trim()}${changes === '' ? '' : '+'}`;
}

function kubernetesVersion(): string {
  const module = readFileSync(join(root, 'test/cluster/parts/kubernetes/go.mod'), 'utf8');
  const found = /^\s*(?:require )?k8s\.io\/kubernetes v(\S+)/m.exec(module)?.[1];
  if (found === undefined) throw new Error('the test cluster names no version of Kubernetes');
  return found;
}
