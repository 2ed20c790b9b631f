// SPDX-License-Identifier: Apache-2.0
// The commands of docs/quickstart.md as they stand there, in a namespace of their own, with images that the node has.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { commandsOfRun, readPage } from '../../docs/markdown.ts';
import { imageOf } from '../support/images.ts';
import { kubectl } from '../support/kubectl.ts';
import { waitFor } from '../support/wait.ts';
import { root } from '../support/world.ts';

const images: readonly (readonly [string, string])[] = [
  ['nginxinc/nginx-unprivileged:1.28-alpine', imageOf('1.0.0')],
  ['nginxinc/nginx-unprivileged:1.29-alpine', imageOf('1.1.0')],
  ['nginxinc/nginx-unprivileged:not-there', imageOf('not-there')],
];

function withKnownImages(text: string): string {
  return images.reduce((known, [named, there]) => known.replaceAll(named, there), text);
}

/** Commands of the page but for those about the chart, by which the operator of all stories was installed. */
function commandsOf(name: string): string[] {
  return commandsOfRun(readPage('docs/quickstart.md'), name).filter((line) => !line.startsWith('helm '));
}

/** Runs a command of the page; what would go on watching is looked at once. */
async function type(line: string, namespace: string): Promise<string> {
  const [program, ...words] = withKnownImages(line).split(' ');
  expect(program).toBe('kubectl');
  const args = words.filter((word) => word !== '-w').map((word) => word.replaceAll("'", ''));
  const at = args.indexOf('-f');
  if (at < 0) return kubectl([...args, `--namespace=${namespace}`]);
  const manifests = withKnownImages(readFileSync(join(root, args[at + 1] ?? ''), 'utf8'));
  return kubectl([...args.with(at + 1, '-'), `--namespace=${namespace}`], manifests);
}

async function read(path: string, namespace: string): Promise<string> {
  return kubectl(['get', 'canary', 'hello', `--namespace=${namespace}`, `--output=jsonpath={${path}}`]);
}

async function untilStatus(namespace: string, what: string, path: string, wanted: RegExp): Promise<void> {
  await waitFor({
    what: `the quickstart: ${what}`,
    withinMs: 180_000,
    probe: async () => (wanted.test(await read(path, namespace)) ? true : undefined),
    explain: () => read('.status', namespace),
  });
}

it.concurrent('the quickstart does what it says', async () => {
  const namespace = `e2e-quickstart-${randomBytes(2).toString('hex')}`;
  await kubectl(['create', 'namespace', namespace]);
  const [apply = '', ready = '', setImage = '', look = ''] = commandsOf('quickstart');
  await type(apply, namespace);
  expect(await type(ready, namespace)).toContain('canary.headway.dev/hello condition met');
  await type(setImage, namespace);
  await untilStatus(namespace, '1.1.0 on its way', '.status.canary.version', /^1\.1\.0$/);
  expect(await type(look, namespace)).toMatch(/^NAME +PHASE +STEP +WEIGHT .*\nhello +Progressing /);
  await untilStatus(namespace, '1.1.0 promoted', '.status.stable.version', /^1\.1\.0$/);
  await untilStatus(namespace, 'the end of the release', '.status.phase', /^Healthy$/);

  const [release = '', say = ''] = commandsOf('bad version');
  await type(release, namespace);
  await untilStatus(namespace, 'the bad version', '.status.canary.version', /^not-there$/);
  expect(await type(say, namespace)).toMatch(/^step 1\/4, \d+% on not-there; /);
  await type(setImage, namespace);
  await untilStatus(namespace, 'the way back', '.status.phase', /^Healthy$/);

  for (const line of commandsOf('clean up')) await type(line, namespace);
  expect(await kubectl(['get', 'all', `--namespace=${namespace}`, '--output=name'])).not.toContain(
    'service/hello',
  );
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
}, 480_000);
