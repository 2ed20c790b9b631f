// SPDX-License-Identifier: Apache-2.0
import type { JudgedPods } from '../../engine/analysis/probe-types.ts';
import type { FindPods, FoundPods, ProbedPod } from '../../providers/probes/types.ts';
import type { PodProjection } from './pod-projection.ts';
import type { ServiceProjection } from './service-projection.ts';
import type { RolloutStores } from './stores.ts';

type Stores = Pick<RolloutStores, 'pods' | 'services'>;

/**
 * The pods that a probe may ask: ready, of the judged revision, at the address that their kubelet has reported. A Service
 * says at which port and nothing else: until a promotion it may lead to other pods alone.
 */
export function createFindPods(stores: Stores): FindPods {
  return (judged) => {
    const { namespace, canary, revision, target } = judged;
    const pods = stores.pods.byIndex('revision', `${namespace}/${canary}/${revision}`).filter(isAsked);
    if (pods.length === 0) return { none: `no pod of revision ${revision} is ready` };
    const far = pods.filter(({ onHostNetwork }) => onHostNetwork);
    const [first] = far;
    if (first) return { none: `pod ${first.name} is in the network of its node, where nothing is asked` };
    return target.kind === 'canary'
      ? { pods: pods.map((pod) => at(pod, judged.port)) }
      : atServicePort(stores, judged, { pods, service: target.service });
  };
}

function isAsked({ active, ready, address }: PodProjection): boolean {
  return active && ready && address !== undefined;
}

function at({ name, address = '' }: PodProjection, port: number): ProbedPod {
  return { name, address, port };
}

function atServicePort(
  stores: Stores,
  { namespace, port }: JudgedPods,
  { pods, service }: { readonly pods: readonly PodProjection[]; readonly service: string },
): FoundPods {
  const found = stores.services.get(`${namespace}/${service}`);
  if (!found) return { none: `there is no Service ${service}` };
  const way = found.ports.find((one) => one.port === port);
  if (!way) return { none: `Service ${service} has no port ${port}; it has ${portsOf(found)}` };
  const asked = pods.map((pod) => at(pod, targetPortOf(pod, way)));
  const unnamed = asked.find((pod) => Number.isNaN(pod.port));
  return unnamed
    ? { none: `pod ${unnamed.name} has no port named ${way.targetPort}, where Service ${service} leads` }
    : { pods: asked };
}

function portsOf({ ports }: ServiceProjection): string {
  return ports.length === 0 ? 'none' : ports.map(({ port }) => port).join(', ');
}

/** NaN where the pod has no port of the name. */
function targetPortOf(
  { ports = {} }: PodProjection,
  { port = Number.NaN, targetPort = port }: ServiceProjection['ports'][number],
): number {
  return typeof targetPort === 'number' ? targetPort : (ports[targetPort] ?? Number.NaN);
}
