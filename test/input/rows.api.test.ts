// SPDX-License-Identifier: Apache-2.0
// What no schema can see: the operator says it in a condition, writes nothing else, and goes on when it is mended.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resources } from '../../operator/kube/resources.ts';
import type { Operator } from '../e2e/support/operator.ts';
import { admin } from '../e2e/support/world.ts';
import { canary, deployment, ingress, service } from './objects.ts';
import { closeOperator, openOperator } from './operator.ts';
import { openStand } from './stand.ts';

const OPERATOR_WITHIN_MS = 60_000;
const ROW_WITHIN_MS = 60_000;

let operator: Operator;

beforeAll(async () => {
  operator = await openOperator('input', 9211);
}, OPERATOR_WITHIN_MS);

afterAll(async () => {
  expect(await closeOperator(operator)).toBe(0);
}, OPERATOR_WITHIN_MS);

interface Row {
  readonly title: string;
  /** What is there beside the Canary. */
  readonly objects: readonly object[];
  readonly spec?: object;
  readonly reason: string;
  readonly message: string;
  /** What a person applies then; the Canary gets on. */
  readonly mend: readonly object[];
}

const byIngress = { traffic: { ingress: { name: 'shop' } } };
const otherPath = (name: string) => ({
  path: '/',
  pathType: 'Prefix',
  backend: { service: { name, port: { number: 80 } } },
});

const ROWS: readonly Row[] = [
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
];

describe('input that only the operator can refuse', () => {
  it.concurrent.each(ROWS.map((row) => [row.title, row] as const))(
    '%s',
    async (_title, row) => {
      const stand = await openStand();
      const said = (text: string) => text.replaceAll('$NS', stand.namespace);
      if (row.objects.length > 0) await stand.apply(...row.objects);
      const before = await stand.snapshot();
      await stand.apply(canary(row.spec));
      const refused = await stand.ready('shop', row.reason, said(row.message));
      expect(refused).toMatchObject({ status: 'False' });
      expect(await stand.snapshot()).toEqual(before);
      await stand.apply(...row.mend);
      expect(await stand.ready('shop', 'Succeeded')).toMatchObject({ status: 'True' });
      await admin().delete(resources.namespaces, { name: stand.namespace });
    },
    ROW_WITHIN_MS,
  );
});
