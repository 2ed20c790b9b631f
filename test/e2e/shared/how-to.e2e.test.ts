// SPDX-License-Identifier: Apache-2.0
// What docs/how-to.md and docs/spec/blue-green.md say is typed by somebody who has an empty namespace and the examples.
import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { linesUnder, readPage } from '../../docs/markdown.ts';
import { verbsHeading } from '../../docs/typed-by-stories.ts';
import { type Desk, takeDesk, typeAll } from '../support/desk.ts';
import { kubectl } from '../support/kubectl.ts';
import { waitFor } from '../support/wait.ts';

const limitMs = 600_000;
const withinMs = 240_000;

function howTo(title: string, act: (desk: Desk) => Promise<void>): void {
  it.concurrent(
    `how to: ${title}`,
    async () => {
      const namespace = `e2e-how-to-${randomBytes(2).toString('hex')}`;
      await kubectl(['create', 'namespace', namespace]);
      const desk = await takeDesk(namespace);
      try {
        await act(desk);
      } finally {
        desk.leave();
      }
      const all = ['canaries,bluegreens', '--all', '-n', namespace];
      await kubectl(['delete', ...all, '--timeout=180s']);
      await kubectl(['delete', 'namespace', namespace, '--wait=false']);
    },
    limitMs,
  );
}

function linesOf(heading: string): string[] {
  return linesUnder(readPage('docs/how-to.md'), heading);
}

async function read(desk: Desk, object: string, path: string): Promise<string> {
  return kubectl(['get', object, '-n', desk.namespace, `--output=jsonpath={${path}}`]);
}

async function until(desk: Desk, object: string, path: string, wanted: RegExp): Promise<void> {
  await waitFor({
    what: `${path} of ${object} to be ${wanted}`,
    withinMs,
    probe: async () => (wanted.test(await read(desk, object, path)) ? true : undefined),
    explain: () => read(desk, object, '.status'),
  });
}

/** What a person or a pipeline does between the lines of a page. */
async function setImage(desk: Desk, name: string, container: string, version: string): Promise<void> {
  await typeAll(desk, [`kubectl set image deployment/${name} ${container}=localhost/shop:${version}`]);
}

howTo('a canary on a plain Service', async (desk) => {
  await typeAll(desk, linesOf('A canary on a plain Service'));
});

howTo('a canary with an autoscaler', async (desk) => {
  const [, , hpa = ''] = await typeAll(desk, linesOf('With an autoscaler'));
  expect(hpa).toMatch(/^catalog +Canary\/catalog /m);
});

howTo('a canary on an Ingress, metrics, verbs, and one on the Gateway API', async (desk) => {
  const shopWeb = 'canary/shop-web';
  const allows = (verb: string) => until(desk, shopWeb, '.status.allowedActions', new RegExp(`"${verb}"`));
  await typeAll(desk, linesOf('A canary on an Ingress'));
  const [pause = '', resume = '', promote = '', abort = '', rollback = '', status = '', ...others] = linesOf(
    'Saying something to a release',
  );
  expect(others).toEqual([]);
  await setImage(desk, 'shop-web', 'shop', '1.1.0');
  await allows('pause');
  const [, explained = ''] = await typeAll(desk, linesOf('Judging by metrics'));
  expect(explained).toMatch(/^Canary .*shop-web/);
  await typeAll(desk, [pause]);
  await allows('resume');
  await typeAll(desk, [resume, promote]);
  const waiting = desk.type(status);
  await until(desk, shopWeb, '.status.bake', /"startedAt"/);
  await typeAll(desk, ['kubectl headway promote canary/shop-web']);
  expect(await waiting).toMatchObject({ code: 0 });

  await allows('rollback');
  await typeAll(desk, [rollback]);
  await until(desk, shopWeb, '.status.stable.version', /^1\.0\.0$/);
  await setImage(desk, 'shop-web', 'shop', '1.2.0');
  await allows('abort');
  await typeAll(desk, [abort]);
  await until(desk, shopWeb, '.status.phase', /^RolledBack$/);
  await setImage(desk, 'shop-web', 'shop', '1.0.0');
  await until(desk, shopWeb, '.status.phase', /^Healthy$/);

  await typeAll(desk, linesOf('A canary on the Gateway API'));
});

howTo('a blue-green switch', async (desk) => {
  const [apply = '', ready = '', release = '', look = '', promote = ''] = linesOf('A blue-green switch');
  await typeAll(desk, [apply, ready, release]);
  await until(desk, 'bluegreen/checkout', '.status.allowedActions', /"promote"/);
  await lookThrough(desk, look);
  await typeAll(desk, [promote]);
  const page = readPage('docs/spec/blue-green.md');
  const [active = '', good = ''] = linesUnder(page, 'Status');
  await typeAll(desk, [active]);
  await until(desk, 'bluegreen/checkout', '.status.bake', /"startedAt"/);
  await typeAll(desk, [promote, good]); // the second one ends the bake

  await setImage(desk, 'checkout', 'checkout', '1.2.0');
  await until(desk, 'bluegreen/checkout', '.status.preview.version', /^1\.2\.0$/);
  await until(desk, 'bluegreen/checkout', '.status.allowedActions', /"promote"/);
  const [preview = ''] = linesUnder(page, 'The preview Service');
  await lookThrough(desk, preview.replace('-n shop ', ''));
  const asked = await desk.type(...linesUnder(page, 'Asking for something'));
  expect(asked).toMatchObject({ code: 0, errors: '' });
  await until(desk, 'bluegreen/checkout', '.status.active.version', /^1\.2\.0$/);

  await typeAll(desk, [
    `kubectl patch bluegreen/checkout --type=merge -p '{"spec":{"releasePolicy":"Managed"}}'`,
  ]);
  await setImage(desk, 'checkout', 'checkout', '1.0.0');
  await until(desk, 'bluegreen/checkout', '.status.allowedActions', /"admit"/);
  const verbs = linesUnder(readPage('docs/kubectl.md'), verbsHeading);
  await typeAll(
    desk,
    verbs.filter((line) => line.includes(' admit ')),
  );
});

/** A port-forward lasts until it is ended; meanwhile the app answers at it. */
async function lookThrough(desk: Desk, line: string): Promise<void> {
  const port = 8080;
  const child = desk.start(`exec ${line}`);
  try {
    await waitFor({
      what: `${line} to lead to the preview`,
      withinMs: 60_000,
      probe: () =>
        fetch(`http://127.0.0.1:${port}/`)
          .then(async (answer) => ((await answer.text()).startsWith('hello from') ? true : undefined))
          .catch(() => undefined),
    });
  } finally {
    child.kill('SIGINT');
  }
}
