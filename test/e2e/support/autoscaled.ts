// SPDX-License-Identifier: Apache-2.0
// What the stories of an autoscaled Canary share: it asks for twice as many pods in the middle of a release.
import { expect } from '@jest/globals';
import type { Load } from '../../apps/load.ts';
import type { Second } from '../../apps/load-lines.ts';
import { ask, isAt, isPromoted, readRollout, release, until } from './acts.ts';
import { autoscaler, sized } from './autoscaler.ts';
import { applyObjects } from './kubectl.ts';
import type { Behaviour } from './objects.ts';
import type { Story } from './story.ts';

/** What the autoscaler wants a pod to have: see the story that is told under load. */
const cpuOfAPod = '20m';

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

/** Half of the traffic, until somebody promotes. */
export const halfSpec = () => ({ steps: [{ setWeight: 50 }, { pause: {} }] });

/** The canary has its half, and each side the pods for it. */
export async function releaseHalf(story: Story, like: Behaviour): Promise<void> {
  expect((await readRollout(story.namespace))?.spec.replicas).toBe(4);
  await release(story, '1.1.0', like);
  await until(story, 'half of the traffic', isAt(1, 50));
  await sized(story, story.mode === 'ratio' ? { '1.0.0': 2, '1.1.0': 2 } : { '1.0.0': 4, '1.1.0': 2 });
}

/** Eight are asked for: both revisions follow at the weight that there is, and the promotion keeps the number. */
export async function growAndPromote(story: Story, more?: Load): Promise<void> {
  const isRatio = story.mode === 'ratio';
  await sized(story, isRatio ? { '1.0.0': 4, '1.1.0': 4 } : { '1.0.0': 8, '1.1.0': 4 });
  const pods = isRatio ? 8 : 12;
  await until(
    story,
    `half of the traffic, of ${pods} pods`,
    (status) => isAt(1, 50)(status) && status.phase === 'Paused' && status.replicas === pods,
  );
  expect((await readRollout(story.namespace))?.spec.replicas).toBe(8);
  await halved(story.load, more);
  await ask(story, 'promote');
  await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  await sized(story, { '1.1.0': 8 });
}

/** Puts up the autoscaler, or changes its bounds. */
export async function bound(story: Story, minReplicas: number, maxReplicas: number): Promise<void> {
  await applyObjects([autoscaler(story.namespace, cpuOfAPod, { minReplicas, maxReplicas })]);
}

/** By its metrics it would ask for fewer only after five minutes; its bounds act at once. */
export async function shrink(story: Story): Promise<void> {
  await bound(story, 3, 3);
  await sized(story, { '1.1.0': 3, '1.0.0': 0 });
  expect((await readRollout(story.namespace))?.spec.replicas).toBe(3);
}
