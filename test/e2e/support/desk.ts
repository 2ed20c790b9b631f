// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { demoGateway } from '../../apps/manifests.ts';
import { type Outcome, outcomeOfChild } from '../../cluster/shell.ts';
import { imageOf } from './images.ts';
import { kubectl } from './kubectl.ts';
import { metricsProvider } from './objects.ts';
import { root } from './world.ts';

/** Text of a page or an example, and what stands for it on this cluster. */
export type Words = readonly (readonly [there: string, here: string])[];

/**
 * A person with a shell, a namespace of the context, kubectl and its plugin, in a folder with examples/. What pages and
 * examples say is typed as it stands there, but for the names of what this cluster has under another name.
 */
export interface Desk {
  readonly namespace: string;
  readonly env: NodeJS.ProcessEnv;
  /** The line in the words of this cluster. */
  readonly said: (line: string) => string;
  /** Runs lines in one shell to their end, which is that of the first one that fails. */
  readonly type: (...lines: readonly string[]) => Promise<Outcome>;
  /** Starts a line that goes on. */
  readonly start: (line: string) => ChildProcess;
  /** Ends what still runs, and takes the folder with its credentials away. */
  readonly leave: () => void;
}

/** Images that the node has for those of the examples, and what of the examples is another one's on this cluster. */
const usual: Words = [
  ['nginxinc/nginx-unprivileged:1.28-alpine', imageOf('1.0.0')],
  ['nginxinc/nginx-unprivileged:1.29-alpine', imageOf('1.1.0')],
  ['nginxinc/nginx-unprivileged:not-there', imageOf('not-there')],
  ...['shop', 'cart', 'checkout', 'catalog'].map(
    (name) => [`ghcr.io/example/${name}`, 'localhost/shop'] as const,
  ),
  ...['1.4.2', '2.3.0', '3.1.0', '2.0.3'].map((version) => [version, '1.0.0'] as const),
  ...['1.5.0', '2.4.0'].map((version) => [version, '1.1.0'] as const),
  ['{name: main, namespace: infra}', `{name: ${demoGateway.name}, namespace: ${demoGateway.namespace}}`],
  ['http://prometheus.monitoring:9090', metricsProvider.spec.address],
  ['timeout: 10s ', `timeout: ${metricsProvider.spec.timeout} `],
  ['Add to cart', 'hello from'],
  // Ten pods that are replaced at once leave the stories beside it no time.
  ['replicas: 10', 'replicas: 4'],
];

export async function takeDesk(namespace: string, more: Words = []): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'headway-desk-'));
  const said = (text: string) =>
    [...more, ...usual].reduce((known, [there, here]) => known.replaceAll(there, here), text);
  copyExamples(folder, said);
  const env = await environmentIn(folder, namespace);
  const children = new Set<ChildProcess>();
  const start = (line: string) => {
    const child = spawn('sh', ['-ec', said(line)], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    child.on('exit', () => children.delete(child));
    return child;
  };
  return {
    namespace,
    env,
    said,
    start,
    type: (...lines) => outcomeOfChild(start(lines.join('\n')), lines.join('; ')),
    leave: () => {
      for (const child of children) child.kill();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Types lines of which each has to do what it says; answers what they have printed. */
export async function typeAll(desk: Desk, lines: readonly string[]): Promise<string[]> {
  const printed: string[] = [];
  for (const line of lines) {
    const { code, output, errors } = await desk.type(line);
    if (code !== 0) throw new Error(`${desk.said(line)} ended with ${code}\n${output}${errors}`);
    printed.push(output);
  }
  return printed;
}

function copyExamples(folder: string, said: (text: string) => string): void {
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  for (const file of readdirSync(join(folder, 'examples'))) {
    const path = join(folder, 'examples', file);
    writeFileSync(path, said(readFileSync(path, 'utf8')));
  }
}

/** `kubectl headway` is `dist/kubectl-headway`, as `make plugin` writes it. */
async function environmentIn(folder: string, namespace: string): Promise<NodeJS.ProcessEnv> {
  const kubeconfig = join(folder, '.kube/config');
  mkdirSync(join(folder, '.kube'));
  writeFileSync(kubeconfig, await kubectl(['config', 'view', '--raw', '--flatten', '--minify']), {
    mode: 0o600,
  });
  await kubectl([
    `--kubeconfig=${kubeconfig}`,
    'config',
    'set-context',
    '--current',
    `--namespace=${namespace}`,
  ]);
  const path = [join(root, 'dist'), join(root, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(
    delimiter,
  );
  const { NO_COLOR: _noColor, NODE_OPTIONS: _options, FORCE_COLOR: _forced, ...env } = process.env;
  return { ...env, PATH: path, KUBECONFIG: kubeconfig, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' };
}
