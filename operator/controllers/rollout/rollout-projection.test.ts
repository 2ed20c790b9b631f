// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { rolloutIndexes, objectOf, projectRollout, routeKey } from './rollout-projection.ts';
import { fromYaml, INGRESS_CANARY, storesWith } from './test-objects.ts';

function canary(spec: unknown) {
  return { ...fromYaml(INGRESS_CANARY), spec };
}

const CHECKED = {
  targetRef: { kind: 'Deployment', name: 'web' },
  service: { name: 'checkout' },
  analysis: { templateRef: { name: 'slo' } },
  steps: [
    { setWeight: 5 },
    { analysis: { templateRef: { name: 'errors' } } },
    { analysis: { templateRef: { name: 'slo' } } },
  ],
};

describe('a stored Canary', () => {
  it('is kept whole but for managedFields, with the names that it speaks of', () => {
    const object = fromYaml(INGRESS_CANARY);
    object.metadata.managedFields = [{ manager: 'kubectl' }];
    const projected = projectRollout('Canary', object);
    expect(projected).toMatchObject({ namespace: 'shop', name: 'web', uid: 'uid-web' });
    expect(objectOf(projected).metadata).not.toHaveProperty('managedFields');
    expect(objectOf(projected)['spec']).toEqual(object['spec']);
    expect(projected.refs).toEqual({
      target: 'web',
      service: 'checkout',
      canaryService: 'checkout-canary',
      ingress: 'shop',
      routes: ['Ingress/shop', 'Ingress/shop-canary'],
      templates: [],
    });
    expect(projectRollout('Canary', canary(CHECKED)).refs.templates).toEqual(['slo', 'errors']);
  });

  it.each([
    [undefined],
    [null],
    ['x'],
    [{ targetRef: 3, service: { name: 7 }, traffic: [], analysis: 'x', steps: 'y' }],
    [{ steps: [3, { analysis: 4 }] }],
  ])('with spec %p speaks of nothing', (spec) => {
    expect(projectRollout('Canary', canary(spec)).refs).toEqual({ routes: [], templates: [] });
  });

  it('is found by all that concerns it', () => {
    const { canaries } = storesWith({
      canaries: [
        fromYaml(INGRESS_CANARY),
        { ...canary(CHECKED), metadata: { name: 'api', namespace: 'shop', uid: 'uid-api' } },
      ],
    });
    const found = (index: string, value: string) => canaries.byIndex(index, value).map(({ name }) => name);
    expect(found('uid', 'uid-web')).toEqual(['web']);
    expect(found('label', 'shop/web')).toEqual(['web']);
    expect(found('target', 'shop/web')).toEqual(['web', 'api']);
    expect(found('service', 'shop/checkout')).toEqual(['web', 'api']);
    expect(found('service', 'shop/checkout-canary')).toEqual(['web', 'api']);
    expect(found('ingress', 'shop/shop')).toEqual(['web']);
    expect(found('ingress', 'shop/shop-canary')).toEqual([]);
    expect(found('route', routeKey('shop', 'Ingress/shop'))).toEqual(['web']);
    expect(found('route', routeKey('shop', 'Ingress/shop-canary'))).toEqual(['web']);
    expect(found('template', 'shop/errors')).toEqual(['api']);
    expect(found('target', 'other/web')).toEqual([]);
  });

  it.each([
    [{ routes: [{ name: 'web' }, { kind: 'GRPCRoute', name: 'rpc' }] }, ['HTTPRoute/web', 'GRPCRoute/rpc']],
    [{ template: { parentRefs: [{ name: 'main' }] } }, ['HTTPRoute/web']],
    [{ template: { parentRefs: [] } }, []],
    [{ routes: 'x', template: 3 }, []],
  ])('with traffic.gateway %j speaks of %j', (gateway, routes) => {
    expect(projectRollout('Canary', canary({ traffic: { gateway } })).refs.routes).toEqual(routes);
  });

  it('is found by its routes and by their kinds', () => {
    const gateway = { routes: [{ name: 'a' }, { name: 'b' }, { kind: 'GRPCRoute', name: 'a' }] };
    const { canaries } = storesWith({ canaries: [canary({ traffic: { gateway } })] });
    const found = (index: string, value: string) => canaries.byIndex(index, value).map(({ name }) => name);
    expect(found('route', routeKey('shop', 'HTTPRoute/b'))).toEqual(['web']);
    expect(found('route', routeKey('shop', 'GRPCRoute/a'))).toEqual(['web']);
    expect(found('route', routeKey('shop', 'GRPCRoute/b'))).toEqual([]);
    expect(found('routeKind', 'HTTPRoute')).toEqual(['web']);
  });

  it('has every index that it is asked by', () => {
    expect(Object.keys(rolloutIndexes)).toEqual([
      'uid',
      'label',
      'target',
      'service',
      'ingress',
      'overlapped',
      'routeKind',
      'routeKindHere',
      'route',
      'template',
    ]);
  });
});
