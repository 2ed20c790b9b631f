// SPDX-License-Identifier: Apache-2.0
import { halfOf } from '../../../operator/engine/rollout/capacity.ts';
import { isEqual } from '../api/json.ts';
import type { Change } from '../api/server.ts';
import { CANARY_SERVICE, SERVICE } from '../cluster/names.ts';
import { selectorOf } from '../cluster/objects.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';
import { isOfService, revisionOf } from './pointed.ts';
import { readyPods } from './route-rules.ts';

/**
 * I4 of a switch by the selector: once there is an active revision the Service is pointed from one revision to another
 * and at nothing in between, and to one that has all of its pods; a return makes do with half of them, as a rollback does.
 */
export function checkSwitch(auditor: Auditor, world: World, change: Change): void {
  const { before, after } = change;
  if (!before || !after || !isOfSwitch(world, change) || isBesideReleases(world) || auditor.isExcused) return;
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

/** It is the selector that moves the traffic of a BlueGreen. */
function isOfSwitch({ story }: World, change: Change): boolean {
  const { before, after } = change;
  const { blueGreen, router } = story.setup;
  if (!blueGreen || router !== 'service' || !before || !after) return false;
  return isOfService(change) && !isEqual(selectorOf(before), selectorOf(after));
}

/** In the adoption and in a deletion the Service also finds the pods of the user's own Deployment. */
function isBesideReleases({ rollout, status }: World): boolean {
  return !status?.stable || rollout?.metadata.deletionTimestamp !== undefined;
}

/** Whoever asks the preview Service finds a pod from the first one on and until a deletion, and none that Headway had end. */
export function checkPreviewClients(auditor: Auditor, world: World): void {
  const { preview } = world.dataPlane.served;
  if (!preview || !world.rollout || isBesideReleases(world)) return;
  const isExcused = auditor.isPreviewExcused || auditor.total === 0;
  const ended = preview.find((name) => isEnded(world, name));
  auditor.must(
    'preview',
    isExcused || (preview.length > 0 && ended === undefined),
    () =>
      `who asks Service ${CANARY_SERVICE} finds ${ended ?? 'no pod'}${ended ? ', which Headway had end' : ''}`,
  );
}

function isEnded({ pods }: World, name: string): boolean {
  const pod = pods.all.get(name) ?? pods.gone.get(name);
  return pod !== undefined && !pod.isServing && pod.blame === 'headway';
}
