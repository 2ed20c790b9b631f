// SPDX-License-Identifier: Apache-2.0
import type { EventReason } from '../../../operator/api/reasons.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { describeStory } from './describe.ts';
import type { Story } from './story.ts';
import { waitFor } from './wait.ts';
import { admin } from './world.ts';

/** What somebody has overwritten is as it was. `what` begins "... to be put back". */
export function untilPutBack(story: Story, what: string, isPutBack: () => Promise<boolean>): Promise<true> {
  return waitFor({
    what: `${what} to be put back`,
    withinMs: 60_000,
    probe: async () => ((await isPutBack()) ? true : undefined),
    explain: () => describeStory(story.namespace, story.operatorLog),
  });
}

/** All Warning events of a reason, once one of them says the sentence. What has to settle first is told later. */
export function untilTold(story: Story, reason: EventReason, sentence: RegExp): Promise<string[]> {
  const { namespace, operatorLog } = story;
  return waitFor({
    what: `an event ${reason} that says ${sentence.source}`,
    withinMs: 45_000,
    probe: async () => {
      const { items } = await admin().list(resources.events, { namespace });
      const told = items
        .filter((event) => event['reason'] === reason && event['type'] === 'Warning')
        .map((event) => String(event['note']));
      return told.some((note) => sentence.test(note)) ? told : undefined;
    },
    explain: () => describeStory(namespace, operatorLog),
  });
}
