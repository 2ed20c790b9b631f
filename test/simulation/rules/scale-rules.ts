// SPDX-License-Identifier: Apache-2.0
import { Labels } from '../../../operator/api/group.ts';
import { resources } from '../../../operator/kube/resources.ts';
import type { Change } from '../api/server.ts';
import { replicasOf, selectorOf } from '../cluster/objects.ts';
import { SERVICE } from '../cluster/names.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';
import { drainMs } from './route-rules.ts';

/** The operator counts from its own write, the data plane follows a little later. */
const SLACK_MS = 100;

/** I3: nothing that gets requests, or did a moment ago, is scaled down. */
export function checkScale(auditor: Auditor, world: World, { write, key, before, after }: Change): void {
  if (write.resource !== resources.deployments || !before || auditor.isExcused) return;
  const [from, to] = [replicasOf(before), after ? replicasOf(after) : 0];
  const name = key.slice(key.indexOf('/') + 1);
  if (to >= from || isSplit(world, to) || to >= auditor.total) return;
  const pods = world.deployments.podsOf(name);
  const last = Math.max(...pods.map((pod) => auditor.lastServedMs.get(pod.name) ?? Number.NEGATIVE_INFINITY));
  const ago = world.timeline.now - last;
  const wanted = Math.max(0, drainMs(world) - world.dataPlane.longestMs - world.slices.slowestMs - SLACK_MS);
  auditor.must('I3', ago > 0 && ago >= wanted, () => {
    const when = ago > 0 ? `got its last request ${Math.round(ago)} ms ago` : 'gets requests';
    return `Deployment ${name}, which ${when}, is scaled from ${from} to ${to}`;
  });
}

/** Where the pods behind one Service are the split, taking some of a side away is the step itself. */
function isSplit(world: World, to: number): boolean {
  if (world.story.setup.router !== 'service' || to === 0) return false;
  const service = world.get(resources.services, SERVICE);
  return service !== undefined && selectorOf(service)[Labels.canary] !== undefined;
}
