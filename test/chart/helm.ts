// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { outcomeInside } from '../cluster/inside-cluster.ts';
import { programFolder } from '../cluster/node/go-parts.ts';
import { type Outcome, outcomeOf } from '../cluster/shell.ts';
import type { ClusterProvider } from '../cluster/types.ts';

export const chartDir = resolve(import.meta.dirname, '../../charts/headway');

/** Runs a command to its end, where helm is to find the cluster. */
export type HelmRunner = (command: readonly string[]) => Promise<Outcome>;

/** In this process' own network, with its KUBECONFIG. */
export const here: HelmRunner = ([program = '', ...args]) => outcomeOf(program, args);

/** In the network of a test cluster, as its administrator. */
export function inside(provider: ClusterProvider, cluster: string): HelmRunner {
  return (command) => outcomeInside(provider, cluster, command);
}

/** What helm said when it failed; `words` is that without the name of the command. */
export class HelmError extends Error {
  override readonly name = 'HelmError';
  readonly words: string;

  constructor(args: readonly string[], words: string) {
    super(`helm ${args[0]}: ${words}`);
    this.words = words;
  }
}

export interface HelmRelease {
  /** Default: headway. */
  readonly name?: string;
  /** Default: headway-system. Made by helmInstall where it is not there. */
  readonly namespace?: string;
  /** What differs from values.yaml. */
  readonly values?: object;
  /** Default: charts/headway of this checkout. */
  readonly chart?: string;
  /** How long to wait until every object is ready; absent: not at all. */
  readonly waitSeconds?: number;
  /** Objects that are there already, of a release or not, become those of this one; otherwise helm refuses. */
  readonly takeOwnership?: boolean;
}

export interface HelmRendering extends HelmRelease {
  /** What the cluster is to know besides Kubernetes' own, such as monitoring.coreos.com/v1/ServiceMonitor. */
  readonly apiVersions?: readonly string[];
  /** Only these templates, such as templates/deployment.yaml. */
  readonly only?: readonly string[];
}

/** The manifests of the chart as one YAML stream, comments included. No cluster is asked. */
export function helmTemplate(rendering: HelmRendering = {}): Promise<string> {
  const { apiVersions = [], only = [] } = rendering;
  return withValues(rendering, (common) =>
    helm(here, [
      'template',
      ...common,
      ...apiVersions.map((version) => `--api-versions=${version}`),
      ...only.map((template) => `--show-only=${template}`),
    ]),
  );
}

/** What a person reads after `helm install`. No cluster is asked. */
export async function helmNotes(release: HelmRelease = {}): Promise<string> {
  const said = await withValues(release, (common) => helm(here, ['install', ...common, '--dry-run=client']));
  const [, notes] = said.split(/^NOTES:\n/m);
  if (notes === undefined) throw new Error(`helm install has no notes:\n${said}`);
  return notes;
}

/** What `helm lint --strict` says about the chart with these values; throws where it finds fault. */
export function helmLint(values: object = {}): Promise<string> {
  return withValues({ values }, ([, chart = '', , file = '']) =>
    helm(here, ['lint', '--strict', chart, file]),
  );
}

export function helmInstall(runner: HelmRunner, release: HelmRelease = {}): Promise<string> {
  return withValues(release, (common) =>
    helm(runner, ['install', ...common, '--create-namespace', ...owning(release), ...waiting(release)]),
  );
}

/** Upgrades to the chart of the release with its values and no others: those of the last revision are forgotten. */
export function helmUpgrade(runner: HelmRunner, release: HelmRelease = {}): Promise<string> {
  return withValues(release, (common) =>
    helm(runner, ['upgrade', ...common, '--reset-values', ...owning(release), ...waiting(release)]),
  );
}

/** Installs the release, or upgrades it to these values and no others where it is there already. */
export function helmApply(runner: HelmRunner, release: HelmRelease = {}): Promise<string> {
  return withValues(release, (common) =>
    helm(runner, [
      'upgrade',
      '--install',
      ...common,
      '--reset-values',
      '--create-namespace',
      ...owning(release),
      ...waiting(release),
    ]),
  );
}

/** Packs the chart under another version, of itself and of the operator, into a folder; answers the path of the archive. */
export async function helmPackage(folder: string, version: string): Promise<string> {
  const versions = [`--version=${version}`, `--app-version=${version}`];
  await helm(here, ['package', chartDir, ...versions, `--destination=${folder}`]);
  return join(folder, `headway-${version}.tgz`);
}

/** Back to a revision of the release; 0: to the one before. */
export function helmRollback(
  runner: HelmRunner,
  revision: number,
  release: HelmRelease = {},
): Promise<string> {
  const { name, namespace } = placed(release);
  return helm(runner, ['rollback', name, String(revision), `--namespace=${namespace}`, ...waiting(release)]);
}

export function helmUninstall(runner: HelmRunner, release: HelmRelease = {}): Promise<string> {
  const { name, namespace } = placed(release);
  return helm(runner, ['uninstall', name, `--namespace=${namespace}`, ...waiting(release)]);
}

function placed({ name = 'headway', namespace = 'headway-system' }: HelmRelease) {
  return { name, namespace };
}

function owning({ takeOwnership = false }: HelmRelease): string[] {
  return takeOwnership ? ['--take-ownership', '--force-conflicts'] : [];
}

function waiting({ waitSeconds }: HelmRelease): string[] {
  return waitSeconds === undefined ? [] : ['--wait', `--timeout=${waitSeconds}s`];
}

/** Name, chart, namespace and values as arguments; the file of the values goes when `use` has ended. */
async function withValues(
  release: HelmRelease,
  use: (common: readonly string[]) => Promise<string>,
): Promise<string> {
  const { name, namespace } = placed(release);
  const folder = mkdtempSync(join(tmpdir(), 'headway-helm-'));
  try {
    const file = join(folder, 'values.json');
    writeFileSync(file, JSON.stringify(release.values ?? {}));
    return await use([name, release.chart ?? chartDir, `--namespace=${namespace}`, `--values=${file}`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs helm and answers its output; throws a HelmError with its own words when it fails. */
async function helm(runner: HelmRunner, args: readonly string[]): Promise<string> {
  const program = join(await programFolder('helm'), 'helm');
  const { code, output, errors } = await runner([program, ...args]);
  if (code === 0) return output;
  const words = [errors, args[0] === 'lint' ? output : '']
    .join('\n')
    .trim()
    .replace(/^Error: /, '');
  throw new HelmError(args, words);
}
