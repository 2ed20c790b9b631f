// SPDX-License-Identifier: Apache-2.0
// Somebody with `kubectl headway`, in a terminal, through good and bad releases: docs/kubectl.md, the verbs of
// docs/spec/canary.md, docs/troubleshooting.md and docs/runbooks.md are typed as they stand there.
import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { linesUnder, readPage } from '../../docs/markdown.ts';
import { verbsHeading } from '../../docs/typed-by-stories.ts';
import { isAt, isPromoted, isRolledBack, release, until } from '../support/acts.ts';
import { capture } from '../support/captures.ts';
import { type Desk, takeDesk, typeAll, type Words } from '../support/desk.ts';
import { type CanarySpecInput, successRate } from '../support/objects.ts';
import { finishStory } from '../support/stories.ts';
import { beginStory, type Story } from '../support/story.ts';

const namespace = `e2e-store-${randomBytes(2).toString('hex')}`;
const here: Words = [
  ['-n shop', `-n ${namespace}`],
  ['NAMESPACE', namespace],
  ['KIND/NAME', 'canary/shop'],
  ['checkout', 'shop'],
];

/** A metric that nobody has. */
const orders = {
  name: 'failed-orders',
  provider: 'prometheus',
  query: 'sum(rate(orders_failed_total{revision="{{revision}}"}[{{window}}]))',
  window: '5s',
  successCondition: 'result <= 0.02',
  interval: '1s',
};

const spec: CanarySpecInput = {
  steps: [
    { setWeight: 25 },
    { pause: { duration: '30m' } },
    { setWeight: 50 },
    { pause: {} },
    { analysis: { checks: [orders], duration: '30s' } },
  ],
  analysis: { checks: [successRate] },
  rollbackWindow: { revisions: 2 },
};

const limitMs = 900_000;

it.concurrent(
  'kubectl headway in a terminal (route)',
  async () => {
    const { HEADWAY_OPERATOR_LOG: operatorLog } = process.env;
    const title = 'kubectl headway in a terminal';
    const log = operatorLog === undefined ? {} : { operatorLog };
    const desk = await takeDesk(namespace, here);
    try {
      const story = await beginStory({ title, mode: 'route', namespace, spec, ...log });
      // Whoever says promote --full or rollback skips steps.
      story.mayJump = true;
      await finishStory(story, { spec, body: () => throughReleases(story, desk) });
    } finally {
      desk.leave();
    }
  },
  limitMs,
);

function pageOf(name: string, heading: string): string[] {
  return linesUnder(readPage(name), heading);
}

const [watch = ''] = pageOf('docs/kubectl.md', 'watch');
const [statusLine = '', statusWait = ''] = pageOf('docs/kubectl.md', 'status');
const verbs = pageOf('docs/kubectl.md', verbsHeading);

/** The first line of the page that begins so. */
function verb(words: string): string {
  const line = verbs.find((one) => one.startsWith(`kubectl headway ${words}`));
  if (line === undefined) throw new Error(`docs/kubectl.md does not say kubectl headway ${words}`);
  return line;
}

async function throughReleases(story: Story, desk: Desk): Promise<void> {
  await midCanary(story, desk);
  await waiting(story, desk);
  await withoutData(story, desk);
  await promoted(story, desk);
  await takenBack(story, desk);
  await failed(story, desk);
}

async function expectStatus(desk: Desk, code: number, shows: RegExp): Promise<void> {
  const seen = await desk.type(statusLine);
  expect(seen).toMatchObject({ code, errors: '' });
  expect(seen.output.replaceAll(/\s+/g, ' ')).toMatch(shows);
}

async function midCanary(story: Story, desk: Desk): Promise<void> {
  await release(story, '1.1.0');
  await until(story, 'good measurements at 25%', (status) => {
    const [check] = status.analysis?.background?.checks ?? [];
    return isAt(1, 25)(status) && (check?.good ?? 0) > 4;
  });
  await capture(desk, 'mid-canary', watch, /● Progressing[^]*success-rate [^\n]*\d% [^\n]*≥ 95%/);
  await expectStatus(desk, 6, /Progressing/);
  const [all = '', everywhere = '', yaml = ''] = await typeAll(desk, pageOf('docs/kubectl.md', 'get'));
  expect(all).toMatch(/^canary\/shop +● Progressing /m);
  expect(everywhere).toMatch(new RegExp(`^${namespace} +canary/shop +● Progressing `, 'm'));
  expect(yaml).toMatch(/^kind: Canary$/m);
  const [explained = ''] = await typeAll(desk, pageOf('docs/kubectl.md', 'explain'));
  expect(explained).toMatch(/success-rate/);
  const [seen = '', ...asked] = pageOf('docs/troubleshooting.md', 'Troubleshooting');
  expect(seen).toBe(statusLine);
  const [message = '', events = ''] = await typeAll(desk, asked);
  expect(message).toMatch(/^step 2\/5, 25% on 1\.1\.0/);
  expect(events).toMatch(/Normal/);
  const [version = ''] = await typeAll(desk, pageOf('docs/kubectl.md', 'version'));
  expect(version).toMatch(/^plugin .*\noperator .*headway-system/);
}

async function waiting(story: Story, desk: Desk): Promise<void> {
  await typeAll(desk, [verb('pause')]);
  await until(story, 'the pause', ({ pause }) => pause?.by === 'User');
  await typeAll(desk, [verb('resume')]);
  await until(story, 'the end of the pause', ({ pause }) => pause?.by !== 'User');
  await typeAll(desk, [verb('skip')]);
  await until(story, 'the wait for a person', ({ pause }) => pause?.by === 'Step');
  await until(story, '50%', isAt(3, 50));
  await capture(desk, 'waiting', watch, /‖ Paused/);
  await expectStatus(desk, 3, /waits until somebody promotes/);
}

/** Promoted by the annotation, as docs/spec/canary.md says. */
async function withoutData(story: Story, desk: Desk): Promise<void> {
  const asked = await desk.type(...pageOf('docs/spec/canary.md', 'Asking for something'));
  expect(asked).toMatchObject({ code: 0, errors: '' });
  await until(story, 'the hold without data', ({ phase }) => phase === 'Holding');
  await capture(desk, 'no-data', watch, /\? Holding[^]*no data/);
  await expectStatus(desk, 4, /no data/);
}

async function promoted(story: Story, desk: Desk): Promise<void> {
  const wait = desk.type(statusWait);
  await typeAll(desk, [verb('promote canary/checkout --full')]);
  await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  expect(await wait).toMatchObject({ code: 0, errors: '' });
  await typeAll(desk, pageOf('docs/spec/canary.md', 'Phases and conditions'));
  const [history = ''] = await typeAll(desk, pageOf('docs/kubectl.md', 'history'));
  expect(history).toMatch(/1\.1\.0 +\S+ +Promoted/);
}

async function takenBack(story: Story, desk: Desk): Promise<void> {
  await release(story, '1.2.0');
  await until(story, '25% on 1.2.0', isAt(1, 25));
  await typeAll(desk, [verb('abort')]);
  await until(story, 'the rollback', isRolledBack);
  await typeAll(desk, [verb('retry')]);
  await until(story, '25% on 1.2.0 once more', isAt(1, 25));
  const [rollouts = '', pods = '', logs = '', ...byHand] = pageOf('docs/runbooks.md', 'Runbooks');
  await typeAll(desk, [rollouts, pods]);
  // What grep does not find is 1, and no news.
  expect([0, 1]).toContain((await desk.type(logs)).code);
  const abort = await desk.type(...byHand);
  expect(abort).toMatchObject({ code: 0, errors: '' });
}

async function failed(story: Story, desk: Desk): Promise<void> {
  await until(story, 'the rollback by the runbook', isRolledBack);
  await typeAll(desk, [verb('retry')]);
  await until(story, '25% on 1.2.0 again', isAt(1, 25));
  await typeAll(desk, [verb('skip')]);
  await until(story, 'the wait for a person', ({ pause }) => pause?.by === 'Step');
  await typeAll(desk, [verb('promote')]);
  await typeAll(desk, [verb('promote canary/checkout --full')]);
  await until(story, '1.2.0 to be promoted', isPromoted('1.2.0'));
  await typeAll(desk, [verb('rollback')]);
  await until(story, 'all traffic on 1.0.0', ({ stable }) => stable?.version === '1.0.0');

  await release(story, '1.1.0', { errorRate: 0.34 });
  await until(
    story,
    'the rollback of the bad version',
    (status) => isRolledBack(status) && status.canary?.version === '1.1.0',
  );
  await capture(desk, 'failed', watch, /✖ RolledBack/);
  await expectStatus(desk, 1, /all traffic on 1\.0\.0/);
}
