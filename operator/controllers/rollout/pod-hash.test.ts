// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../kube/objects.ts';
import { findPodHash } from './pod-hash.ts';
import { createTestClient } from './test-client.ts';
import { canaryFrom, DEPLOYMENT, fromYaml, storesWith } from './test-objects.ts';

function replicaSet(hash: string, revision: string | undefined, owner = 'uid-web'): KubeObject {
  const object = fromYaml(`{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-${hash}}}`);
  const annotations = revision === undefined ? {} : { 'deployment.kubernetes.io/revision': revision };
  const ownerReferences = [
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: owner, controller: true },
  ];
  const labels = { app: 'web', 'pod-template-hash': hash };
  return { ...object, metadata: { ...object.metadata, labels, annotations, ownerReferences } };
}

async function find(items: KubeObject[], hasTarget = true) {
  const server = createTestClient();
  server.items = items;
  const stores = storesWith(hasTarget ? { deployments: [fromYaml(DEPLOYMENT)] } : {});
  return { hash: await findPodHash(server.client, canaryFrom(), stores), calls: server.calls };
}

describe('findPodHash', () => {
  it('is that of the newest ReplicaSet of the target, by number and not by text', async () => {
    const { hash, calls } = await find([
      replicaSet('old', '9'),
      replicaSet('new', '10'),
      replicaSet('first', undefined),
    ]);
    expect(hash).toBe('new');
    expect(calls).toEqual([
      {
        verb: 'list',
        resource: 'replicasets',
        name: '',
        options: { namespace: 'shop', labelSelector: 'app=web' },
      },
    ]);
  });

  it('is not that of a ReplicaSet of somebody else with the same labels', async () => {
    expect((await find([replicaSet('mine', '1'), replicaSet('other', '7', 'uid-web-aaa')])).hash).toBe(
      'mine',
    );
  });

  it('is unknown where there is none', async () => {
    expect((await find([])).hash).toBeUndefined();
  });

  it('is not asked for without a target', async () => {
    expect(await find([replicaSet('new', '1')], false)).toEqual({ hash: undefined, calls: [] });
  });
});
