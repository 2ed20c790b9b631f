// SPDX-License-Identifier: Apache-2.0
import { halfOf } from '../../../operator/engine/rollout/capacity.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { isEqual } from '../api/json.ts';
import type { Change } from '../api/server.ts';
import { CANARY_SERVICE, SERVICE } from '../cluster/names.ts';
import { NAMESPACE, selectorOf } from '../cluster/objects.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';
import { readyPods, revisionOf } from './route-rules.ts';

/**
 * I4 of a switch by the selector: once there is an active revision the Service is pointed from one revision to another
 * and at nothing in between, and to one that has all of its pods; a return makes do with half of them, as a rollback does.
 */
export function checkSwitch(auditor: Auditor, world: World, { write, key, before, after }: Change): void {
  const { blueGreen, router } = world.story.setup;
  if (!blueGreen || router !== 'service' || key !== `${NAMESPACE}/${SERVICE}`) return;
  if (write.resource !== resources.services || !before || !after || auditor.isExcused) return;
  if (isEqual(selectorOf(before), selectorOf(after)) || isBesideReleases(world)) return;
  const revision = revisionOf(after);
  auditor.must(
    'I4',
    revision !== undefined,
    () => `Service ${SERVICE} is made to name ${JSON.stringify(selectorOf(after))}, which is no revision`,
  );
  if (revision === revisionOf(before)) return;
  const isReturn = world.status?.stage === 'Returning';
  const whole = isReturn ? halfOf(auditor.leastTotal) : auditor.leastTotal;
  const ready = readyPods(world, SERVICE);
  auditor.must(
    'I4',
    ready >= whole,
    () => `Service ${SERVICE} is switched to revision ${revision}, which has ${ready} of ${whole} ready pods`,
  );
}

/** In the adoption and in a deletion the Service also finds the pods of the user's own Deployment. */
function isBesideReleases({ rollout, status }: World): boolean {
  return !status?.stable || rollout?.metadata.deletionTimestamp !== undefined;
}

/** Whoever asks the preview Service finds a pod, from the first one on and until a deletion. */
export function checkPreviewClients(auditor: Auditor, world: World): void {
  const { preview } = world.dataPlane.served;
  if (!preview || !world.rollout || isBesideReleases(world)) return;
  const isExcused = auditor.isPreviewExcused || auditor.total === 0;
  auditor.must(
    'preview',
    preview.length > 0 || isExcused,
    () => `who asks Service ${CANARY_SERVICE} finds no pod`,
  );
}
