// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { z } from 'zod';
import { resources } from '../../../operator/kube/resources.ts';
import { isPromoted, release, until } from '../support/acts.ts';
import { describeStory } from '../support/describe.ts';
import { mendSmokeTest, smokeTest } from '../support/smoke.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';
import { admin } from '../support/world.ts';

const JobStatus = z.looseObject({ ready: z.int().default(0) }).prefault({});

// A newer template comes while the Job of the one before still runs: nobody waits for what it will say.
tellStory({
  title: 'job replaced',
  modes: ['route'],
  besides: (namespace) => [smokeTest(namespace, [])],
  spec: () => ({
    steps: [
      { setWeight: 25 },
      { analysis: { checks: [{ name: 'smoke', job: { cronJobRef: { name: 'smoke' } } }] } },
      { setWeight: 50 },
    ],
  }),
  body: async (story) => {
    await release(story, '1.1.0');
    const endless = await runningJob(story);
    await mendSmokeTest(story.namespace);
    await release(story, '1.2.0');
    const status = await until(story, '1.2.0 to be promoted', isPromoted('1.2.0'), 180_000);
    expect(status.history?.map(({ version, outcome }) => `${version} ${outcome}`)).toEqual([
      '1.2.0 Promoted',
      '1.1.0 Superseded',
    ]);
    const { items } = await admin().list(resources.jobs, { namespace: story.namespace });
    expect(items).toHaveLength(1);
    expect(items.map(({ metadata }) => metadata.name)).not.toContain(endless);
  },
});

/** Name of the one Job, as soon as its pod runs. */
function runningJob({ namespace, operatorLog }: Story): Promise<string> {
  return waitFor({
    what: 'the Job of 1.1.0 to run',
    withinMs: 90_000,
    probe: async () => {
      const { items } = await admin().list(resources.jobs, { namespace });
      const [job] = items;
      return job && JobStatus.parse(job['status']).ready > 0 ? job.metadata.name : undefined;
    },
    explain: () => describeStory(namespace, operatorLog),
  });
}
