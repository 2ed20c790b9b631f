// SPDX-License-Identifier: Apache-2.0
// The autoscaler of Kubernetes on a Canary, which it scales through the scale subresource: its bounds are changed in the
// middle of a release. What it does by what metrics-server measures is told alone.
import { bound, growAndPromote, halfSpec, releaseHalf, shrink } from '../support/autoscaled.ts';
import { tellStory } from '../support/stories.ts';

tellStory({
  title: 'autoscaled by its bounds',
  modes: ['route', 'ratio'],
  spec: halfSpec,
  body: async (story) => {
    await bound(story, 4, 4);
    await releaseHalf(story, {});
    await bound(story, 8, 8);
    await growAndPromote(story);
    await shrink(story);
  },
});
