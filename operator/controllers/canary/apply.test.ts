// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Action } from '../../engine/canary/types.ts';
import { WaitingError } from '../../runtime/errors.ts';
import { apply } from './apply.ts';
import { contentOf } from './config-reader.ts';
import { projectDeployment } from './projections.ts';
import type { CanaryStores } from './stores.ts';
import { createTestClient, type TestClient } from './test-client.ts';
import { canaryFrom, DEPLOYMENT, fromYaml, INGRESS_CANARY, SERVICE, storesWith } from './test-objects.ts';
import type { WriteLedger } from './write-ledger.ts';

const HASH = projectDeployment(fromYaml(DEPLOYMENT)).hash;
const OURS = { fieldManager: 'headway', force: true };
const INGRESS = `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  rules: [{host: shop.example, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: checkout, port: {number: 80}}}}]}}]
`;

let server: TestClient;
let noted: string[];
let stores: CanaryStores;

function ledger(): WriteLedger {
  return {
    wrote: (canary, store, { metadata }) =>
      void noted.push(`${canary.metadata.name} wrote ${store.name} ${metadata.name}`),
    removed: (canary, store, { key, uid }) =>
      void noted.push(`${canary.metadata.name} removed ${store.name} ${key} ${uid}`),
    meet: () => undefined,
    hasMet: () => true,
    settle: async () => true,
    forget: () => undefined,
  };
}

function perform(actions: readonly Action[], yaml?: string): Promise<void> {
  return apply({ client: server.client, stores, ledger: ledger() }, canaryFrom(yaml), actions);
}

beforeEach(() => {
  server = createTestClient();
  noted = [];
  const revision = {
    ...fromYaml(DEPLOYMENT),
    metadata: { ...fromYaml(DEPLOYMENT).metadata, name: 'web-aaa', uid: 'uid-web-aaa' },
  };
  const canaryService = fromYaml(
    '{apiVersion: v1, kind: Service, metadata: {name: checkout-canary}, spec: {}}',
  );
  stores = storesWith({
    deployments: [fromYaml(DEPLOYMENT), revision],
    services: [fromYaml(SERVICE), canaryService],
    ingresses: [fromYaml(INGRESS)],
  });
});

describe('each action is one call', () => {
  it('createRevision creates the copy of what was seen', async () => {
    await perform([{ kind: 'createRevision', revision: HASH, deployment: `web-${HASH}`, replicas: 2 }]);
    expect(server.calls).toEqual([
      {
        verb: 'create',
        resource: 'deployments',
        name: `web-${HASH}`,
        object: expect.objectContaining({
          kind: 'Deployment',
          spec: expect.objectContaining({ replicas: 2 }),
        }),
      },
    ]);
    expect(noted).toEqual([`web wrote deployments web-${HASH}`]);
  });

  it('scaleRevision changes one field of exactly that Deployment', async () => {
    await perform([{ kind: 'scaleRevision', deployment: 'web-aaa', replicas: 3 }]);
    expect(server.calls).toEqual([
      {
        verb: 'mergePatch',
        resource: 'deployments',
        name: 'web-aaa',
        change: {
          fieldManager: 'headway',
          patch: { metadata: { uid: 'uid-web-aaa' }, spec: { replicas: 3 } },
        },
      },
    ]);
    expect(noted).toEqual(['web wrote deployments web-aaa']);
  });

  it.each([
    ['drainPod', 'false', { 'controller.kubernetes.io/pod-deletion-cost': '-2147483648' }],
    ['returnPod', 'true', undefined],
  ] as const)('%s changes the label of exactly that pod', async (kind, serving, annotations) => {
    await perform([{ kind, pod: 'web-aaa-1', uid: 'uid-web-aaa-1' }]);
    const labels = { 'headway.dev/serving': serving };
    const metadata = { uid: 'uid-web-aaa-1', labels, ...(annotations ? { annotations } : {}) };
    expect(server.calls).toEqual([
      {
        verb: 'mergePatch',
        resource: 'pods',
        name: 'web-aaa-1',
        change: { fieldManager: 'headway', patch: { metadata } },
      },
    ]);
    expect(noted).toEqual(['web wrote pods web-aaa-1']);
  });

  it('setReplicas adds the number only to the Canary that was seen', async () => {
    await perform([{ kind: 'setReplicas', replicas: 5 }]);
    expect(server.calls).toEqual([
      {
        verb: 'jsonPatch',
        resource: 'canaries',
        name: 'web',
        change: {
          fieldManager: 'headway',
          operations: [
            { op: 'test', path: '/metadata/resourceVersion', value: '1' },
            { op: 'add', path: '/spec/replicas', value: 5 },
          ],
        },
      },
    ]);
    expect(noted).toEqual(['web wrote canaries web']);
  });

  it('scaleTarget owns replicas of the Deployment of the user and nothing else', async () => {
    await perform([{ kind: 'scaleTarget', replicas: 0 }]);
    expect(server.calls).toEqual([
      {
        verb: 'apply',
        resource: 'deployments',
        name: 'web',
        object: { metadata: { namespace: 'shop', name: 'web', uid: 'uid-web' }, spec: { replicas: 0 } },
        options: OURS,
      },
    ]);
    expect(noted).toEqual(['web wrote deployments web']);
  });

  it('pinService replaces the selector of the Service that was seen', async () => {
    await perform([{ kind: 'pinService', pin: { kind: 'revision', revision: 'aaa' } }]);
    expect(server.calls).toEqual([
      {
        verb: 'jsonPatch',
        resource: 'services',
        name: 'checkout',
        change: {
          fieldManager: 'headway',
          operations: [
            { op: 'test', path: '/metadata/resourceVersion', value: '17' },
            {
              op: 'replace',
              path: '/spec/selector',
              value: { app: 'web', 'headway.dev/revision': 'aaa', 'headway.dev/serving': 'true' },
            },
          ],
        },
      },
    ]);
    expect(noted).toEqual(['web wrote services checkout']);
  });

  it('pinCanaryService applies the whole Service', async () => {
    await perform([{ kind: 'pinCanaryService', revision: 'bbb' }]);
    expect(server.calls).toEqual([
      {
        verb: 'apply',
        resource: 'services',
        name: 'checkout-canary',
        object: expect.objectContaining({
          spec: expect.objectContaining({
            selector: { app: 'web', 'headway.dev/revision': 'bbb', 'headway.dev/serving': 'true' },
          }),
        }),
        options: OURS,
      },
    ]);
  });

  it.each([
    [
      { kind: 'deleteRevision', deployment: 'web-aaa', uid: 'uid-web-aaa' } as const,
      'deployments',
      'web-aaa',
    ],
    [{ kind: 'removeCanaryService' } as const, 'services', 'checkout-canary'],
  ])('%p deletes the object that was seen', async (action, resource, name) => {
    await perform([action]);
    const options = { uid: `uid-${name}`, propagationPolicy: 'Background' };
    expect(server.calls).toEqual([{ verb: 'delete', resource, name, options }]);
    expect(noted).toEqual([`web removed ${resource} shop/${name} uid-${name}`]);
  });

  it('setWeight applies the route, restRoute deletes it', async () => {
    await perform([{ kind: 'setWeight', weight: 20 }], INGRESS_CANARY);
    expect(server.calls).toEqual([
      expect.objectContaining({ verb: 'apply', resource: 'ingresses', name: 'shop-canary', options: OURS }),
    ]);
    expect(JSON.stringify(server.calls[0])).toContain('"nginx.ingress.kubernetes.io/canary-weight":"20"');
    expect(noted).toEqual(['web wrote ingresses shop-canary']);
    await perform([{ kind: 'restRoute' }], INGRESS_CANARY);
    expect(server.calls).toHaveLength(1);
  });
});

describe('what is not there', () => {
  it('needs no write', async () => {
    stores = storesWith({});
    const pin = { kind: 'none' } as const;
    await perform([
      { kind: 'pinService', pin },
      { kind: 'pinCanaryService', revision: 'bbb' },
      { kind: 'removeCanaryService' },
      { kind: 'setWeight', weight: 20 },
      { kind: 'restRoute' },
    ]);
    expect(server.calls).toEqual([]);
  });

  it('is as it should be when it was to be deleted', async () => {
    server.refuse('delete', 404, 'NotFound');
    await perform([{ kind: 'deleteRevision', deployment: 'web-aaa', uid: 'uid-web-aaa' }]);
    expect(noted).toEqual(['web removed deployments shop/web-aaa uid-web-aaa']);
  });

  it.each(['drainPod', 'returnPod'] as const)('a pod that has gone: %s is nothing', async (kind) => {
    server.refuse('mergePatch', 404, 'NotFound');
    await perform([{ kind, pod: 'web-aaa-1', uid: 'uid-web-aaa-1' }]);
    expect(noted).toEqual([]);
  });

  it('a pod that may not be changed is an error', async () => {
    server.refuse('mergePatch', 403, 'Forbidden');
    await expect(perform([{ kind: 'drainPod', pod: 'a', uid: 'u' }])).rejects.toThrow('refused with 403');
  });

  it.each([
    ['has gone', undefined],
    [
      'has another template by now',
      {
        ...fromYaml(DEPLOYMENT),
        spec: { ...(fromYaml(DEPLOYMENT)['spec'] as object), template: { spec: { containers: [] } } },
      },
    ],
  ])('a target that %s is not copied', async (_what, target) => {
    stores = storesWith(target ? { deployments: [target] } : {});
    const action = {
      kind: 'createRevision',
      revision: HASH,
      deployment: `web-${HASH}`,
      replicas: 2,
    } as const;
    await expect(perform([action])).rejects.toThrow(WaitingError);
    expect(server.calls).toEqual([]);
  });
});

describe('several actions', () => {
  const actions: Action[] = [
    { kind: 'scaleRevision', deployment: 'web-aaa', replicas: 3 },
    { kind: 'pinService', pin: { kind: 'all' } },
    { kind: 'scaleTarget', replicas: 0 },
  ];

  it('are done in their order', async () => {
    await perform(actions);
    expect(server.calls.map(({ verb, name }) => `${verb} ${name}`)).toEqual([
      'mergePatch web-aaa',
      'jsonPatch checkout',
      'apply web',
    ]);
  });

  it('end with the first that fails; what was written before is remembered', async () => {
    server.refuse('jsonPatch', 422, 'Invalid');
    await expect(perform(actions)).rejects.toThrow('refused with 422');
    expect(server.calls.map(({ verb }) => verb)).toEqual(['mergePatch', 'jsonPatch']);
    expect(noted).toEqual(['web wrote deployments web-aaa']);
  });

  it.each([403, 409, 500])('a deletion that is refused with %i is an error', async (status) => {
    server.refuse('delete', status);
    await expect(perform([{ kind: 'removeCanaryService' }])).rejects.toThrow(`refused with ${status}`);
    expect(noted).toEqual([]);
  });
});

describe('copyConfig', () => {
  const source = {
    ...fromYaml('{apiVersion: v1, kind: ConfigMap, metadata: {name: app}}'),
    data: { a: '1' },
  };
  const action: Action = {
    kind: 'copyConfig',
    config: 'ConfigMap',
    name: 'app',
    copy: 'app-aaa',
    deployment: 'web-aaa',
    revision: 'aaa',
    content: contentOf(source),
  };

  it('copies what the plan has seen, for the Deployment of the revision', async () => {
    server.items = [source];
    await perform([action]);
    expect(server.calls.at(-1)).toMatchObject({
      verb: 'create',
      resource: 'configmaps',
      name: 'app-aaa',
      object: {
        metadata: { ownerReferences: [{ kind: 'Deployment', name: 'web-aaa', uid: 'uid-web-aaa' }] },
        immutable: true,
        data: { a: '1' },
      },
    });
    expect(noted).toEqual(['web wrote configmaps app-aaa']);
  });

  it.each([
    ['another content', { ...source, data: { a: '2' } }, action],
    ['a Deployment that is gone', source, { ...action, deployment: 'web-gone' }],
  ])('waits for another plan with %s', async (_what, object, asked) => {
    server.items = [object];
    await expect(perform([asked])).rejects.toThrow(WaitingError);
    expect(server.calls.map(({ verb }) => verb)).toEqual(['get']);
  });

  it('notes nothing of a Secret, which no store holds', async () => {
    server.items = [{ ...source, kind: 'Secret' }];
    await perform([{ ...action, config: 'Secret' }]);
    expect(server.calls.at(-1)).toMatchObject({ verb: 'create', resource: 'secrets', name: 'app-aaa' });
    expect(noted).toEqual([]);
  });
});
