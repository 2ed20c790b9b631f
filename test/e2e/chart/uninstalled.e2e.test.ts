// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { helmUninstall, here } from '../../chart/helm.ts';
import { ask, isPromoted, readStatus, release, until } from '../support/acts.ts';
import { installChart, installedWithinSeconds, releaseName, untilNoPods } from '../support/installation.ts';
import { kubectl } from '../support/kubectl.ts';
import { placeOf, restsAt } from '../support/place.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';

/** Requests that nobody but the cluster looks after. */
const aloneMs = 20_000;

tellStory({
  title: 'uninstalled',
  modes: ['gateway', 'ratio'],
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }] }),
  body: async (story) => {
    await release(story, '1.1.0');
    const before = await until(story, '25% on 1.1.0', restsAt(1, 25));
    const workload = await workloadOf(story);
    await helmUninstall(here, { name: releaseName, waitSeconds: installedWithinSeconds });
    await untilNoPods();
    await delay(aloneMs);
    expect(await workloadOf(story)).toEqual(workload);
    expect(placeOf(await readStatus(story.namespace))).toEqual(placeOf(before));

    await installChart();
    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  },
});

const kinds = 'deployments,services,ingresses,httproutes,canaries';

interface Listed {
  readonly items: readonly { kind: string; metadata: { name: string; uid: string }; spec: unknown }[];
}

/** Everything that serves or is Headway's, as it was written. */
async function workloadOf({ namespace }: Story): Promise<unknown[]> {
  const text = await kubectl(['get', kinds, `--namespace=${namespace}`, '--output=json']);
  const { items } = JSON.parse(text) as Listed;
  return items.map(({ kind, metadata: { name, uid }, spec }) => ({ kind, name, uid, spec }));
}
