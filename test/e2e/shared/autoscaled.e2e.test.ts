// SPDX-License-Identifier: Apache-2.0
// The autoscaler of Kubernetes on a Canary, by the metrics of metrics-server: more requests come in the middle of a
// release, pods get busier, and it asks for twice as many of them through the scale subresource.
import { expect } from '@jest/globals';
import { ask, isAt, isPromoted, readCanary, release, until } from '../support/acts.ts';
import { autoscaler, sized, untilItWants } from '../support/autoscaler.ts';
import { applyObjects } from '../support/kubectl.ts';
import { tellStory } from '../support/stories.ts';
import { underMoreTraffic } from '../support/story.ts';
import type { Load } from '../../apps/load.ts';
import type { Second } from '../../apps/load-lines.ts';

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
function halved(clients: Load, more: Load): Promise<void> {
  const [from, moreFrom] = [clients.seconds().length, more.seconds().length];
  return clients.waitFor(
    'half of the answers by each version',
    (seconds) => {
      const lasts = [seconds.slice(from), more.seconds().slice(moreFrom)].map((all) =>
        all.slice(-splitSeconds),
      );
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

tellStory({
  title: 'autoscaled',
  behaviour,
  ratePerSecond,
  spec: () => ({ steps: [{ setWeight: 50 }, { pause: {} }] }),
  body: async (story) => {
    const { namespace, mode } = story;
    const isRatio = mode === 'ratio';
    expect((await readCanary(namespace))?.spec.replicas).toBe(4);
    await applyObjects([autoscaler(namespace, cpuOfAPod, { minReplicas: 4, maxReplicas: 8 })]);
    await release(story, '1.1.0', behaviour);
    await until(story, 'half of the traffic', isAt(1, 50));
    await sized(story, isRatio ? { '1.0.0': 2, '1.1.0': 2 } : { '1.0.0': 4, '1.1.0': 2 });
    const before = await untilItWants(story, (desired) => desired === 4);

    await underMoreTraffic(story, moreRatePerSecond, async (more) => {
      const after = await untilItWants(story, (desired) => desired === 8);
      await sized(story, isRatio ? { '1.0.0': 4, '1.1.0': 4 } : { '1.0.0': 8, '1.1.0': 4 });
      const pods = isRatio ? 8 : 12;
      await until(
        story,
        `half of the traffic, of ${pods} pods`,
        (status) => isAt(1, 50)(status) && status.phase === 'Paused' && status.replicas === pods,
      );
      expect((await readCanary(namespace))?.spec.replicas).toBe(8);
      await halved(story.load, more);

      await ask(story, 'promote');
      await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
      await sized(story, { '1.1.0': 8 });
      story.notes.push(
        `4 pods at ${before.cpu} each became 8 after ${after.cpu} in the middle of the release`,
      );
    });

    // Fewer of them it would ask for only after five minutes; its bounds act at once.
    await applyObjects([autoscaler(namespace, cpuOfAPod, { minReplicas: 3, maxReplicas: 3 })]);
    await sized(story, { '1.1.0': 3, '1.0.0': 0 });
    expect((await readCanary(namespace))?.spec.replicas).toBe(3);
  },
});
