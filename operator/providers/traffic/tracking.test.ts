// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { isTrackingKey, withoutTracking } from './tracking.ts';

describe('isTrackingKey', () => {
  it.each([
    'argocd.argoproj.io/tracking-id',
    'argocd.argoproj.io/sync-options',
    'kustomize.toolkit.fluxcd.io/name',
    'kustomize.toolkit.fluxcd.io/prune',
    'helm.toolkit.fluxcd.io/namespace',
    'meta.helm.sh/release-name',
    'helm.sh/chart',
    'helm.sh/resource-policy',
    'applyset.kubernetes.io/part-of',
    'config.k8s.io/owning-inventory',
    'kapp.k14s.io/app',
    'objectset.rio.cattle.io/hash',
    'app.kubernetes.io/instance',
    'app.kubernetes.io/managed-by',
    'kubectl.kubernetes.io/last-applied-configuration',
  ])('%s belongs to a tool', (key) => {
    expect(isTrackingKey(key)).toBe(true);
  });

  it.each([
    'app',
    'app.kubernetes.io/name',
    'app.kubernetes.io/version',
    'nginx.ingress.kubernetes.io/rewrite-target',
    'kubernetes.io/ingress.class',
    'example.com/argocd.argoproj.io',
    '__proto__',
    'constructor',
  ])('%s belongs to the user', (key) => {
    expect(isTrackingKey(key)).toBe(false);
  });
});

describe('withoutTracking', () => {
  it('keeps what is the user’s, prototype keys as plain keys', () => {
    const labels = JSON.parse(
      '{"app":"web","helm.sh/chart":"web-1.0","__proto__":"x","constructor":"y"}',
    ) as Record<string, string>;
    const kept = withoutTracking(labels);
    expect(JSON.stringify(kept)).toBe('{"app":"web","__proto__":"x","constructor":"y"}');
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype);
  });

  it('leaves its argument alone', () => {
    const labels = { 'app.kubernetes.io/instance': 'web' };
    expect(withoutTracking(labels)).toEqual({});
    expect(labels).toEqual({ 'app.kubernetes.io/instance': 'web' });
  });
});
