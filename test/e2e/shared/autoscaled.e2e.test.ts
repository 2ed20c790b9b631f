// SPDX-License-Identifier: Apache-2.0
// The autoscaler of Kubernetes on a Canary: in the middle of a release it asks for twice as many pods through the scale
// subresource. By gateway it does so because more requests come and metrics-server sees pods get busier. By route and by
// ratio its bounds are changed, so that processor time is burnt in one story and not in three: pods that get too little of
// it on a full machine lose requests for want of it.
import { expect } from '@jest/globals';
import type { Load } from '../../apps/load.ts';
import type { Second } from '../../apps/load-lines.ts';
import { ask, isAt, isPromoted, readCanary, release, until } from '../support/acts.ts';
import { autoscaler, sized, untilItWants } from '../support/autoscaler.ts';
import { applyObjects } from '../support/kubectl.ts';
import type { Behaviour } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import { type Story, underMoreTraffic } from '../support/story.ts';

/**
 * A request costs 2 ms of a processor, and what the server needs besides. Seen on two busy cores: with 10 per second 4 to 6
 * pods had 8 to 12 ms in each second, with 80 on their way up 27 to 38. So 20 are enough for the first and too few for the
 * others, with room for another machine; the bounds of the autoscaler, 4 and 8, say how many.
 */
const behaviour = { cpuMs: 2 };
const cpuOfAPod = '20m';
const ratePerSecond = 10;
const moreRatePerSecond = 70;

const splitSeconds = 5;

/**
 * Resolves when about half of the answers of some seconds from now on come from each version. All clients are counted: a
 * router that takes the versions in turn may give one of them, with every eighth request, the same version each time. And
 * answers come late from pods that have just started on a busy machine, so the first seconds need not be halves.
 */
function halved(clients: Load, more?: Load): Promise<void> {
  const both = more ? [clients, more] : [clients];
  const from = both.map((load) => load.seconds().length);
  return clients.waitFor(
    'half of the answers by each version',
    () => {
      const lasts = both.map((load, at) => load.seconds().slice(from[at]).slice(-splitSeconds));
      return lasts.every((last) => last.length === splitSeconds) && isHalf(lasts.flat());
    },
    60_000,
  );
}

function isHalf(seconds: readonly Second[]): boolean {
  const answers = (version: string): number =>
    seconds.reduce((sum, { byVersion }) => sum + (byVersion[version] ?? 0), 0);
  const share = answers('1.1.0') / (answers('1.0.0') + answers('1.1.0'));
  // By the ratio of pods each connection is a throw of dice: of 400 of them the share is off by 0.025 one time in three.
  return share > 0.4 && share < 0.6;
}

const spec = () => ({ steps: [{ setWeight: 50 }, { pause: {} }] });

async function releaseHalf(story: Story, like: Behaviour): Promise<void> {
  expect((await readCanary(story.namespace))?.spec.replicas).toBe(4);
  await release(story, '1.1.0', like);
  await until(story, 'half of the traffic', isAt(1, 50));
  await sized(story, story.mode === 'ratio' ? { '1.0.0': 2, '1.1.0': 2 } : { '1.0.0': 4, '1.1.0': 2 });
}

/** Eight are asked for: both revisions follow at the weight that there is, and the promotion keeps the number. */
async function growAndPromote(story: Story, more?: Load): Promise<void> {
  const isRatio = story.mode === 'ratio';
  await sized(story, isRatio ? { '1.0.0': 4, '1.1.0': 4 } : { '1.0.0': 8, '1.1.0': 4 });
  const pods = isRatio ? 8 : 12;
  await until(
    story,
    `half of the traffic, of ${pods} pods`,
    (status) => isAt(1, 50)(status) && status.phase === 'Paused' && status.replicas === pods,
  );
  expect((await readCanary(story.namespace))?.spec.replicas).toBe(8);
  await halved(story.load, more);
  await ask(story, 'promote');
  await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  await sized(story, { '1.1.0': 8 });
}

async function bound(story: Story, minReplicas: number, maxReplicas: number): Promise<void> {
  await applyObjects([autoscaler(story.namespace, cpuOfAPod, { minReplicas, maxReplicas })]);
}

/** By its metrics it would ask for fewer only after five minutes; its bounds act at once. */
async function shrink(story: Story): Promise<void> {
  await bound(story, 3, 3);
  await sized(story, { '1.1.0': 3, '1.0.0': 0 });
  expect((await readCanary(story.namespace))?.spec.replicas).toBe(3);
}

tellStory({
  title: 'autoscaled by load',
  modes: ['gateway'],
  behaviour,
  ratePerSecond,
  spec,
  body: async (story) => {
    await bound(story, 4, 8);
    await releaseHalf(story, behaviour);
    const before = await untilItWants(story, (desired) => desired === 4);
    await underMoreTraffic(story, moreRatePerSecond, async (more) => {
      const after = await untilItWants(story, (desired) => desired === 8);
      story.notes.push(
        `4 pods at ${before.cpu} each became 8 after ${after.cpu} in the middle of the release`,
      );
      await growAndPromote(story, more);
    });
    await shrink(story);
  },
});

tellStory({
  title: 'autoscaled by its bounds',
  modes: ['route', 'ratio'],
  spec,
  body: async (story) => {
    await bound(story, 4, 4);
    await releaseHalf(story, {});
    await bound(story, 8, 8);
    await growAndPromote(story);
    await shrink(story);
  },
});
