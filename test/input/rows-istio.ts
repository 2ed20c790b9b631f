// SPDX-License-Identifier: Apache-2.0
// Rows about the VirtualService that a Canary names, and the DestinationRules of its Service. No Istio runs here.
import { deployment, destinationRule, service, virtualService } from './objects.ts';
import type { Row } from './rows-service.ts';

const byIstio = { traffic: { istio: { virtualServices: [{ name: 'shop' }] } } };
const base = [deployment(), service()];

/** An http route to the Service, or to a subset of it. */
function leading(subset?: string, more: object = {}): object {
  return { ...more, route: [{ destination: { host: 'shop', ...(subset ? { subset } : {}) } }] };
}

export const istioRows: readonly Row[] = [
  {
    title: 'I28 no VirtualService',
    objects: base,
    spec: byIstio,
    reason: 'RouteNotFound',
    message: 'VirtualService shop does not exist in namespace $NS',
    mend: [virtualService()],
  },
  {
    title: 'I28 no http route leads to the Service',
    objects: [...base, virtualService({ http: [{ route: [{ destination: { host: 'shop.other' } }] }] })],
    spec: byIstio,
    reason: 'RouteNotSupported',
    message: 'no http route of VirtualService shop leads to Service shop; they lead to shop.other',
    mend: [virtualService()],
  },
  {
    title: 'I28 a VirtualService of streams alone',
    objects: [...base, virtualService({ tcp: [leading()] })],
    spec: byIstio,
    reason: 'RouteNotSupported',
    message: 'only tcp route 1 of VirtualService shop leads to Service shop; only http routes can be split',
    mend: [virtualService()],
  },
  {
    title: 'I28 an http route that is not there',
    objects: [...base, virtualService({ http: [leading(undefined, { name: 'api' })] })],
    spec: { traffic: { istio: { virtualServices: [{ name: 'shop', routes: ['web'] }] } } },
    reason: 'RouteNotSupported',
    message: 'VirtualService shop has no http route named web; it has api',
    mend: [virtualService({ http: [leading(undefined, { name: 'web' })] })],
  },
  {
    title: 'I28 a match that Istio would pass by',
    objects: [...base, virtualService()],
    spec: { ...byIstio, match: [{ headers: { authority: { exact: 'shop.example.test' } } }] },
    reason: 'RouteNotSupported',
    message:
      'match asks for header authority, which Istio passes by in a match of headers, so that every request would be chosen; choose another header',
    mend: [],
    mendSpec: byIstio,
  },
  {
    title: 'I28 a subset that nobody defines',
    objects: [...base, virtualService({ http: [leading('main')] })],
    spec: byIstio,
    reason: 'RouteNotSupported',
    message:
      'http route 1 of VirtualService shop leads to subset main of Service shop, which no DestinationRule of namespace $NS defines for it; define it there, so that Service shop-canary can have it too',
    mend: [destinationRule({ subsets: [{ name: 'main' }] })],
  },
  {
    title: 'I28 a subset of one version',
    objects: [
      ...base,
      virtualService({ http: [leading('main')] }),
      destinationRule({ subsets: [{ name: 'main', labels: { version: 'v0' } }] }),
    ],
    spec: byIstio,
    reason: 'RouteNotSupported',
    message:
      'http route 1 of VirtualService shop leads to subset main of Service shop, which DestinationRule shop limits to pods with version=v0; the new pods of Service shop do not have that, so after the release nobody would answer: take it out of the subset',
    mend: [destinationRule({ subsets: [{ name: 'main', labels: { app: 'shop' } }] })],
  },
  {
    title: 'I49 a VirtualService that names the canary Service already',
    objects: [
      ...base,
      virtualService({
        http: [
          {
            route: [
              { destination: { host: 'shop' }, weight: 90 },
              { destination: { host: 'shop-canary' }, weight: 10 },
            ],
          },
        ],
      }),
    ],
    spec: byIstio,
    reason: 'RouteNotSupported',
    message:
      "http route 1 of VirtualService shop already names Service shop-canary, which is Headway's own; take it out of the http route, and use match to choose requests",
    mend: [virtualService()],
  },
  {
    title: 'I49 a DestinationRule that has the name of the copy',
    objects: [...base, virtualService(), destinationRule(), destinationRule({ host: 'cart' }, 'shop-canary')],
    spec: byIstio,
    reason: 'NameTaken',
    message:
      'DestinationRule shop-canary is needed for Canary shop, but it exists and was not made by Headway for it; rename or delete it',
    mend: [],
    remove: ['destinationrule/shop-canary'],
  },
];
