// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { helmApply, helmPackage, helmRollback, here } from '../../chart/helm.ts';
import { ask, isPromoted, readStatus, release, until } from '../support/acts.ts';
import { chartValues, installedWithinSeconds, operatorPods, releaseName } from '../support/installation.ts';
import { placeOf, restsAt } from '../support/place.ts';
import { tellStory } from '../support/stories.ts';

/** There is no release before the first one, so the chart of today is the one before, and the one after is made of it. */
const next = '0.1.1';
const waitSeconds = installedWithinSeconds;

tellStory({
  title: 'upgraded and rolled back',
  modes: ['route'],
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }] }),
  body: async (story) => {
    await release(story, '1.1.0');
    const before = await until(story, '25% on 1.1.0', restsAt(1, 25));
    const pods = await podNames();
    await upgrade();
    const upgraded = await podNames();
    expect(upgraded.filter((name) => pods.includes(name))).toEqual([]);
    expect(placeOf(await readStatus(story.namespace))).toEqual(placeOf(before));

    await helmRollback(here, 0, { name: releaseName, waitSeconds });
    const back = await podNames();
    expect(back.filter((name) => upgraded.includes(name))).toEqual([]);
    expect(placeOf(await readStatus(story.namespace))).toEqual(placeOf(before));

    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'));
  },
});

async function upgrade(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'headway-next-'));
  try {
    const chart = await helmPackage(folder, next);
    await helmApply(here, { name: releaseName, chart, values: chartValues, waitSeconds });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of those that stay. */
async function podNames(): Promise<string[]> {
  const pods = await operatorPods();
  return pods.filter(({ isEnding }) => !isEnding).map(({ name }) => name);
}
