// SPDX-License-Identifier: Apache-2.0
// Rows about the TraefikService that a Canary names.
import { deployment, service, traefikService } from './objects.ts';
import type { Row } from './rows-service.ts';

const byTraefik = { traffic: { traefik: { service: 'shop' } } };
const base = [deployment(), service()];

export const traefikRows: readonly Row[] = [
  {
    title: 'I28 no TraefikService',
    objects: base,
    spec: byTraefik,
    reason: 'RouteNotFound',
    message: 'TraefikService shop does not exist in namespace $NS',
    mend: [traefikService()],
  },
  {
    title: 'I28 a TraefikService that names others',
    objects: [
      ...base,
      traefikService([
        { name: 'cart', port: 80 },
        { name: 'shop', kind: 'TraefikService' },
      ]),
    ],
    spec: byTraefik,
    reason: 'RouteNotSupported',
    message:
      'no entry of weighted.services of TraefikService shop names Service shop; it names Service cart, TraefikService shop',
    mend: [traefikService()],
  },
  {
    title: 'I28 a TraefikService that gives the Service nothing',
    objects: [...base, traefikService([{ name: 'shop', port: 80, weight: 0 }])],
    spec: byTraefik,
    reason: 'RouteNotSupported',
    message: 'TraefikService shop gives Service shop weight 0; there is nothing to shift',
    mend: [traefikService()],
  },
  {
    title: 'I28 a TraefikService that goes by node ports',
    objects: [...base, traefikService([{ name: 'shop', port: 80, nodePortLB: true }])],
    spec: byTraefik,
    reason: 'RouteNotSupported',
    message:
      'TraefikService shop reaches Service shop by its node port (nodePortLB), and Service shop-canary has none; leave nodePortLB out',
    mend: [traefikService()],
  },
  {
    title: 'I49 a TraefikService that names the canary Service already',
    objects: [
      ...base,
      traefikService([
        { name: 'shop', port: 80 },
        { name: 'shop-canary', port: 80 },
      ]),
    ],
    spec: byTraefik,
    reason: 'RouteNotSupported',
    message:
      "TraefikService shop already names Service shop-canary, which is Headway's own; take it out of weighted.services",
    mend: [traefikService()],
  },
];
