// SPDX-License-Identifier: Apache-2.0
import type { Change } from '../api/server.ts';
import { SERVICE } from '../cluster/names.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';
import { HEARD_AFTER_MS } from './heard.ts';
import { isClosed, isOfService, revisionOf } from './pointed.ts';

/** Whether anybody has been served yet; from then on no request is lost. */
export class Clients {
  areServed: boolean;
  private readonly world: World;
  private sinceMs = Number.POSITIVE_INFINITY;

  constructor(world: World) {
    this.world = world;
    this.areServed = world.story.setup.first === undefined;
  }

  /** At each change of where requests go. Who opens the Service for what is being judged serves nobody by that. */
  look(): void {
    const { dataPlane, pods, status, timeline } = this.world;
    const answering = [...dataPlane.served.shares.keys()].map((name) => pods.all.get(name));
    const isLetIn = status?.stable !== undefined && answering.length > 0;
    if (isLetIn || timeline.now - this.sinceMs >= HEARD_AFTER_MS) this.areServed = true;
    const isOwn = answering.some((pod) => pod?.revision === undefined);
    this.sinceMs = isOwn ? Math.min(this.sinceMs, timeline.now) : Number.POSITIVE_INFINITY;
  }
}

/**
 * A Service is closed only before anybody is served, and opened only for the version that has passed; a deletion gives
 * it back.
 */
export function checkFirst(auditor: Auditor, world: World, change: Change): void {
  const { before, after } = change;
  if (!isOfService(change) || !before || !after) return;
  const [from, to] = [revisionOf(before), revisionOf(after)];
  if (from === to) return;
  if (isClosed(after)) {
    auditor.must(
      'first',
      auditor.isExcused || !auditor.clients.areServed,
      () => `Service ${SERVICE} is closed, and its clients have been served`,
    );
  }
  if (!isClosed(before) || world.rollout?.metadata.deletionTimestamp) return;
  auditor.must(
    'first',
    auditor.isExcused || isLetIn(world, to),
    () => `Service ${SERVICE} is opened for ${to ?? 'all pods of the app'}, which has not passed`,
  );
}

/** By the status that is stored, the version has all of its steps behind it; not asked of the engine, which is judged here. */
function isLetIn({ status }: World, revision: string | undefined): boolean {
  const { stage, step, canary } = status ?? {};
  return (
    stage === 'Judging' && canary?.revision === revision && step !== undefined && step.index >= step.count
  );
}
