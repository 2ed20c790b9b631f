// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { isRecord } from '../api/json.ts';
import { listOf } from './http-routes.ts';
import { CANARY_SERVICE, SERVICE } from './names.ts';

/** The annotation that tells an AWS Load Balancer Controller what to do with the requests of the app. */
export const ACTION = `alb.ingress.kubernetes.io/actions.${SERVICE}`;

export const ACTION_AT_REST = JSON.stringify({
  type: 'forward',
  forwardConfig: { targetGroups: [{ serviceName: SERVICE, servicePort: 80 }] },
});

/** The weights of the target groups by Service, read as a load balancer has them and not as the operator does. */
export function readAction(ingress: KubeObject | undefined): ReadonlyMap<string, number> {
  const text = ingress?.metadata.annotations?.[ACTION];
  const action: unknown = text === undefined ? undefined : JSON.parse(text);
  const config = isRecord(action) ? action['forwardConfig'] : undefined;
  const groups = listOf(isRecord(config) ? config['targetGroups'] : undefined);
  return new Map(
    groups.map(({ serviceName, weight }) => [String(serviceName), typeof weight === 'number' ? weight : 1]),
  );
}

/** Percent for the canary Service, and undefined where the action does not name it. */
export function actionPercent(ingress: KubeObject | undefined): number | undefined {
  const weights = readAction(ingress);
  const weight = weights.get(CANARY_SERVICE);
  const total = [...weights.values()].reduce((sum, one) => sum + one, 0);
  return weight === undefined || total === 0 ? undefined : (100 * weight) / total;
}

/** The Ingress with other weights in its action, by Service. */
export function withWeights(ingress: KubeObject, weights: Readonly<Record<string, number>>): KubeObject {
  const targetGroups = Object.entries(weights).map(([serviceName, weight]) => ({
    serviceName,
    servicePort: 80,
    weight,
  }));
  const text = JSON.stringify({ type: 'forward', forwardConfig: { targetGroups } });
  const annotations = { ...ingress.metadata.annotations, [ACTION]: text };
  return { ...ingress, metadata: { ...ingress.metadata, annotations } };
}
