// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { BlueGreen } from '../../../operator/api/kinds.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { shareOf } from '../../apps/load-lines.ts';
import { appPort } from '../../apps/manifests.ts';
import {
  ask,
  bakeFor,
  isHealthy,
  isPreviewed,
  isPromoted,
  isRolledBack,
  release,
  until,
} from '../support/acts.ts';
import { shop, successRate } from '../support/objects.ts';
import { turnBad } from '../support/pods.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';
import { entranceOfService, versionsFor, waitUntilAnsweredBy, waitUntilServing } from '../support/traffic.ts';
import { rolledBackFor } from '../support/verdict.ts';
import { admin } from '../support/world.ts';

// Three releases: one is looked at and promoted, one fails its probe and no client ever sees it, one turns bad
// when it has all traffic and goes by itself.
tellStory({
  title: 'blue-green',
  kind: 'BlueGreen',
  spec: () => ({
    previewReplicas: 2,
    autoPromote: false,
    prePromotion: {
      checks: [
        { name: 'answers', interval: '1s', count: 3, http: { port: appPort, expect: { status: [200] } } },
      ],
    },
    bake: { duration: '8s' },
    postPromotion: { checks: [successRate] },
  }),
  body: async (story) => {
    const { namespace } = story;
    const preview = await entranceOfService(namespace, `${shop}-preview`);
    await waitUntilServing(preview, 30_000);
    await waitUntilAnsweredBy(preview, '1.0.0');

    await release(story, '1.1.0');
    await until(story, 'the preview of 1.1.0', isPreviewed('1.1.0'));
    await waitUntilAnsweredBy(preview, '1.1.0');
    expect(await versionsFor(story.entrance, {}, 20)).toEqual({ '1.0.0': 20 });
    await ask(story, 'promote');
    const promoted = await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
    expect(promoted.message).toMatch(/^all traffic on 1\.1\.0 since \d\d:\d\d:\d\d/);
    expect(await slotsOf(story)).toEqual({ active: 'green 1.1.0' });
    await waitUntilAnsweredBy(preview, '1.1.0');

    await release(story, '1.2.0', { errorRate: 1 });
    const refused = await until(story, 'the refusal of 1.2.0', isRolledBack);
    expect(refused.failure).toMatchObject({ reason: 'AnalysisFailed', weight: 0 });
    expect(refused.message).toMatch(/^answers: .*500.* in preview; all traffic stays on 1\.1\.0$/);

    expect(shareOf('1.2.0', story.load.seconds())).toBe(0);

    await bakeFor(story, '5m'); // pods turn bad one by one, on a busy machine slowly
    await release(story, '1.2.0');
    await until(story, 'the preview of 1.2.0 without errors', isPreviewed('1.2.0'));
    await ask(story, 'promote');
    const { stable } = await until(story, 'the bake of 1.2.0', ({ stage }) => stage === 'Baking');
    await turnBad(namespace, stable?.revision ?? '');
    const returned = await until(story, 'the way back to 1.1.0', isRolledBack);
    expect(returned.message).toMatch(rolledBackFor({ where: 'in the bake of 1.2.0', to: '1.1.0' }));
    expect(await slotsOf(story)).toEqual({ active: 'green 1.1.0', preview: 'blue 1.2.0' });
    noteReturn(story, returned.failure);

    await release(story, '1.1.0');
    await until(story, 'the Deployment to say the same', isHealthy);
  },
  epilogue: (_story, { summary }) => {
    expect(Object.keys(summary.byVersion).toSorted()).toEqual(['1.0.0', '1.1.0', '1.2.0']);
  },
});

async function slotsOf({ namespace }: Story): Promise<Record<string, string>> {
  const object = await admin().get(resources.blueGreens, { namespace, name: shop });
  const { active, preview } = BlueGreen.parse(object).status ?? {};
  const slots = Object.entries({ active, preview });
  return Object.fromEntries(
    slots.flatMap(([side, one]) => (one ? [[side, `${one.slot} ${one.version}`]] : [])),
  );
}

function noteReturn(
  story: Story,
  { at = '', restoredAt = '' }: { at?: string; restoredAt?: string | undefined } = {},
) {
  story.notes.push(
    `verdict in the bake to all traffic restored: ${Date.parse(restoredAt) - Date.parse(at)} ms`,
  );
}
