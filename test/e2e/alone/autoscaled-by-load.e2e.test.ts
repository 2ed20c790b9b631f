// SPDX-License-Identifier: Apache-2.0
// The autoscaler of Kubernetes on a Canary: in the middle of a release more requests come, metrics-server sees the pods get
// busier, and it asks for twice as many through the scale subresource. By gateway, and beside nothing else, for this burns
// processor time: pods that get too little of it lose requests for want of it.
import { underMoreTraffic } from '../support/story.ts';
import { bound, growAndPromote, halfSpec, releaseHalf, shrink } from '../support/autoscaled.ts';
import { untilItWants } from '../support/autoscaler.ts';
import { tellStory } from '../support/stories.ts';

/**
 * A request costs 2 ms of a processor, and what the server needs besides. Seen on two busy cores: with 10 per second 4 to 6
 * pods had 8 to 12 ms in each second, with 80 on their way up 27 to 38. So 20 are enough for the first and too few for the
 * others, with room for another machine; the bounds of the autoscaler, 4 and 8, say how many.
 */
const behaviour = { cpuMs: 2 };
const ratePerSecond = 10;
const moreRatePerSecond = 70;

tellStory({
  title: 'autoscaled by load',
  modes: ['gateway'],
  behaviour,
  ratePerSecond,
  spec: halfSpec,
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
