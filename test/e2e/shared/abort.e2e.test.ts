// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { ask, isAt, isPromoted, isRolledBack, release, until } from '../support/acts.ts';
import { allModes } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';

tellStory({
  title: 'abort and retry',
  modes: allModes,
  spec: () => ({ steps: [{ setWeight: 50 }, { pause: {} }] }),
  body: async (story) => {
    await release(story, '1.1.0');
    await until(story, 'the weight of 1.1.0', isAt(1, 50));
    await ask(story, 'abort');
    const aborted = await until(story, 'the rollback', isRolledBack);
    expect(aborted.failure).toMatchObject({ reason: 'Aborted', message: 'aborted on request', weight: 50 });
    expect(aborted.allowedActions).toEqual(['retry']);
    await ask(story, 'retry');
    await until(story, 'the weight of 1.1.0 again', isAt(1, 50));
    await ask(story, 'promote');
    const status = await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    expect(status.history?.map(({ outcome }) => outcome)).toEqual(['Promoted', 'RolledBack']);
  },
});
