// SPDX-License-Identifier: Apache-2.0
import { findApiServer } from '../outage.ts';
import { checkEnd } from '../rules/end.ts';
import type { Violation } from '../rules/violation.ts';
import { World, type WorldOptions } from '../world.ts';
import { perform } from './acts.ts';
import type { Story } from './story.ts';

export interface Outcome {
  readonly violation: Violation | undefined;
  readonly writes: number;
  readonly steps: number;
  readonly world: World;
}

/** A story is at rest when the operator has written nothing for so long; longer than any wait of its own. */
const REST_MS = 130_000;
/** Where two writers have fought, Headway looks again after ten minutes. */
const CONTENDED_REST_MS = 760_000;
const LONGEST_MS = 7_200_000;

/** Plays a story to its end: acts, then calm, then rest. */
export async function play(story: Story, options: WorldOptions = {}): Promise<Outcome> {
  const chance = Math.random;
  const world = new World(story, options);
  // the operator's own jitter belongs to the seed too
  const jitter = world.random.fork('jitter');
  Math.random = () => jitter.next();
  try {
    await world.begin();
    for (const act of story.acts) {
      await world.runUntil(world.startMs + act.atMs);
      if (world.violation) break;
      world.journal?.tell('story', `${act.kind} ${act.arg}`.trimEnd());
      world.auditor.disturb();
      perform(world, act);
    }
    await rest(world);
    world.auditor.mustTellNothing('/metrics', await world.metrics?.render());
  } finally {
    Math.random = chance;
    for (const operator of world.operators) operator.process.kill();
  }
  const { violation, writes, timeline } = world;
  return { violation, writes, steps: timeline.steps, world };
}

async function rest(world: World): Promise<void> {
  const { timeline, faults, prometheus, operators } = world;
  await world.runUntil(timeline.now + 1000);
  faults.end();
  findApiServer(world);
  prometheus.trouble = undefined;
  world.slices.longestMs = 200;
  world.gateways.longestMs = 400;
  for (const operator of operators) operator.calm();
  world.lastWriteMs = timeline.now;
  const latestMs = timeline.now + LONGEST_MS;
  while (!world.violation && timeline.now < world.lastWriteMs + quietMs(world)) {
    if (timeline.now > latestMs)
      world.violate('rest', `it does not come to rest: ${world.status?.phase} "${world.status?.message}"`);
    await world.runUntil(Math.min(timeline.nextMs, world.lastWriteMs + quietMs(world)));
  }
  if (!world.violation) checkEnd(world);
}

function quietMs({ status }: World): number {
  return status?.fights && Object.keys(status.fights).length > 0 ? CONTENDED_REST_MS : REST_MS;
}
