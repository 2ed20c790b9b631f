// SPDX-License-Identifier: Apache-2.0
// Rows about the Deployment of a Canary: what it is, and what else has a hand in it.
import { canary, deployment, service } from './objects.ts';
import type { Row } from './rows-service.ts';

/** Of a kind that nobody knows, so that no garbage collector asks whether it is there. */
const owner = {
  apiVersion: 'shops.example.test/v1',
  kind: 'Shop',
  name: 'corner',
  uid: '7d0a2a8e-0000-4000-8000-000000000001',
  controller: true,
};

export const targetRows: readonly Row[] = [
  {
    title: 'I21 a target that something else controls',
    objects: [deployment({}, { ownerReferences: [owner] }), service()],
    reason: 'TargetNotSupported',
    message:
      'Deployment shop is controlled by Shop corner, which would put back what is changed in it; name a Deployment that nothing else controls',
    mend: [deployment({}, { ownerReferences: [] })],
  },
  {
    title: 'I22 a target at 0 replicas, of which nobody says how many pods there shall be',
    objects: [deployment(), service()],
    spec: { replicas: undefined },
    reason: 'ScaledToZero',
    message:
      'Deployment shop has 0 replicas, so it does not say how many pods there shall be; scale it up, or set spec.replicas of the Canary',
    mend: [canary()],
  },
  {
    title: 'I22 a paused target',
    objects: [deployment({ paused: true }), service()],
    reason: 'Paused',
    message:
      'Deployment shop is paused, so its pods may be of another template than it has; it is adopted when it is resumed',
    mend: [deployment({ paused: false })],
  },
  {
    title: 'I22 a target with Recreate and minReadySeconds is as good as any',
    objects: [service()],
    reason: 'TargetNotFound',
    message: 'Deployment shop is not in namespace $NS; it is taken up as soon as it is',
    mend: [deployment({ strategy: { type: 'Recreate' }, minReadySeconds: 30 })],
  },
];
