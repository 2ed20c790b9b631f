// SPDX-License-Identifier: Apache-2.0
import { type Break, comesBackWithinMs } from '../../operator/runtime/hearing.ts';
import type { World } from './world.ts';

/** Of shorter ones others may come back unnoticed (docs/spec/canary.md, scaleDownDelay). */
const SHORTEST_BREAK_MS = 5000;

/** No call arrives for so long, and nobody hears of anything. */
export function loseApiServer(world: World, ms: number): void {
  const { timeline, faults, auditor, dataPlane, streams } = world;
  const untilMs = timeline.now + ms;
  faults.begin({ untilMs, fate: 'dropped', probability: 1 });
  for (const stream of streams) stream.break();
  auditor.noteAway(ms + lateFor(world, { fromMs: timeline.now, toMs: untilMs }));
  dataPlane.lose();
  timeline.at(untilMs, () => findApiServer(world));
}

/** It is back, or was never away: the data plane hears again, some time later. */
export function findApiServer(world: World): void {
  world.dataPlane.find((time) => lateFor(world, time));
}

/** An operator that is alone, without a Lease, and starts when all is over, cannot know that routers may be late. */
function lateFor({ story }: World, time: Break): number {
  const isKnown = time.toMs - time.fromMs >= SHORTEST_BREAK_MS && story.setup.operators > 1;
  return isKnown ? comesBackWithinMs(time) : 0;
}
