// SPDX-License-Identifier: Apache-2.0
import { expect, it } from '@jest/globals';
import { startPart, stopPart } from '../../cluster/faults.ts';
import { isAt, isPromoted, release, stays, until } from '../support/acts.ts';
import { successRate } from '../support/objects.ts';
import { clusterName } from '../support/world.ts';
import { strikeAll } from './support.ts';

const outageMs = 15_000;

it('metrics outage mid canary: the weight is held, nothing is rolled back, and it goes on by itself', async () => {
  await strikeAll({
    title: 'metrics outage',
    port: 9121,
    spec: () => ({
      steps: [
        { setWeight: 25 },
        { pause: { duration: '40s' } },
        { setWeight: 50 },
        { pause: { duration: '3s' } },
      ],
      analysis: { checks: [successRate] },
      noDataDeadline: '10m',
    }),
    before: async (story) => {
      await release(story, '1.1.0');
      await until(story, 'good samples at 25%', (status) => {
        const [check] = status.analysis?.background?.checks ?? [];
        return isAt(1, 25)(status) && (check?.good ?? 0) > 0;
      });
    },
    strike: async (stories) => {
      await stopPart(clusterName(), 'prometheus');
      try {
        await Promise.all(
          stories.map(async (story) => {
            const held = await until(story, 'the hold', ({ phase }) => phase === 'Holding');
            expect(held.conditions).toContainEqual(
              expect.objectContaining({ type: 'Ready', status: 'False', reason: 'NoData' }),
            );
            await stays(
              story,
              'the weight without metrics',
              ({ weight, stage, step }) =>
                weight?.desired === 25 && stage === 'Stepping' && step?.index === 1,
              outageMs,
            );
          }),
        );
      } finally {
        await startPart(clusterName(), 'prometheus');
      }
    },
    after: async (story) => {
      const status = await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'), 180_000);
      expect(status.history?.map(({ outcome }) => outcome)).toEqual(['Promoted']);
    },
  });
}, 420_000);
