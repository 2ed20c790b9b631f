// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { shareOf } from '../../apps/load-lines.ts';
import { isAt, isPromoted, release, until } from '../support/acts.ts';
import { kubectl } from '../support/kubectl.ts';
import { allModes, type Mode, shop, successRate } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';

/** Traefik's own counters, once: what it calls a Service depends on who names it. */
function countedBy(
  mode: Mode,
): typeof successRate | (Omit<typeof successRate, 'source'> & { source: 'traefik' }) {
  return mode === 'traefik' ? { ...successRate, source: 'traefik' } : successRate;
}

tellStory({
  title: 'good release',
  modes: allModes,
  spec: (mode) => ({
    steps: [
      { setWeight: 25 },
      { pause: { duration: '7s' } },
      { setWeight: 50 },
      { analysis: { checks: [{ ...countedBy(mode), count: 3 }] } },
    ],
    analysis: { checks: [countedBy(mode)] },
  }),
  body: async (story) => {
    await release(story, '1.1.0');
    const at25 = await until(story, 'the first weight', isAt(1, 25));
    const seen = story.load.seconds().length;
    expect(at25.phase).toBe('Progressing');
    // What the status calls observed is what clients get: a quarter of the answers, give or take. Without a route
    // that holds for new connections only: kube-proxy leaves a kept one where it is.
    await story.load.waitFor('six seconds at 25%', (seconds) => seconds.length >= seen + 6, 10_000);
    const share = shareOf('1.1.0', story.load.seconds().slice(seen));
    expect(share).toBeGreaterThan(story.mode === 'ratio' ? 0.05 : 0.15);
    expect(share).toBeLessThan(0.35);
    await kubectl([
      'wait',
      '-n',
      story.namespace,
      `canary/${shop}`,
      '--for=condition=Ready',
      '--timeout=180s',
    ]);
    const promoted = await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    expect(promoted.message).toMatch(/^all traffic on 1\.1\.0 since \d\d:\d\d:\d\d/);
    expect(promoted.history?.map(({ version, outcome }) => ({ version, outcome }))).toEqual([
      { version: '1.1.0', outcome: 'Promoted' },
    ]);
    expect(promoted.conditions?.map(({ type, status }) => `${type}=${status}`).toSorted()).toEqual([
      'Promoted=True',
      'Ready=True',
    ]);
  },
  epilogue: (_story, { summary, audit }) => {
    expect(summary.appErrors).toEqual({});
    expect(audit.weights.at(-1)?.weight).toBe(0);
  },
});
