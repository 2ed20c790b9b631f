// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { resources } from '../../../operator/kube/resources.ts';
import { ask, isPromoted, isRolledBack, readStatus, release, until } from '../support/acts.ts';
import { shop } from '../support/objects.ts';
import { mendSmokeTest, smokeTest } from '../support/smoke.ts';
import { tellStory } from '../support/stories.ts';
import { admin } from '../support/world.ts';

// No metrics at all: pods are asked themselves, and a Job has to complete.
tellStory({
  title: 'probes',
  modes: ['gateway', 'ratio'],
  besides: (namespace) => [smokeTest(namespace, ['--no-such-flag'])],
  spec: () => ({
    steps: [
      { setWeight: 25 },
      { pause: { duration: '10s' } },
      { analysis: { checks: [{ name: 'smoke', job: { cronJobRef: { name: 'smoke' } } }] } },
      { setWeight: 50 },
    ],
    analysis: {
      checks: [
        { name: 'front-page', interval: '1s', http: { port: 8080, timeout: '5s' } },
        { name: 'reachable', interval: '1s', tcp: { port: 80, target: 'service', timeout: '5s' } },
      ],
    },
  }),
  body: async (story) => {
    const { namespace } = story;
    await release(story, '1.1.0', { errorRate: 0.34 });
    const bad = await until(story, 'the rollback of what answers with errors', isRolledBack);
    expect(bad.message).toMatch(
      /^front-page: GET :8080\/ of pod shop-[\w-]+ answered 500, not 200 to 399( \(\d of \d pods\))? in 1 of \d+ checks? at 25%; all traffic on 1\.0\.0 since \d\d:\d\d:\d\d \(\d+\.\d s\)$/,
    );
    await release(story, '1.2.0');
    const failed = await until(
      story,
      'the rollback for the Job',
      (status) => isRolledBack(status) && status.canary?.version === '1.2.0',
    );
    expect(failed.message).toMatch(
      /^smoke: Job shop-smoke-[a-z0-9]{8} failed \(exit code 2\): ".*bad configuration.*no-such-flag.*" at 25%; all traffic on 1\.0\.0 since /,
    );
    await mendSmokeTest(namespace);
    await ask(story, 'retry');
    await until(story, '1.2.0 to be promoted', isPromoted('1.2.0'));
  },
  epilogue: async ({ namespace, notes }) => {
    const { analysis } = await readStatus(namespace);
    expect(analysis?.step?.checks[0]).toMatchObject({ verdict: 'Passed', query: 'Job of CronJob smoke' });
    const { items } = await admin().list(resources.jobs, { namespace });
    expect(items.map(({ metadata }) => metadata.ownerReferences?.[0]?.name)).toEqual([shop, shop]);
    notes.push(`${analysis?.step?.checks[0]?.reason}`);
  },
});
