// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../../operator/api/reasons.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { selectorOf } from '../cluster/objects.ts';
import { SERVICE } from '../cluster/names.ts';
import { readyPodsOf } from '../cluster/pods.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';

/** Once somebody is served, no request goes to a Service without a pod. */
export function checkNowhere(auditor: Auditor, world: World): void {
  for (const service of world.dataPlane.served.nowhere) {
    auditor.must(
      'lost',
      auditor.isExcused ||
        !auditor.clients.areServed ||
        auditor.total === 0 ||
        isRolledAway(world) ||
        isHeldNow(auditor, world, service),
      () => `requests to Service ${service} find no pod`,
    );
  }
}

/**
 * A deletion names the pods of one ReplicaSet for a while; a template that changes just then, while the operator is
 * away, has them replaced, and the new ones are not named. See docs/adr/0008.
 */
function isRolledAway(world: World): boolean {
  const service = world.get(resources.services, SERVICE);
  const hash = service && selectorOf(service)['pod-template-hash'];
  return hash !== undefined && !world.deployments.isNewest('web', hash);
}

function isHeldNow(auditor: Auditor, world: World, name: string): boolean {
  const service = world.get(resources.services, name);
  return service !== undefined && isLeftToOthers(auditor, world, service);
}

/** Somebody else has pointed it at no pod, and Headway says that it holds instead of fighting on (docs/adr/0024). */
export function isLeftToOthers(auditor: Auditor, world: World, service: KubeObject): boolean {
  const { status } = world;
  const isHeld = status?.conditions?.some(({ reason }) => reason === Reasons.Contended) === true;
  const isTaken = auditor.selectors.isTaken(service.metadata.name ?? '');
  return isHeld && isTaken && readyPodsOf(world.server, service) === 0;
}
