// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../kube/objects.ts';
import { observe } from './observe.ts';
import {
  CANARY,
  canaryFrom,
  DEPLOYMENT,
  fromYaml,
  INGRESS_CANARY,
  SERVICE,
  storesWith,
} from './test-objects.ts';

function other(spec: object, more: object = {}): KubeObject {
  const rollout = fromYaml(CANARY);
  const metadata = {
    ...rollout.metadata,
    name: 'api',
    uid: 'uid-api',
    creationTimestamp: '2026-11-21T09:00:00Z',
  };
  return {
    ...rollout,
    metadata: { ...metadata, ...more },
    spec: { ...(rollout['spec'] as object), ...spec },
  };
}

const ELSEWHERE = { targetRef: { kind: 'Deployment', name: 'api' }, service: { name: 'api' } };

function rivalsOf(rival: KubeObject, more: KubeObject[] = []) {
  const canaries = [fromYaml(INGRESS_CANARY), rival];
  return observe(canaryFrom(INGRESS_CANARY), storesWith({ canaries, deployments: more }), { results: [] })
    .rivals;
}

describe('the rivals of a Canary', () => {
  const shared: [string, object, string[]][] = [
    ['the target', { service: { name: 'api' } }, ['Deployment web']],
    ['the Service', { targetRef: { kind: 'Deployment', name: 'api' } }, ['Service checkout']],
    ['the Ingress', { ...ELSEWHERE, traffic: { ingress: { name: 'shop' } } }, ['Ingress shop']],
    [
      'all',
      { traffic: { ingress: { name: 'shop' } } },
      ['Deployment web', 'Service checkout', 'Ingress shop'],
    ],
  ];
  it.each(shared)('name %s too', (_what, spec, shares) => {
    expect(rivalsOf(other(spec))).toEqual([
      {
        kind: 'Canary',
        name: 'api',
        uid: 'uid-api',
        createdAt: '2026-11-21T09:00:00Z',
        shares,
        holds: false,
      },
    ]);
  });

  const apart: [string, KubeObject][] = [
    ['other names', other(ELSEWHERE)],
    [
      'a Service that has the name of the canary Service',
      other({ ...ELSEWHERE, service: { name: 'checkout-canary' } }),
    ],
    ['the same names in another namespace', other({}, { namespace: 'other' })],
    ['nothing that can be read', other({ targetRef: 3, service: 'checkout' })],
  ];
  it.each(apart)('are not those with %s', (_what, rollout) => {
    expect(rivalsOf(rollout)).toEqual([]);
  });

  it('stay rivals while they are deleted, and hold what they have made revisions of', () => {
    const revision = fromYaml(DEPLOYMENT);
    const ownerReferences = [
      { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: 'api', uid: 'uid-api', controller: true },
    ];
    revision.metadata = { ...revision.metadata, name: 'web-aaa', uid: 'uid-aaa', ownerReferences };
    const deleting = other({}, { deletionTimestamp: '2026-11-21T15:00:00Z' });
    expect(rivalsOf(deleting, [revision])).toMatchObject([{ name: 'api', holds: true }]);
  });
});

function neighbour(
  name: string,
  more: { selector?: object; labels?: object; replicas?: number } = {},
): KubeObject {
  const labels = more.labels ?? { app: 'web' };
  const object = fromYaml(DEPLOYMENT);
  const spec = {
    replicas: more.replicas ?? 1,
    selector: more.selector ?? { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [] } },
  };
  return { ...object, metadata: { namespace: 'shop', name, uid: `uid-${name}` }, spec };
}

function overlapsWith(deployments: KubeObject[], { service = SERVICE, canary: rollout = canaryFrom() } = {}) {
  const stores = storesWith({
    deployments: [fromYaml(DEPLOYMENT), ...deployments],
    services: [fromYaml(service)],
  });
  return observe(rollout, stores, { results: [] }).overlaps;
}

describe('Deployments whose pods are not told apart', () => {
  const owned = SERVICE.replace('selector: {app: web}', 'selector: {tier: front}');
  const table: [string, KubeObject, { service?: string }, object[]][] = [
    ['pods behind the Service', neighbour('old'), {}, [{ deployment: 'old', by: 'Service' }]],
    [
      'pods that the target selects',
      neighbour('old', { labels: { app: 'web', tier: 'back' } }),
      { service: owned },
      [{ deployment: 'old', by: 'Deployment' }],
    ],
    ['labels of their own', neighbour('old', { labels: { app: 'old' } }), {}, []],
    ['no pods', neighbour('old', { replicas: 0 }), {}, []],
    [
      'expressions that nobody can compare',
      neighbour('old', { labels: { app: 'old' }, selector: { matchExpressions: [{ key: 'app' }] } }),
      {},
      [],
    ],
  ];
  it.each(table)('with %s', (_what, deployment, more, found) => {
    expect(overlapsWith([deployment], more)).toEqual(found);
  });

  it('do not count revisions of the Canary itself', () => {
    const revision = neighbour('web-aaa');
    const ownerReferences = [
      { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: 'web', uid: 'uid-web', controller: true },
    ];
    revision.metadata = { ...revision.metadata, ownerReferences };
    expect(overlapsWith([revision])).toEqual([]);
  });

  it('are not looked for once the Deployment is adopted', () => {
    const rollout = { ...canaryFrom(), status: { observedGeneration: 3, stable: { revision: 'aaa' } } };
    expect(overlapsWith([neighbour('old')], { canary: rollout })).toEqual([]);
  });
});
