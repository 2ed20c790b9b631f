// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JudgedPods } from '../../engine/analysis/probe-types.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { createFindPods } from './probed-pods.ts';
import { fromYaml, podOf, put, SERVICE, sliceOf, storesWith } from './test-objects.ts';

const READY = { conditions: [{ type: 'Ready', status: 'True' }] };

/** A ready pod at that address, with a port named admin. */
function pod(
  name: string,
  podIP: string | undefined,
  more: { revision?: string; status?: object; spec?: object } = {},
) {
  const { revision = 'new', status = READY, spec = {} } = more;
  const found: KubeObject = podOf(revision, name, { ...status, ...(podIP ? { podIP } : {}) });
  const containers = [
    { name: 'web', ports: [{ containerPort: 8080 }, { name: 'admin', containerPort: 9000 }] },
  ];
  return { ...found, spec: { containers, ...spec } };
}

const judged: JudgedPods = {
  namespace: 'shop',
  canary: 'web',
  revision: 'new',
  target: { kind: 'canary' },
  port: 8081,
};
const behind = (port: number, service = 'checkout'): JudgedPods => ({
  ...judged,
  target: { kind: 'service', service },
  port,
});

function find(question: JudgedPods, pods: readonly KubeObject[], readyBehind: readonly string[] = []) {
  const stores = storesWith({
    pods,
    services: [fromYaml(SERVICE)],
    endpointSlices: [sliceOf('checkout', 'checkout-x', readyBehind)],
  });
  return createFindPods(stores)(question);
}

describe('the pods of the judged revision', () => {
  it('are asked at the port of their containers, where they are ready', () => {
    const ending = pod('d', '10.1.0.4');
    ending.metadata.deletionTimestamp = '2026-11-21T10:00:00Z';
    const pods = [
      pod('a', '10.1.0.1'),
      pod('b', '10.1.0.2'),
      pod('c', '10.1.0.3', { revision: 'old' }),
      ending,
      pod('e', '10.1.0.5', { status: {} }),
      pod('f', undefined),
    ];
    expect(find(judged, pods)).toEqual({
      pods: [
        { name: 'a', address: '10.1.0.1', port: 8081 },
        { name: 'b', address: '10.1.0.2', port: 8081 },
      ],
    });
  });

  it('of another namespace or another Canary are not among them', () => {
    const pods = [pod('a', '10.1.0.1')];
    const none = { none: 'no pod of revision new is ready' };
    expect(find({ ...judged, namespace: 'other' }, pods)).toEqual(none);
    expect(find({ ...judged, canary: 'other' }, pods)).toEqual(none);
    expect(find(judged, [])).toEqual(none);
  });

  it('are not asked where their address is that of a node', () => {
    const pods = [pod('a', '10.1.0.1'), pod('b', '192.168.0.1', { spec: { hostNetwork: true } })];
    expect(find(judged, pods)).toEqual({
      none: 'pod b is in the network of its node, where nothing is asked',
    });
  });

  it('are found as they are now', () => {
    const stores = storesWith({ pods: [pod('a', '10.1.0.1')] });
    const found = createFindPods(stores);
    put(stores, 'pods', {
      ...pod('a', '10.1.0.9'),
      metadata: { ...pod('a', '').metadata, resourceVersion: '2' },
    });
    expect(found(judged)).toEqual({ pods: [{ name: 'a', address: '10.1.0.9', port: 8081 }] });
  });
});

describe('at the port of a Service', () => {
  const pods = [pod('a', '10.1.0.1'), pod('b', '10.1.0.2'), pod('c', '10.1.0.3', { revision: 'old' })];

  it.each([
    ['by number', 80, 8080],
    ['by name', 90, 9000],
  ])('the pods of the judged revision are asked where it leads to %s', (_how, port, asked) => {
    expect(find(behind(port), pods)).toEqual({
      pods: [
        { name: 'a', address: '10.1.0.1', port: asked },
        { name: 'b', address: '10.1.0.2', port: asked },
      ],
    });
  });

  it('they are asked at their own addresses, whatever its slices say', () => {
    expect(find(behind(80), pods, ['stranger', 'kubernetes', 'c'])).toEqual(
      find(behind(80), pods, ['a', 'b']),
    );
  });

  it.each([
    ['without the port', behind(8080), 'Service checkout has no port 8080; it has 80, 90'],
    ['that is not there', behind(80, 'gone'), 'there is no Service gone'],
  ])('%s nobody is asked', (_title, question, none) => {
    expect(find(question, pods)).toEqual({ none });
  });

  it('they have to have the port that it names', () => {
    const bare = pod('a', '10.1.0.1', { spec: { containers: [{ name: 'web' }] } });
    expect(find(behind(90), [bare])).toEqual({
      none: 'pod a has no port named admin, where Service checkout leads',
    });
  });
});
