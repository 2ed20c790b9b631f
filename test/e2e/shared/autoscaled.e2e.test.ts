// SPDX-License-Identifier: Apache-2.0
// The autoscaler of Kubernetes on a Canary. It has no metrics here, so it acts by its bounds; how it reads and writes the
// number is the same: GET and PUT of the scale subresource.
import { expect } from '@jest/globals';
import { resources } from '../../../operator/kube/resources.ts';
import { ask, isAt, isPromoted, readCanary, release, until } from '../support/acts.ts';
import { describeStory } from '../support/describe.ts';
import { applyObjects, kubectl } from '../support/kubectl.ts';
import { shop } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import type { Story } from '../support/story.ts';
import { waitFor } from '../support/wait.ts';
import { admin } from '../support/world.ts';

/** Its controller looks every 15 s, and pods of a busy machine take their time. */
const scaledWithinMs = 90_000;

function autoscaler(namespace: string, bounds: { minReplicas: number; maxReplicas: number }): object {
  const target = { type: 'Utilization', averageUtilization: 70 };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: shop, namespace },
    spec: {
      scaleTargetRef: { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: shop },
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
      ...bounds,
    },
  };
}

/** Pods of the revisions that are available, by version, once they are as many as they should be. */
function sized({ namespace, operatorLog }: Story, wanted: Record<string, number>): Promise<true> {
  let last: Record<string, number> = {};
  return waitFor<true>({
    what: `pods by version to be ${JSON.stringify(wanted)}`,
    withinMs: scaledWithinMs,
    probe: async () => {
      last = await sizes(namespace);
      return Object.entries(wanted).every(([version, pods]) => last[version] === pods) ? true : undefined;
    },
    explain: async () => `last: ${JSON.stringify(last)}\n${await describeStory(namespace, operatorLog)}`,
  });
}

interface Revision {
  readonly metadata: { readonly annotations?: Record<string, string> };
  readonly status?: { readonly availableReplicas?: number };
}

async function sizes(namespace: string): Promise<Record<string, number>> {
  const list = await admin().list(resources.deployments, {
    namespace,
    labelSelector: 'headway.dev/revision',
    limit: 500,
  });
  const revisions = list.items as unknown as Revision[];
  return Object.fromEntries(
    revisions.map(({ metadata, status }) => [
      metadata.annotations?.['headway.dev/version'] ?? '',
      status?.availableReplicas ?? 0,
    ]),
  );
}

tellStory({
  title: 'autoscaled',
  spec: () => ({ steps: [{ setWeight: 50 }, { pause: {} }] }),
  body: async (story) => {
    const { namespace, mode } = story;
    expect((await readCanary(namespace))?.spec.replicas).toBe(4);
    await applyObjects([autoscaler(namespace, { minReplicas: 4, maxReplicas: 4 })]);
    await release(story, '1.1.0');
    await until(story, 'half of the traffic', isAt(1, 50));
    await sized(story, mode === 'route' ? { '1.0.0': 4, '1.1.0': 2 } : { '1.0.0': 2, '1.1.0': 2 });

    await applyObjects([autoscaler(namespace, { minReplicas: 8, maxReplicas: 8 })]);
    await sized(story, mode === 'route' ? { '1.0.0': 8, '1.1.0': 4 } : { '1.0.0': 4, '1.1.0': 4 });
    const scaled = await until(story, 'half of the traffic, of eight pods', isAt(1, 50));
    expect(scaled).toMatchObject({ phase: 'Paused', replicas: mode === 'route' ? 12 : 8 });
    expect((await readCanary(namespace))?.spec.replicas).toBe(8);

    await ask(story, 'promote');
    await until(story, '1.1.0 to be promoted', isPromoted('1.1.0'), 120_000);
    await sized(story, { '1.1.0': 8 });
    await applyObjects([autoscaler(namespace, { minReplicas: 3, maxReplicas: 3 })]);
    await sized(story, { '1.1.0': 3, '1.0.0': 0 });
    await kubectl([
      'wait',
      `hpa/${shop}`,
      `--namespace=${namespace}`,
      '--for=condition=AbleToScale',
      '--timeout=30s',
    ]);
    story.notes.push('4 to 8 pods by a HorizontalPodAutoscaler in the middle of the release, to 3 after it');
  },
});
