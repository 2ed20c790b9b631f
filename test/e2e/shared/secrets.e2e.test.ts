// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { Labels } from '../../../operator/api/group.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { isHealthy, readStatus, until } from '../support/acts.ts';
import { shop, shopDeployment } from '../support/objects.ts';
import { tellStory } from '../support/stories.ts';
import { firstVersion, type Story } from '../support/story.ts';
import { waitUntilAnsweredBy } from '../support/traffic.ts';
import { admin, operatorAccount } from '../support/world.ts';

const secretName = 'shop-secret';

// The version of the app is in a Secret. The operator may read it because the owners of the namespace say so.
tellStory({
  title: 'secrets',
  modes: ['ratio'],
  exit: 'graceful',
  besides: (namespace) => [secretOf(namespace), configSecretsBinding(namespace)],
  spec: () => ({
    config: { secrets: 'Versioned' },
    steps: [{ setWeight: 25 }, { pause: { duration: '3s' } }],
  }),
  body: async (story) => {
    const adopted = await readStatus(story.namespace);
    await readFromSecret(story);
    const blue = await until(story, 'what reads the Secret to be promoted', isOther(adopted), 180_000);
    await waitUntilAnsweredBy(story.entrance, 'blue');

    // no watch tells of a Secret: it is looked at every 30 s
    const change = { patch: { stringData: { VERSION: 'green' } }, fieldManager: 'release-pipeline' };
    await admin().mergePatch(resources.secrets, { namespace: story.namespace, name: secretName }, change);
    const green = await until(story, 'the new Secret to be promoted', isOther(blue), 180_000);
    await waitUntilAnsweredBy(story.entrance, 'green');
    const copies = await copiesIn(story);
    expect(copies).toContainEqual({ revision: green.stable?.revision, immutable: true });
  },
  epilogue: (_story, { summary }) => {
    expect(Object.keys(summary.byVersion).toSorted()).toEqual([firstVersion, 'blue', 'green']);
  },
});

function secretOf(namespace: string) {
  const metadata = { name: secretName, namespace };
  return { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { VERSION: 'blue' } };
}

function configSecretsBinding(namespace: string) {
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: 'RoleBinding',
    metadata: { name: 'headway-config-secrets', namespace },
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'headway-config-secrets' },
    subjects: [{ kind: 'ServiceAccount', ...operatorAccount }],
  };
}

/** The template is what it was, but that its version comes from the Secret. */
async function readFromSecret({ namespace, mode, replicas, exit }: Story): Promise<void> {
  const { template } = shopDeployment({ namespace, mode, version: firstVersion, replicas, exit }).spec;
  const valueFrom = { secretKeyRef: { name: secretName, key: 'VERSION' } };
  const containers = template.spec.containers.map((container) => ({
    ...container,
    env: container.env.map((variable) =>
      variable.name === 'VERSION' ? { name: 'VERSION', valueFrom } : variable,
    ),
  }));
  const change = { patch: { spec: { template: { spec: { containers } } } }, fieldManager: 'person' };
  await admin().mergePatch(resources.deployments, { namespace, name: shop }, change);
}

/** Promoted, and another revision than the stable one of that status. */
function isOther({ stable }: RolloutStatus): (status: RolloutStatus) => boolean {
  return (status) => isHealthy(status) && status.stable?.revision !== stable?.revision;
}

interface Copy {
  revision: string | undefined;
  immutable: unknown;
}

async function copiesIn({ namespace }: Story): Promise<Copy[]> {
  const { items } = await admin().list(resources.secrets, { namespace, labelSelector: Labels.revision });
  return items.map(({ metadata, immutable }) => ({
    revision: metadata.labels?.[Labels.revision],
    immutable,
  }));
}
