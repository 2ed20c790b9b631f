// SPDX-License-Identifier: Apache-2.0
import { resources } from '../../../operator/kube/resources.ts';
import type { Change } from '../api/server.ts';
import { replicasOf } from '../cluster/objects.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';
import { drainMs } from './route-rules.ts';

/** The operator counts from its own write, the data plane follows a little later. */
const SLACK_MS = 100;

/**
 * I3: no pod that gets requests, or did a moment ago, is ended by a scale-down. The pods that stay may get as many as they
 * like: each pod leaves the Service by itself before its Deployment is scaled.
 */
export function checkScale(auditor: Auditor, world: World, { write, key, before, after }: Change): void {
  if (write.resource !== resources.deployments || !before || auditor.isExcused) return;
  const [from, to] = [replicasOf(before), after ? replicasOf(after) : 0];
  const name = key.slice(key.indexOf('/') + 1);
  if (to >= from) return;
  const { dataPlane, slices, timeline } = world;
  const wanted = Math.max(0, drainMs(world) - dataPlane.longestMs - slices.slowestMs - SLACK_MS);
  for (const pod of world.deployments.surplusOf(name, to)) {
    const ago = timeline.now - (auditor.lastServedMs.get(pod.name) ?? Number.NEGATIVE_INFINITY);
    auditor.must('I3', ago > 0 && ago >= wanted, () => {
      const when = ago > 0 ? `got its last request ${Math.round(ago)} ms ago` : 'gets requests';
      return `Deployment ${name} is scaled from ${from} to ${to}, which ends pod ${pod.name}, which ${when}`;
    });
  }
}
