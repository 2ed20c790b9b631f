// SPDX-License-Identifier: Apache-2.0
// Rows about the HTTPRoute that a Canary names. No Gateway runs here: a test that needs one writes what it would say.
import { deployment, httpRoute, service } from './objects.ts';
import type { Row } from './rows-service.ts';

/** No Gateway is there, which is said beside all else. */
const NOBODY =
  '; no Gateway has taken up HTTPRoute shop; look at its parentRefs and the Gateway that they name';

const byRoute = { traffic: { gateway: { routes: [{ name: 'shop' }] } } };
const base = [deployment(), service()];

export const gatewayRows: readonly Row[] = [
  {
    title: 'I28 no HTTPRoute',
    objects: base,
    spec: byRoute,
    reason: 'RouteNotFound',
    message: 'HTTPRoute shop does not exist in namespace $NS',
    mend: [httpRoute()],
    accept: true,
  },
  {
    title: 'I28 no rule names the Service',
    objects: [...base, httpRoute([{ backendRefs: [{ name: 'cart', port: 80 }] }])],
    spec: byRoute,
    reason: 'RouteNotSupported',
    message: `no rule of HTTPRoute shop leads to Service shop; they lead to Service cart${NOBODY}`,
    mend: [httpRoute()],
    accept: true,
  },
  {
    title: 'I28 rules without a backend',
    objects: [...base, httpRoute([{}])],
    spec: byRoute,
    reason: 'RouteNotSupported',
    message: `no rule of HTTPRoute shop leads to Service shop; they have no backends${NOBODY}`,
    mend: [httpRoute()],
    accept: true,
  },
  {
    title: 'I28 weights of 0 everywhere',
    objects: [
      ...base,
      httpRoute([
        { backendRefs: [{ name: 'shop', port: 80, weight: 0 }] },
        { matches: [{ path: { value: '/cart' } }], backendRefs: [{ name: 'shop', port: 80, weight: 0 }] },
      ]),
    ],
    spec: byRoute,
    reason: 'RouteNotSupported',
    message: `every rule of HTTPRoute shop gives Service shop weight 0; there is nothing to shift${NOBODY}`,
    mend: [httpRoute()],
    accept: true,
  },
  {
    title: 'I49 a rule that names the canary Service already',
    objects: [
      ...base,
      httpRoute([
        {
          backendRefs: [
            { name: 'shop', port: 80 },
            { name: 'shop-canary', port: 80 },
          ],
        },
      ]),
    ],
    spec: byRoute,
    reason: 'RouteNotSupported',
    message: `rule 1 of HTTPRoute shop already names Service shop-canary, which is Headway's own; take it out of the rule, and use match to choose requests${NOBODY}`,
    mend: [httpRoute()],
    accept: true,
  },
  {
    title: 'I28 no Gateway has accepted it',
    objects: [...base, httpRoute()],
    spec: byRoute,
    reason: 'RouteNotAccepted',
    message: 'no Gateway has taken up HTTPRoute shop; look at its parentRefs and the Gateway that they name',
    mend: [],
    accept: true,
  },
];
