// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../kube/objects.ts';
import { buildCanaryService, buildRevision } from './objects.ts';
import { observe } from './observe.ts';
import { projectDeployment } from './projections.ts';
import { projectService } from './service-projection.ts';
import {
  canaryFrom,
  DEPLOYMENT,
  fromYaml,
  INGRESS_CANARY,
  podOf,
  SERVICE,
  sliceOf,
  storesWith,
  INGRESS,
} from './test-objects.ts';

const NOTHING = { results: [] };

function revision(name: string, more: { replicas?: number; status?: object } = {}): KubeObject {
  const source = projectDeployment(fromYaml(DEPLOYMENT)).source ?? '';
  const made = { revision: name, deployment: `web-${name}`, replicas: more.replicas ?? 2 };
  const object = buildRevision(canaryFrom(), source, made);
  return {
    ...object,
    metadata: {
      ...object.metadata,
      uid: `uid-web-${name}`,
      generation: 1,
      creationTimestamp: '2026-11-21T10:00:00Z',
    },
    status: more.status ?? { observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 1 },
  };
}

function service(selector: Record<string, string>): KubeObject {
  const object = fromYaml(SERVICE);
  return { ...object, spec: { ...(object['spec'] as object), selector } };
}

/** As it was written for revision bbb, and with what others have made of its spec. */
function canaryService(original: KubeObject, more: object = {}): KubeObject {
  const built = buildCanaryService(canaryFrom(), projectService(original), 'bbb');
  const spec = { ...(built['spec'] as object), ...more };
  return { apiVersion: 'v1', kind: 'Service', metadata: { ...built.metadata, namespace: 'shop' }, spec };
}

describe('observe', () => {
  it('of an empty cluster is an empty world', () => {
    expect(observe(canaryFrom(), storesWith({}), NOTHING)).toEqual({
      revisions: [],
      takenNames: [],
      rivals: [],
      overlaps: [],
      templates: {},
      results: [],
    });
  });

  it('says who controls the target, because a controlled one is nobody’s to release', () => {
    const object = fromYaml(DEPLOYMENT);
    object.metadata.ownerReferences = [
      { apiVersion: 'apps.example/v1', kind: 'Shop', name: 'web', uid: 'uid-shop', controller: true },
    ];
    const { target } = observe(canaryFrom(), storesWith({ deployments: [object] }), NOTHING);
    expect(target?.problem).toBe(
      'Deployment web is controlled by Shop web, which would put back what is changed in it; name a Deployment that nothing else controls',
    );
  });

  it('sees that the target is paused', () => {
    const object = fromYaml(DEPLOYMENT.replace('  revisionHistoryLimit: 10', '  paused: true'));
    expect(observe(canaryFrom(), storesWith({ deployments: [object] }), NOTHING).target?.paused).toBe(true);
  });

  it('sees the target as it is', () => {
    const stores = storesWith({ deployments: [fromYaml(DEPLOYMENT)] });
    const { template, hash } = projectDeployment(fromYaml(DEPLOYMENT));
    const seen = {
      uid: 'uid-web',
      replicas: 5,
      available: 5,
      version: '1.4.2',
      replicasManager: 'kubectl',
      template,
      hash,
    };
    expect(observe(canaryFrom(), stores, NOTHING).target).toEqual(seen);
    expect(observe(canaryFrom(), stores, { ...NOTHING, podHash: '5d4f' }).target).toEqual({
      ...seen,
      podHash: '5d4f',
    });
  });

  it('sees the revisions that this Canary owns, with what their pods complain of', () => {
    const foreign = { ...revision('ccc'), metadata: { ...revision('ccc').metadata, ownerReferences: [] } };
    const pods = [
      podOf('bbb', 'web-bbb-1'),
      podOf('bbb', 'web-bbb-2', { containerStatuses: [{ state: { waiting: { reason: 'ErrImagePull' } } }] }),
    ];
    const stores = storesWith({
      deployments: [revision('aaa', { replicas: 5 }), revision('bbb'), foreign],
      pods,
    });
    const { revisions } = observe(canaryFrom(), stores, NOTHING);
    expect(revisions).toEqual([
      expect.objectContaining({ revision: 'aaa', deployment: 'web-aaa', replicas: 5, available: 1, pods: 2 }),
      expect.objectContaining({
        revision: 'bbb',
        uid: 'uid-web-bbb',
        createdAtMs: Date.parse('2026-11-21T10:00:00Z'),
        version: '1.4.2',
        complaint: 'ErrImagePull',
      }),
    ]);
    expect(revisions[0]).not.toHaveProperty('complaint');
  });

  it('sees why the pods of a revision cannot be made, before what those that were complain of', () => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: small' }];
    const pod = podOf('bbb', 'web-bbb-1', { containerStatuses: [{ state: { waiting: { reason: 'X' } } }] });
    const stores = storesWith({ deployments: [{ ...revision('bbb'), status: { conditions } }], pods: [pod] });
    const [seen] = observe(canaryFrom(), stores, NOTHING).revisions;
    expect(seen?.complaint).toBe('exceeded quota: small');
  });

  it.each([
    ['always', undefined, {}],
    ['by us and by others', { since: () => 7, heardSince: () => 9 }, { seenSinceMs: 7, heardSinceMs: 9 }],
  ])('knows since when the cluster is seen: %s', (_when, sight, seen) => {
    const { seenSinceMs, heardSinceMs } = observe(canaryFrom(), storesWith({}), { ...NOTHING, sight });
    expect({ seenSinceMs, heardSinceMs }).toEqual(seen);
  });

  it('counts no pod as available that was taken out, and sees which a Service has', () => {
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
    const out = podOf('aaa', 'a2', ready);
    out.metadata.labels = { ...out.metadata.labels, 'headway.dev/serving': 'false' };
    const status = { observedGeneration: 1, replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
    const stores = storesWith({
      deployments: [revision('aaa', { replicas: 3, status })],
      pods: [podOf('aaa', 'a1', ready), out, podOf('aaa', 'a3', ready), podOf('bbb', 'b1', ready)],
      endpointSlices: [sliceOf('checkout', 'one', ['a1']), sliceOf('checkout-canary', 'two', ['a3'])],
    });
    const [facts] = observe(canaryFrom(), stores, NOTHING).revisions;
    expect(facts).toMatchObject({ available: 2, pods: 3, current: true });
    const members = facts?.members.map(({ name, serving, reached }) => ({ name, serving, reached }));
    expect(members).toEqual([
      { name: 'a1', serving: true, reached: true },
      { name: 'a2', serving: false, reached: false },
      { name: 'a3', serving: true, reached: true },
    ]);
  });

  it('counts ready endpoints by the revision of their pods', () => {
    const stores = storesWith({
      services: [service({ app: 'web', 'headway.dev/canary': 'web', 'headway.dev/serving': 'true' })],
      endpointSlices: [sliceOf('checkout', 'one', ['a1', 'a2', 'b1']), sliceOf('checkout', 'two', ['stray'])],
      pods: [podOf('aaa', 'a1'), podOf('aaa', 'a2'), podOf('bbb', 'b1')],
    });
    expect(observe(canaryFrom(), stores, NOTHING).service).toEqual({
      pin: { kind: 'all' },
      selectorManager: 'argocd',
      endpoints: { aaa: 2, bbb: 1, '': 1 },
    });
  });

  it('counts a pod once, although the slices of both address families and of several ports name it', () => {
    const stores = storesWith({
      services: [fromYaml(SERVICE)],
      endpointSlices: [sliceOf('checkout', 'ipv4', ['a1', 'a2']), sliceOf('checkout', 'ipv6', ['a1', 'a2'])],
      pods: [podOf('aaa', 'a1'), podOf('aaa', 'a2')],
    });
    expect(observe(canaryFrom(), stores, NOTHING).service?.endpoints).toEqual({ aaa: 2 });
  });

  it.each([
    [
      { type: 'ExternalName', externalName: 'x.example' },
      'Service checkout is of type ExternalName; it has no pods to shift traffic between',
    ],
    [
      { clusterIP: 'None', selector: { app: 'web' } },
      'Service checkout is headless; clients reach its pods by themselves, so traffic cannot be shifted',
    ],
    [{ selector: {} }, 'Service checkout has no selector; it has no pods to shift traffic between'],
    [{ selector: { app: 'web' } }, undefined],
  ])('says why a Service with %p cannot be governed', (spec, problem) => {
    const stores = storesWith({ services: [{ ...fromYaml(SERVICE), spec }] });
    expect(observe(canaryFrom(), stores, NOTHING).service?.problem).toBe(problem);
  });

  it('tells a canary Service of ours from one of somebody else', () => {
    const ours = fromYaml('{apiVersion: v1, kind: Service, metadata: {name: checkout-canary}}');
    const spec = { selector: { app: 'web', 'headway.dev/revision': 'bbb' } };
    const owner = {
      apiVersion: 'headway.dev/v1alpha1',
      kind: 'Canary',
      name: 'web',
      uid: 'uid-web',
      controller: true,
    };
    const owned = { ...ours, spec, metadata: { ...ours.metadata, ownerReferences: [owner] } };
    const held = { endpointSlices: [sliceOf('checkout-canary', 'x', ['b1'])], pods: [podOf('bbb', 'b1')] };
    expect(observe(canaryFrom(), storesWith({ ...held, services: [owned] }), NOTHING).canaryService).toEqual({
      revision: 'bbb',
      ours: true,
      endpoints: { bbb: 1 },
    });
    expect(
      observe(canaryFrom(), storesWith({ services: [{ ...ours, spec: {} }] }), NOTHING).canaryService,
    ).toEqual({
      ours: false,
      endpoints: {},
    });
  });

  it.each([
    ['as it was written', undefined, undefined],
    ['with what the API server has filled in', { clusterIP: '10.0.0.9', sessionAffinity: 'None' }, undefined],
    ['with what somebody else has written', { ports: [] }, undefined],
  ])('leaves a canary Service %s', (_what, more, outdated) => {
    const stores = storesWith({ services: [fromYaml(SERVICE), canaryService(fromYaml(SERVICE), more)] });
    expect(observe(canaryFrom(), stores, NOTHING).canaryService?.outdated).toBe(outdated);
  });

  it.each<[string, object]>([
    ['ports', { ports: [{ port: 81 }] }],
    ['session affinity', { sessionAffinity: 'ClientIP' }],
  ])('tells a canary Service from before other %s', (_what, change) => {
    const service = fromYaml(SERVICE);
    const changed = { ...service, spec: { ...(service['spec'] as object), ...change } };
    const stores = storesWith({ services: [changed, canaryService(service)] });
    expect(observe(canaryFrom(), stores, NOTHING).canaryService?.outdated).toBe(true);
  });

  it('names the Deployment that has the name of the next revision and is not ours', () => {
    const target = projectDeployment(fromYaml(DEPLOYMENT));
    const named = { ...revision(target.hash), metadata: { ...revision(target.hash).metadata } };
    const theirs = { ...named, metadata: { ...named.metadata, ownerReferences: [] } };
    const taken = observe(canaryFrom(), storesWith({ deployments: [fromYaml(DEPLOYMENT), theirs] }), NOTHING);
    expect(taken.takenNames).toEqual([`web-${target.hash}`]);
    const ours = observe(canaryFrom(), storesWith({ deployments: [fromYaml(DEPLOYMENT), named] }), NOTHING);
    expect(ours.takenNames).toEqual([]);
  });

  it('sees a route only where the Canary asks for one', () => {
    const stores = storesWith({ ingresses: [fromYaml(INGRESS)], services: [fromYaml(SERVICE)] });
    expect(observe(canaryFrom(), stores, NOTHING).route).toBeUndefined();
    expect(observe(canaryFrom(INGRESS_CANARY), stores, NOTHING).route).toMatchObject({
      exists: false,
      weight: 0,
      outdated: false,
      problems: [],
    });
    const { route } = observe(canaryFrom(INGRESS_CANARY), storesWith({}), NOTHING);
    expect(route?.problems.map(({ reason }) => reason)).toEqual(['IngressNotFound']);
  });

  it('hands on the templates of its namespace that can be read', () => {
    const template = (name: string, spec: string, namespace = 'shop') =>
      fromYaml(
        `{apiVersion: headway.dev/v1alpha1, kind: AnalysisTemplate, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}`,
      );
    const good = '{checks: [{name: errors, provider: prometheus, query: errors, max: 1}]}';
    const stores = storesWith({
      templates: [template('slo', good), template('bad', '{checks: 3}'), template('far', good, 'other')],
    });
    const { templates } = observe(canaryFrom(), stores, NOTHING);
    expect(Object.keys(templates)).toEqual(['slo']);
    expect(templates['slo']?.checks[0]).toMatchObject({ name: 'errors', interval: '30s' });
  });

  it('hands on the answers of the metrics providers', () => {
    const results = [{ key: 'k', atMs: 1, series: [] }];
    expect(observe(canaryFrom(), storesWith({}), { results }).results).toBe(results);
  });
});
