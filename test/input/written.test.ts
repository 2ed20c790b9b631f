// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { written } from './written.ts';

const shop = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'shop',
    namespace: 'input',
    uid: '1',
    resourceVersion: '10',
    annotations: { team: 'shop', 'deployment.kubernetes.io/revision': '1' },
    managedFields: [{ manager: 'kubectl' }, { manager: 'kube-controller-manager' }],
  },
  status: { replicas: 1 },
};

/** The Deployment with other metadata. */
function having(metadata: KubeObject['metadata']): KubeObject {
  return { ...shop, metadata: { ...shop.metadata, ...metadata } };
}

describe('written', () => {
  it.each<[string, KubeObject[]]>([
    ['another status', [{ ...shop, status: { replicas: 2 } }]],
    ['another resourceVersion', [having({ resourceVersion: '11' })]],
    [
      'another revision of the Deployment controller',
      [having({ annotations: { team: 'shop', 'deployment.kubernetes.io/revision': '2' } })],
    ],
    [
      'the controllers of the cluster not having come yet',
      [having({ managedFields: [{ manager: 'kubectl' }] })],
    ],
    [
      'the ConfigMap that the cluster publishes into each namespace',
      [shop, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kube-root-ca.crt' } }],
    ],
  ])('is the same with %s', (_what, objects) => {
    expect(written(objects)).toEqual(written([shop]));
  });

  it.each<[string, KubeObject[]]>([
    ['another label', [having({ labels: { a: 'b' } })]],
    ['another annotation', [having({ annotations: { team: 'other' } })]],
    [
      'a write by somebody else',
      [having({ managedFields: [{ manager: 'kubectl' }, { manager: 'headway' }] })],
    ],
    ['another field', [{ ...shop, spec: { replicas: 2 } }]],
    ['one object more', [shop, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' } }]],
    ['one object less', []],
    ['an object made anew', [having({ uid: '2' })]],
  ])('differs with %s', (_what, objects) => {
    expect(written(objects)).not.toEqual(written([shop]));
  });

  it('is in the order of kind and name, whatever the order of the list', () => {
    const settings: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' } };
    expect(written([shop, settings])).toEqual(written([settings, shop]));
  });
});
