// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { z } from 'zod';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { Labels } from '../../../operator/api/group.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { appPort } from '../../apps/manifests.ts';
import { ask, isAt, isHealthy, isRolledBack, readRollout, readStatus, until } from '../support/acts.ts';
import { configName } from '../support/config.ts';
import { describeStory } from '../support/describe.ts';
import { shop, successRate } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import { rolledBackFor } from '../support/verdict.ts';
import type { Story } from '../support/story.ts';
import { versionsFor } from '../support/traffic.ts';
import { waitFor } from '../support/wait.ts';
import { admin } from '../support/world.ts';

const Pod = z.looseObject({
  status: z.looseObject({
    podIP: z.string().default(''),
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
  }),
});

// The image stays the same all the time: version and error rate of the app are read from a ConfigMap when a pod starts.
tellStory({
  title: 'config',
  modes: ['route', 'ratio'],
  exit: 'graceful',
  config: { VERSION: 'blue', ERROR_RATE: '0' },
  spec: () => ({ steps: [{ setWeight: 25 }, { pause: {} }], analysis: { checks: [successRate] } }),
  body: async (story) => {
    const adopted = await readStatus(story.namespace);
    await setConfig(story, { VERSION: 'green' });
    const stepped = await until(story, 'the weight of the new config', isAt(1, 25));
    expect(stepped.canary?.revision).not.toBe(adopted.stable?.revision);
    const { podIP } = await restartPodOf(story, adopted.stable?.revision);
    const itself = { url: `http://${podIP}:${appPort}/`, host: shop };
    expect(await versionsFor(itself, {}, 5)).toEqual({ blue: 5 });
    await ask(story, 'promote');
    const promoted = await until(story, 'the new config to be promoted', isStable(stepped.canary?.revision));

    await setConfig(story, { ERROR_RATE: '0.34' });
    const { failure, message } = await until(story, 'the rollback of the bad config', isRolledBack);
    expect(failure).toMatchObject({ reason: 'AnalysisFailed', weight: 25 });
    const { version, revision } = promoted.stable ?? {};
    expect(message).toMatch(rolledBackFor({ where: 'at 25%', to: `${version} (${revision})` }));

    await setConfig(story, { ERROR_RATE: '0' });
    await until(story, 'health with the old config', isStable(promoted.stable?.revision));
    await deleteCanary(story);
  },
  epilogue: ({ mode }, { summary }) => {
    expect(Object.keys(summary.byVersion).toSorted()).toEqual(['blue', 'green']);
    expect({ mode, bad: Object.keys(summary.appErrors) }).toEqual({ mode, bad: ['green'] });
  },
});

function isStable(revision: string | undefined): (status: RolloutStatus) => boolean {
  return (status) => isHealthy(status) && status.stable?.revision === revision;
}

async function setConfig({ namespace }: Story, data: Record<string, string>): Promise<void> {
  const change = { patch: { data }, fieldManager: 'release-pipeline' };
  await admin().mergePatch(resources.configMaps, { namespace, name: configName }, change);
}

/** A pod of stable that starts in the middle of a release reads what its revision was released with. */
async function restartPodOf({ namespace, operatorLog }: Story, revision = ''): Promise<{ podIP: string }> {
  const selection = { namespace, labelSelector: `${Labels.revision}=${revision}` };
  const { items: before } = await admin().list(resources.pods, selection);
  const names = before.map(({ metadata }) => metadata.name);
  await admin().delete(resources.pods, { namespace, name: names[0] ?? '' });
  return await waitFor({
    what: `another pod of revision ${revision} to be ready`,
    withinMs: 90_000,
    probe: async () => {
      const { items } = await admin().list(resources.pods, selection);
      const others = items.filter(({ metadata }) => !names.includes(metadata.name));
      return others.map((pod) => Pod.parse(pod).status).find(isReady);
    },
    explain: () => describeStory(namespace, operatorLog),
  });
}

function isReady({ conditions }: z.infer<typeof Pod>['status']): boolean {
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

const usersConfig = [configName, 'kube-root-ca.crt'];

/** The Deployment reads from its own ConfigMap all the time; the copies go with their revisions. */
async function deleteCanary({ namespace, replicas, operatorLog }: Story): Promise<void> {
  await admin().delete(resources.canaries, { namespace, name: shop });
  await waitFor({
    what: 'the Canary and its copies of the config to be gone',
    withinMs: 180_000,
    probe: async () => {
      if (await readRollout(namespace)) return undefined;
      const { items } = await admin().list(resources.configMaps, { namespace });
      const left = items.filter(({ metadata }) => !usersConfig.includes(metadata.name ?? ''));
      return left.length === 0 ? true : undefined;
    },
    explain: () => describeStory(namespace, operatorLog),
  });
  const { spec } = await admin().get(resources.deployments, { namespace, name: shop });
  expect(spec).toMatchObject({
    replicas,
    template: { spec: { containers: [{ envFrom: [{ configMapRef: { name: configName } }] }] } },
  });
}
