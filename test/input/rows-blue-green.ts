// SPDX-License-Identifier: Apache-2.0
// Rows about a BlueGreen: what it has of its own, and that the words are its own where it shares them with a Canary.
import { blueGreen, deployment, httpRoute, named, service } from './objects.ts';
import type { Row } from './rows-service.ts';

const kind = 'BlueGreen';

export const blueGreenRows: readonly Row[] = [
  {
    title: 'I21 no target of a BlueGreen',
    kind,
    objects: [service()],
    reason: 'TargetNotFound',
    message: 'Deployment shop is not in namespace $NS; it is taken up as soon as it is',
    mend: [deployment()],
  },
  {
    title: 'I22 a target of a BlueGreen at 0 replicas, of which nobody says how many pods there shall be',
    kind,
    objects: [deployment(), service()],
    spec: { replicas: undefined },
    reason: 'ScaledToZero',
    message:
      'Deployment shop has 0 replicas, so it does not say how many pods there shall be; scale it up, or set spec.replicas of the BlueGreen',
    mend: [blueGreen()],
  },
  {
    title: 'I28 no HTTPRoute of a BlueGreen',
    kind,
    objects: [deployment(), service()],
    spec: { traffic: { gateway: { routes: [{ name: 'shop' }] } } },
    reason: 'RouteNotFound',
    message: 'HTTPRoute shop does not exist in namespace $NS',
    mend: [httpRoute()],
    accept: true,
  },
  {
    title: 'I49 a Service that has the name of the preview Service',
    kind,
    objects: [deployment(), service(), named(service(), 'shop-preview')],
    reason: 'NameTaken',
    message: 'Service shop-preview exists and is not of this BlueGreen; rename or delete it',
    remove: ['service/shop-preview'],
    mend: [],
  },
  {
    title: 'I49 a Service that has the name that the preview Service was given',
    kind,
    objects: [deployment(), service(), named(service(), 'next')],
    spec: { previewService: { name: 'next' } },
    reason: 'NameTaken',
    message: 'Service next exists and is not of this BlueGreen; rename or delete it',
    mend: [blueGreen({ previewService: { name: 'shop-next' } })],
  },
];
