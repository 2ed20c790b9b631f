// SPDX-License-Identifier: Apache-2.0
// The commands of docs/quickstart.md as they stand there, in a namespace of their own, with images that the node has.
import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { commandsOfRun, readPage } from '../../docs/markdown.ts';
import { type Desk, takeDesk, typeAll } from '../support/desk.ts';
import { kubectl } from '../support/kubectl.ts';
import { waitFor } from '../support/wait.ts';

/** Commands of the page but for those about the chart, by which the operator of all stories was installed. */
function commandsOf(name: string): string[] {
  return commandsOfRun(readPage('docs/quickstart.md'), name).filter((line) => !line.startsWith('helm '));
}

/** Runs a command of the page; what would go on watching is looked at once. */
async function type(line: string, desk: Desk): Promise<string> {
  const [printed = ''] = await typeAll(desk, [line.replace(/ -w$/, '')]);
  return printed;
}

async function read(path: string, namespace: string): Promise<string> {
  return kubectl(['get', 'canary', 'hello', `--namespace=${namespace}`, `--output=jsonpath={${path}}`]);
}

async function untilStatus(namespace: string, what: string, path: string, wanted: RegExp): Promise<void> {
  await waitFor({
    what: `the quickstart: ${what}`,
    withinMs: 240_000,
    probe: async () => (wanted.test(await read(path, namespace)) ? true : undefined),
    explain: () => read('.status', namespace),
  });
}

it.concurrent('the quickstart does what it says', async () => {
  const namespace = `e2e-quickstart-${randomBytes(2).toString('hex')}`;
  await kubectl(['create', 'namespace', namespace]);
  const desk = await takeDesk(namespace);
  try {
    await goodVersion(desk, namespace);
    await badVersion(desk, namespace);
    for (const line of commandsOf('clean up')) await type(line, desk);
  } finally {
    desk.leave();
  }
  expect(await kubectl(['get', 'all', `--namespace=${namespace}`, '--output=name'])).not.toContain(
    'service/hello',
  );
  await kubectl(['delete', 'namespace', namespace, '--wait=false']);
}, 600_000);

async function goodVersion(desk: Desk, namespace: string): Promise<void> {
  const [apply = '', ready = '', setImage = '', look = ''] = commandsOf('quickstart');
  await type(apply, desk);
  expect(await type(ready, desk)).toContain('canary.headway.dev/hello condition met');
  await type(setImage, desk);
  await untilStatus(namespace, '1.1.0 on its way', '.status.canary.version', /^1\.1\.0$/);
  expect(await type(look, desk)).toMatch(/^NAME +PHASE +STEP +WEIGHT .*\nhello +Progressing /);
  await untilStatus(namespace, '1.1.0 promoted', '.status.stable.version', /^1\.1\.0$/);
  await untilStatus(namespace, 'the end of the release', '.status.phase', /^Healthy$/);
}

/** What does not start is taken back by itself; who sets the image back has peace. */
async function badVersion(desk: Desk, namespace: string): Promise<void> {
  const [, , setImage = ''] = commandsOf('quickstart');
  const [release = '', say = ''] = commandsOf('bad version');
  await type(release, desk);
  await untilStatus(namespace, 'the bad version', '.status.canary.version', /^not-there$/);
  expect(await type(say, desk)).toMatch(/^step 1\/4, \d+% on not-there; /);
  await untilStatus(namespace, 'the rollback by itself', '.status.phase', /^RolledBack$/);
  expect(await type(say, desk)).toContain('all traffic on 1.1.0');
  await type(setImage, desk);
  await untilStatus(namespace, 'the way back', '.status.phase', /^Healthy$/);
}
