// SPDX-License-Identifier: Apache-2.0
// What no schema can see: the operator says it in a condition, writes nothing else, and goes on when it is mended.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resources } from '../../operator/kube/resources.ts';
import type { Operator } from '../e2e/support/operator.ts';
import { kubectl } from '../e2e/support/kubectl.ts';
import { admin } from '../e2e/support/world.ts';
import { installGatewayApi } from '../cluster/gateway-api.ts';
import { installIstioCrds } from '../cluster/istio-crds.ts';
import type { Kubectl } from '../cluster/established.ts';
import { installTraefikCrds } from '../cluster/traefik-crds.ts';
import { blueGreen, canary } from './objects.ts';
import { closeOperator, openOperator } from './operator.ts';
import { albRows } from './rows-alb.ts';
import { blueGreenRows } from './rows-blue-green.ts';
import { configRows } from './rows-config.ts';
import { gatewayRows } from './rows-gateway.ts';
import { ingressRows } from './rows-ingress.ts';
import { istioRows } from './rows-istio.ts';
import { type Row, serviceRows } from './rows-service.ts';
import { targetRows } from './rows-target.ts';
import { traefikRows } from './rows-traefik.ts';
import { openStand, type Waited } from './stand.ts';

const ROWS: readonly Row[] = [
  ...configRows,
  ...targetRows,
  ...serviceRows,
  ...ingressRows,
  ...gatewayRows,
  ...traefikRows,
  ...albRows,
  ...istioRows,
  ...blueGreenRows,
];

const OPERATOR_WITHIN_MS = 120_000;
const ROW_WITHIN_MS = 150_000;

let operator: Operator;

beforeAll(async () => {
  const install: Kubectl = (args) => kubectl([...args]);
  await Promise.all([installGatewayApi(install), installTraefikCrds(install), installIstioCrds(install)]);
  operator = await openOperator('input', 9211);
}, OPERATOR_WITHIN_MS);

afterAll(async () => {
  expect(await closeOperator(operator)).toBe(0);
}, OPERATOR_WITHIN_MS);

/** What a Gateway says of a route that it serves; none runs beside an API server alone. */
async function accept(namespace: string): Promise<void> {
  const conditions = ['Accepted', 'ResolvedRefs'].map((type) => ({
    type,
    status: 'True',
    reason: type,
    message: '',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }));
  const parents = [{ parentRef: { name: 'web' }, controllerName: 'example.test/gateway', conditions }];
  const patch = `--patch=${JSON.stringify({ status: { parents } })}`;
  const args = [
    'patch',
    'httproute/shop',
    `--namespace=${namespace}`,
    '--subresource=status',
    '--type=merge',
  ];
  await kubectl([...args, patch]);
}

/** The object that a row is about, and how it is asked for. */
function governing({ kind, spec }: Row): { object: object; of: Waited } {
  return kind === 'BlueGreen'
    ? { object: blueGreen(spec), of: { resource: resources.blueGreens, name: 'shop' } }
    : { object: canary(spec), of: 'shop' };
}

describe('input that only the operator can refuse', () => {
  it.concurrent.each(ROWS.map((row) => [row.title, row] as const))(
    '%s',
    async (_title, row) => {
      const stand = await openStand();
      const said = (text: string) => text.replaceAll('$NS', stand.namespace);
      if (row.objects.length > 0) await stand.apply(...row.objects);
      const before = await stand.snapshot();
      const { object, of } = governing(row);
      await stand.apply(object);
      const refused = await stand.ready(of, row.reason, said(row.message));
      expect(refused).toMatchObject({ status: 'False' });
      expect(await stand.snapshot()).toEqual(before);
      for (const name of row.remove ?? [])
        await kubectl(['delete', name, `--namespace=${stand.namespace}`, '--timeout=180s']);
      if (row.mendSpec) await stand.apply(canary(row.mendSpec));
      if (row.mend.length > 0) await stand.apply(...row.mend);
      if (row.accept) await accept(stand.namespace);
      expect(await stand.ready(of, 'Succeeded')).toMatchObject({ status: 'True' });
      await admin().delete(resources.namespaces, { name: stand.namespace });
    },
    ROW_WITHIN_MS,
  );
});
