// SPDX-License-Identifier: Apache-2.0
// Rows about the target and the Service of a Canary, whatever routes it.
import { deployment, labelled, named, service } from './objects.ts';

/** What only the operator can see. $NS in the message is the namespace. */
export interface Row {
  readonly title: string;
  /** What governs them; a Canary unless it is said. */
  readonly kind?: 'BlueGreen';
  /** What is there beside it. */
  readonly objects: readonly object[];
  readonly spec?: object;
  readonly reason: string;
  readonly message: string;
  /** What a person applies then; the release gets on. */
  readonly mend: readonly object[];
  /** What a person makes of the Canary's spec then. */
  readonly mendSpec?: object;
  /** What a person deletes then, as kind/name. */
  readonly remove?: readonly string[];
  /** Then a Gateway accepts HTTPRoute shop. */
  readonly accept?: boolean;
}

const app = { app: 'shop' };

export const serviceRows: readonly Row[] = [
  {
    title: 'I21 no target',
    objects: [service()],
    reason: 'TargetNotFound',
    message: 'Deployment shop is not in namespace $NS; it is taken up as soon as it is',
    mend: [deployment()],
  },
  {
    title: 'I25 no Service',
    objects: [deployment()],
    reason: 'ServiceNotFound',
    message: 'Service shop is not in namespace $NS; it is taken up as soon as it is',
    mend: [service()],
  },
  {
    title: 'I25 neither target nor Service: both are said at once',
    objects: [],
    reason: 'ServiceNotFound',
    message:
      'Service shop is not in namespace $NS; it is taken up as soon as it is; Deployment shop is not in namespace $NS; it is taken up as soon as it is',
    mend: [service(), deployment()],
  },
  {
    title: 'I25 a Service of type ExternalName',
    objects: [
      deployment(),
      service({ type: 'ExternalName', externalName: 'example.test', selector: undefined }),
    ],
    reason: 'ServiceNotSupported',
    message: 'Service shop is of type ExternalName; it has no pods to shift traffic between',
    mend: [service({ type: 'ClusterIP', externalName: null })],
  },
  {
    title: 'I25 a Service without a selector',
    objects: [deployment(), service({ selector: undefined })],
    reason: 'ServiceNotSupported',
    message: 'Service shop has no selector; it has no pods to shift traffic between',
    mend: [service()],
  },
  {
    title: 'I25 a headless Service',
    objects: [deployment(), service({ clusterIP: 'None' })],
    reason: 'ServiceNotSupported',
    message: 'Service shop is headless; clients reach its pods by themselves, so traffic cannot be shifted',
    remove: ['service/shop'],
    mend: [service()],
  },
  {
    title: 'I23 a Service that selects the pods of two Deployments',
    objects: [deployment(), named(deployment({ replicas: 1 }), 'twin'), service()],
    reason: 'SelectorOverlap',
    message:
      'Service shop selects pods of Deployment twin too, which would get no requests any more; let it select only pods of Deployment shop',
    remove: ['deployment/twin'],
    mend: [],
  },
  {
    title: 'I23 two Deployments that select the same pods',
    objects: [
      labelled('shop', { selector: app, labels: { ...app, tier: 'web' }, replicas: 0 }),
      labelled('batch', { selector: app, labels: { ...app, tier: 'batch' }, replicas: 1 }),
      service({ selector: { tier: 'web' } }),
    ],
    reason: 'SelectorOverlap',
    message: 'Deployments shop and batch select the same pods; give each a label of its own in its selector',
    remove: ['deployment/batch'],
    mend: [],
  },
  {
    title: 'I49 a Service that has the name of the canary Service',
    objects: [deployment(), service(), named(service(), 'shop-canary')],
    reason: 'NameTaken',
    message: 'Service shop-canary exists and is not of this Canary; rename or delete it',
    remove: ['service/shop-canary'],
    mend: [],
  },
];
