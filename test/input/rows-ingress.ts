// SPDX-License-Identifier: Apache-2.0
// Rows about the Ingress that a Canary names.
import { deployment, ingress, named, service } from './objects.ts';
import type { Row } from './rows-service.ts';

const byIngress = { traffic: { ingress: { name: 'shop' } } };
const otherPath = (name: string) => ({
  path: '/',
  pathType: 'Prefix',
  backend: { service: { name, port: { number: 80 } } },
});

export const ingressRows: readonly Row[] = [
  {
    title: 'I27 no Ingress',
    objects: [deployment(), service()],
    spec: byIngress,
    reason: 'IngressNotFound',
    message: 'Ingress shop does not exist in namespace $NS',
    mend: [ingress()],
  },
  {
    title: 'I27 an Ingress with a default backend only',
    objects: [
      deployment(),
      service(),
      ingress({ defaultBackend: { service: { name: 'shop', port: { number: 80 } } } }),
    ],
    spec: byIngress,
    reason: 'IngressNotSupported',
    message:
      'Ingress shop leads to Service shop only by its default backend, which cannot be split; add a rule with a path to it',
    mend: [ingress()],
  },
  {
    title: 'I27 an Ingress whose only host has no http',
    objects: [deployment(), service(), ingress({ rules: [{ host: 'shop.example.test' }] })],
    spec: byIngress,
    reason: 'IngressNotSupported',
    message: 'no path of Ingress shop leads to Service shop; it has no paths',
    mend: [ingress()],
  },
  {
    title: 'I27 an Ingress that leads elsewhere',
    objects: [deployment(), service(), ingress({ rules: [{ http: { paths: [otherPath('cart')] } }] })],
    spec: byIngress,
    reason: 'IngressNotSupported',
    message: 'no path of Ingress shop leads to Service shop; its paths lead to cart (/)',
    mend: [ingress()],
  },

  {
    title: 'I27 an Ingress whose annotations and http are null',
    objects: [deployment(), service(), ingress({ rules: [{ host: 'shop.example.test', http: null }] }, null)],
    spec: byIngress,
    reason: 'IngressNotSupported',
    message: 'no path of Ingress shop leads to Service shop; it has no paths',
    mend: [ingress()],
  },
  {
    title: 'I49 an Ingress that has the name of the canary Ingress',
    objects: [deployment(), service(), ingress(), named(ingress(), 'shop-canary')],
    spec: byIngress,
    reason: 'NameTaken',
    message:
      'Ingress shop-canary is needed for Canary shop, but it exists and was not made by Headway; rename or delete it',
    remove: ['ingress/shop-canary'],
    mend: [],
  },
];
