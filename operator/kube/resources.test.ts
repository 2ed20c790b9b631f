// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { jsonPointerSegment } from './objects.ts';
import { apiVersionOf, collectionPath, objectPath, resourceName, resources } from './resources.ts';

describe('paths', () => {
  it.each([
    ['core, all namespaces', collectionPath(resources.pods), '/api/v1/pods'],
    ['core, one namespace', collectionPath(resources.pods, 'shop'), '/api/v1/namespaces/shop/pods'],
    ['group', collectionPath(resources.deployments, 'shop'), '/apis/apps/v1/namespaces/shop/deployments'],
    [
      'cluster-scoped ignores a namespace',
      collectionPath(resources.metricsProviders, 'shop'),
      '/apis/headway.dev/v1alpha1/metricsproviders',
    ],
    [
      'object',
      objectPath(resources.services, { namespace: 'a', name: 'b' }),
      '/api/v1/namespaces/a/services/b',
    ],
    [
      'subresource',
      objectPath(resources.canaries, { namespace: 'a', name: 'b' }, 'status'),
      '/apis/headway.dev/v1alpha1/namespaces/a/canaries/b/status',
    ],
    ['cluster-scoped object', objectPath(resources.namespaces, { name: 'a' }), '/api/v1/namespaces/a'],
    [
      'capitals and reserved characters',
      objectPath(resources.services, { namespace: 'a', name: 'X/y?z' }),
      '/api/v1/namespaces/a/services/X%2Fy%3Fz',
    ],
  ])('%s', (_, path, expected) => {
    expect(path).toBe(expected);
  });

  it.each(['', '.', '..'])('refuses the name "%s"', (name) => {
    expect(() => objectPath(resources.pods, { namespace: 'a', name })).toThrow(
      `"${name}" is not an object name`,
    );
    expect(() => collectionPath(resources.pods, name)).toThrow(RangeError);
  });

  it('refuses a namespaced object without a namespace', () => {
    expect(() => objectPath(resources.pods, { name: 'a' })).toThrow(
      'Pod a is namespaced; no namespace was given',
    );
  });
});

describe('names', () => {
  it.each([
    [resources.pods, 'v1', 'pods'],
    [resources.endpointSlices, 'discovery.k8s.io/v1', 'endpointslices.discovery.k8s.io'],
    [resources.analysisTemplates, 'headway.dev/v1alpha1', 'analysistemplates.headway.dev'],
  ])('%o', (resource, apiVersion, name) => {
    expect(apiVersionOf(resource)).toBe(apiVersion);
    expect(resourceName(resource)).toBe(name);
  });

  it('escapes a JSON Pointer segment', () => {
    expect(jsonPointerSegment('app.kubernetes.io/name~x')).toBe('app.kubernetes.io~1name~0x');
  });
});
