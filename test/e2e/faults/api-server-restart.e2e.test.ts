// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { startPart, stopPart } from '../../cluster/faults.ts';
import { isAt, isPromoted, release, until } from '../support/acts.ts';
import { clusterName } from '../support/world.ts';
import { strikeAll } from './support.ts';

const cases = [
  // Shorter than the Lease: the same process goes on.
  { title: 'API server restarted', downMs: 0, port: 9131 },
  // Longer than a leader may go without renewing its Lease: the process ends, and its successor goes on.
  { title: 'API server down for 15 s', downMs: 15_000, port: 9132 },
];

it.each(cases)(
  '$title mid canary: nothing is rolled back, and it goes on by itself',
  async ({ title, downMs, port }) => {
    await strikeAll({
      title: title.toLowerCase(),
      port,
      spec: () => ({
        steps: [
          { setWeight: 25 },
          { pause: { duration: '5s' } },
          { setWeight: 50 },
          { pause: { duration: '3s' } },
        ],
        // Controllers, scheduler and kubelet come back with back-offs of their own, and pods only after them.
        progressDeadline: '5m',
        // Shorter than what the watches of the router may need to come back: that is waited for, whatever this says.
        scaleDownDelay: '10s',
      }),
      before: async (story) => {
        await release(story, '1.1.0');
        await until(story, 'the weight of 1.1.0', isAt(1, 25));
      },
      strike: async (stories) => {
        await stopPart(clusterName(), 'apiserver', 'SIGKILL');
        try {
          await delay(downMs);
        } finally {
          for (const story of stories) story.serverStartsMs.push(Date.now());
          await startPart(clusterName(), 'apiserver');
        }
      },
      after: async (story) => {
        const status = await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'), 240_000);
        expect(status.history?.map(({ version, outcome }) => `${version} ${outcome}`)).toEqual([
          '1.1.0 Promoted',
        ]);
      },
    });
  },
  600_000,
);
