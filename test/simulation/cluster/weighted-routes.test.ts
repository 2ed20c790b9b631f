// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { routesOf } from '../story/objects.ts';
import { CALM_SETUP } from '../story/calm-setup.ts';
import type { Setup } from '../story/story.ts';
import { canaryPercent, readRoute } from './http-routes.ts';
import { CANARY_SERVICE, SERVICE } from './names.ts';
import { ROUTES } from './routes.ts';
import { WEIGHTED, type WeightedRoute } from './weighted-routes.ts';

const withSpec = (spec: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Any',
  metadata: { name: 'shop' },
  spec,
});

const shared = { host: SERVICE, port: { number: 80 } };
const header = { headers: { 'x-canary': { exact: 'always' } } };

/** What the operator writes at 25%, with chosen requests where there can be some. */
const SPLIT: Readonly<Record<'gateway' | 'traefik' | 'istio', KubeObject>> = {
  gateway: withSpec({
    rules: [
      { matches: [{ headers: [{ name: 'x-canary' }] }], backendRefs: [{ name: CANARY_SERVICE }] },
      {
        backendRefs: [
          { name: SERVICE, weight: 75 },
          { name: CANARY_SERVICE, weight: 25 },
        ],
      },
    ],
  }),
  traefik: withSpec({
    weighted: {
      sticky: {},
      services: [
        { name: SERVICE, weight: 75 },
        { name: CANARY_SERVICE, weight: 25 },
      ],
    },
  }),
  istio: withSpec({
    hosts: ['shop.example.com'],
    http: [
      { match: [{ uri: { prefix: '/old' } }], redirect: { authority: 'old' } },
      { match: [header], route: [{ destination: { ...shared, host: CANARY_SERVICE } }] },
      {
        route: [
          { destination: shared, weight: 75 },
          { destination: { ...shared, host: CANARY_SERVICE }, weight: 25 },
        ],
      },
    ],
  }),
};

const ROUTERS = ['gateway', 'traefik', 'istio'] as const;

function weightedOf(router: Setup['router']): WeightedRoute {
  const weighted = WEIGHTED[router];
  if (!weighted) throw new Error(`${router} has no weights beside each other`);
  return weighted;
}

describe.each(ROUTERS)('a weighted route of %s', (router) => {
  const { asHttpRoute, withBackends, resource, name } = weightedOf(router);

  it('is read like an HTTPRoute', () => {
    const { weights, isChosen } = readRoute(asHttpRoute(SPLIT[router]));
    expect(Object.fromEntries(weights)).toEqual({ [SERVICE]: 75, [CANARY_SERVICE]: 25 });
    expect(isChosen).toBe(router !== 'traefik');
  });

  it('gives everything to the Service at rest', () => {
    const [mine] = routesOf({ ...CALM_SETUP, router });
    const objects = new Map(mine && [[`${resource.plural} shop/${name}`, mine.object]]);
    expect(Object.fromEntries(ROUTES[router](objects, new Set([SERVICE])))).toEqual({ [SERVICE]: 100 });
  });

  it('gets another weight, and nothing else is changed', () => {
    const changed = withBackends(SPLIT[router], (ref) =>
      ref['name'] === CANARY_SERVICE ? { ...ref, weight: 225 } : ref,
    );
    expect(canaryPercent(asHttpRoute(changed))).toBe(75);
    const back = withBackends(changed, (ref) => (ref['weight'] === 225 ? { ...ref, weight: 25 } : ref));
    expect(canaryPercent(asHttpRoute(back))).toBe(25);
  });
});

describe('Traefik without allowEmptyServices', () => {
  const objects = new Map([['traefikservices shop/shop', SPLIT.traefik]]);

  it.each([
    ['both have pods', [SERVICE, CANARY_SERVICE], { [SERVICE]: 75, [CANARY_SERVICE]: 25 }],
    ['the canary has none: nobody is answered', [SERVICE], { [CANARY_SERVICE]: 100 }],
  ])('%s', (_what, ready, percents) => {
    expect(Object.fromEntries(ROUTES.traefik(objects, new Set(ready)))).toEqual(percents);
  });
});

describe('a VirtualService', () => {
  it('gives a destination without a weight everything when it is alone, and nothing among others', () => {
    const route = (http: object) => weightedOf('istio').asHttpRoute(withSpec({ http: [http] }));
    const alone = { route: [{ destination: shared }] };
    const among = {
      route: [{ destination: shared, weight: 100 }, { destination: { host: CANARY_SERVICE } }],
    };
    expect(readRoute(route(alone)).weights.get(SERVICE)).toBe(100);
    expect(canaryPercent(route(among))).toBe(0);
  });
});
