// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { buildOnce, cacheKey, cacheRoot } from '../cache.ts';
import { run } from '../shell.ts';
import type { Profile } from '../types.ts';

/** Programs that are built from one go.mod, which pins them. */
export interface GoPart {
  name: string;
  packages: readonly string[];
  /** Program names that differ from the last element of their package path. */
  renamed: Readonly<Record<string, string>>;
  flags: readonly string[];
  /** For the progress line: packages compiled, and seconds on two cores, when nothing is there yet. */
  expected: { packages: number; seconds: number };
}

const kubernetesVersion = '1.35.4';
const kubernetesPackages = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubectl',
  'kubelet',
].map((name) => `k8s.io/kubernetes/cmd/${name}`);

function linkFlags(variables: Readonly<Record<string, string>>): string[] {
  const set = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return ['-ldflags', ['-s -w', ...set].join(' ')];
}

export const goParts: readonly GoPart[] = [
  {
    name: 'kubernetes',
    packages: [...kubernetesPackages, 'go.etcd.io/etcd/server/v3'],
    renamed: { server: 'etcd' },
    flags: linkFlags({
      'k8s.io/component-base/version.gitVersion': `v${kubernetesVersion}`,
      'k8s.io/component-base/version.gitMajor': '1',
      'k8s.io/component-base/version.gitMinor': '35',
    }),
    expected: { packages: 2_800, seconds: 300 },
  },
  {
    name: 'traefik',
    packages: ['github.com/traefik/traefik/v3/cmd/traefik'],
    renamed: {},
    flags: linkFlags({ 'github.com/traefik/traefik/v3/pkg/version.Version': '3.7.12' }),
    expected: { packages: 2_600, seconds: 300 },
  },
  {
    name: 'prometheus',
    packages: ['prometheus', 'promtool'].map((name) => `github.com/prometheus/prometheus/cmd/${name}`),
    renamed: {},
    flags: [...linkFlags({}), '-tags', 'remove_all_sd,enable_kubernetes_sd'],
    expected: { packages: 1_250, seconds: 120 },
  },
  {
    name: 'metrics-server',
    packages: ['sigs.k8s.io/metrics-server/cmd/metrics-server'],
    renamed: {},
    flags: linkFlags({ 'k8s.io/client-go/pkg/version.gitVersion': 'v0.9.0' }),
    expected: { packages: 1_350, seconds: 135 },
  },
  {
    name: 'helm',
    packages: ['helm.sh/helm/v4/cmd/helm'],
    renamed: {},
    flags: linkFlags({ 'helm.sh/helm/v4/internal/version.version': 'v4.3.1' }),
    expected: { packages: 1_100, seconds: 90 },
  },
];

/** What a cluster runs. The others are built by the tests that call them. */
const clusterParts: Readonly<Record<Profile, readonly string[]>> = {
  api: ['kubernetes'],
  node: ['kubernetes', 'traefik', 'prometheus', 'metrics-server'],
};

const modulesDir = join(import.meta.dirname, '../parts');

/** The folders that hold a profile's programs, after building those that this machine does not have yet. */
export async function programFolders(profile: Profile): Promise<string[]> {
  const folders: string[] = [];
  // One after the other: each of them fills all processors.
  for (const name of clusterParts[profile]) folders.push(await programFolder(name));
  return folders;
}

/** The folder that holds the programs of one part, after building them if this machine does not have them yet. */
export async function programFolder(name: string): Promise<string> {
  const part = goParts.find((one) => one.name === name);
  if (part === undefined) {
    throw new Error(`no part "${name}"; there are ${goParts.map((one) => one.name).join(', ')}`);
  }
  const folder = join(cacheRoot(), 'parts', `${name}-${partKey(part, await goVersion())}`);
  return buildOnce(folder, (temporary) => build(part, temporary));
}

/** What the programs of a part depend on, as a short name. */
export function partKey(part: GoPart, version: string, modules: string = modulesDir): string {
  const files = ['go.mod', 'go.sum'].map((file) => readFileSync(join(modules, part.name, file)));
  return cacheKey([...files, ...part.packages, ...part.flags, version]);
}

async function goVersion(): Promise<string> {
  try {
    return (await run('go', ['version'])).trim();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The test cluster's programs are built with Go, which does not answer (${reason}). ` +
        'Install Go 1.26 or newer (https://go.dev/doc/install) and put `go` on PATH.',
      { cause: error },
    );
  }
}

async function build(part: GoPart, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const { packages, seconds } = part.expected;
  console.error(`building ${part.name}, once on this machine: about ${seconds} s on two cores`);
  const started = performance.now();
  let compiled = 0;
  const elapsed = (): number => Math.round((performance.now() - started) / 1_000);
  const progress = setInterval(() => {
    console.error(
      `  ${part.name}: ${elapsed()} s of about ${seconds}, ${compiled} of about ${packages} packages`,
    );
  }, 10_000);
  try {
    await run(
      'go',
      ['build', '-v', '-mod=readonly', '-trimpath', ...part.flags, '-o', `${folder}/`, ...part.packages],
      {
        cwd: join(modulesDir, part.name),
        env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '' },
        onErrorLine: (line) => {
          compiled += line.startsWith('go: ') ? 0 : 1;
        },
      },
    );
  } finally {
    clearInterval(progress);
  }
  for (const [from, to] of Object.entries(part.renamed)) {
    renameSync(join(folder, from), join(folder, to));
  }
  console.error(`built ${part.name} in ${elapsed()} s`);
}
