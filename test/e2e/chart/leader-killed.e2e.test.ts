// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { ask, isPromoted, release, stays, until } from '../support/acts.ts';
import { leader, operatorPods } from '../support/installation.ts';
import { restsAt } from '../support/place.ts';
import { killInPod } from '../support/pod-process.ts';
import { tellStory } from '../support/stories.ts';
import { waitFor } from '../support/wait.ts';
import { operatorNamespace } from '../support/world.ts';

/** Its Lease runs out after 15 s; nobody gives it back. */
const takenOverWithinMs = 120_000;

tellStory({
  title: 'leader killed',
  modes: ['gateway'],
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }] }),
  body: async (story) => {
    await release(story, '1.1.0');
    await until(story, '25% on 1.1.0', restsAt(1, 25));
    const dead = await untilLed((holder) => holder !== '');
    const diedAtMs = performance.now();
    await killInPod(operatorNamespace, dead.slice(0, dead.lastIndexOf('_')));
    await untilLed((holder) => holder !== '' && holder !== dead);
    story.notes.push(`led by another process after ${((performance.now() - diedAtMs) / 1_000).toFixed(0)} s`);
    await stays(story, 'at the same step', restsAt(1, 25), 3_000);
    await ask(story, 'promote');
    await until(story, '50% on 1.1.0', restsAt(3, 50));
    await ask(story, 'promote');
    const { history } = await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    expect(history?.map(({ version, outcome }) => `${version} ${outcome}`)).toEqual(['1.1.0 Promoted']);
  },
});

async function untilLed(isMeant: (holder: string) => boolean): Promise<string> {
  return waitFor({
    what: 'a process to hold the Lease',
    withinMs: takenOverWithinMs,
    probe: async () => {
      const holder = await leader();
      return isMeant(holder) ? holder : undefined;
    },
    explain: async () => `held by ${await leader()}; there are ${JSON.stringify(await operatorPods())}`,
  });
}
