// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { projectEndpointSlice, projectService } from './service-projection.ts';
import { fromYaml, SERVICE, sliceOf } from './test-objects.ts';

describe('a Service', () => {
  it('is kept with its ports as they are', () => {
    expect(projectService(fromYaml(SERVICE))).toEqual({
      namespace: 'shop',
      name: 'checkout',
      uid: 'uid-checkout',
      resourceVersion: '17',
      type: 'NodePort',
      headless: false,
      selector: { app: 'web' },
      ports: [
        { name: 'http', port: 80, targetPort: 8080, protocol: 'TCP', nodePort: 30080 },
        { name: 'admin', port: 90, targetPort: 'admin', protocol: 'TCP', appProtocol: 'http' },
      ],
      shape: { labels: {}, annotations: {}, spec: {} },
      selectorManager: 'argocd',
    });
  });

  it.each([
    [
      { clusterIP: 'None', selector: { app: 'web' } },
      { headless: true, type: 'ClusterIP', ports: [] },
    ],
    [
      { type: 'ExternalName', externalName: 'example.com' },
      { type: 'ExternalName', selector: {}, headless: false },
    ],
    [{ selector: null }, { selector: {} }],
  ])('with spec %p is %p', (spec, projected) => {
    expect(projectService({ ...fromYaml(SERVICE), spec })).toMatchObject(projected);
  });
});

describe('an EndpointSlice', () => {
  it('is kept as the pods that are ready', () => {
    expect(projectEndpointSlice(sliceOf('checkout', 'checkout-x', ['a', 'b']))).toEqual({
      namespace: 'shop',
      service: 'checkout',
      readyPods: ['a', 'b'],
      reachedPods: ['a', 'b'],
    });
  });

  it.each([
    [null, []],
    [undefined, []],
    [[{ addresses: ['10.0.0.1'] }], ['']],
    [[{ conditions: null, targetRef: null }], ['']],
    [[{ conditions: { ready: null }, targetRef: { kind: 'Pod', name: 'a' } }], ['a']],
    [[{ conditions: { ready: false }, targetRef: { kind: 'Pod', name: 'a' } }], []],
  ])('with endpoints %p has ready pods %p', (endpoints, readyPods) => {
    const slice = projectEndpointSlice({ ...sliceOf('checkout', 'x', []), endpoints });
    expect(slice).toMatchObject({ readyPods, reachedPods: readyPods });
  });

  it.each([
    [{ ready: true, serving: true, terminating: false }, ['a']],
    [{ ready: true, serving: false, terminating: false }, []],
    [{ ready: true, serving: true, terminating: true }, []],
  ])(
    'of a Service that publishes all addresses has a pod with %j among the ready as %p',
    (conditions, ready) => {
      const endpoints = [{ conditions, targetRef: { kind: 'Pod', name: 'a' } }];
      const slice = projectEndpointSlice({ ...sliceOf('checkout', 'x', []), endpoints });
      expect(slice).toMatchObject({ readyPods: ready, reachedPods: ['a'] });
    },
  );

  it('of no Service belongs to none', () => {
    const slice = sliceOf('checkout', 'x', []);
    delete slice.metadata.labels;
    expect(projectEndpointSlice(slice).service).toBe('');
  });
});
