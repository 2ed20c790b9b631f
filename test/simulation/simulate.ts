// SPDX-License-Identifier: Apache-2.0
import { generateStory, mixedSeed } from './story/generate.ts';
import { play } from './story/play.ts';
import { shrink } from './story/shrink.ts';
import { actText, clockText, type Story } from './story/story.ts';

export interface Simulation {
  readonly count: number;
  /** Where the seeds begin. Default: two Canaries, a BlueGreen and a first version in turn, each from the first seed of its range. */
  readonly from?: number | undefined;
  /** No new story after so long, in ms. Default: as long as it takes. */
  readonly budgetMs?: number | undefined;
  readonly say: (line: string) => void;
}

const PROGRESS_MS = 10_000;
/** Lines of the journal that lead to a violation. */
const TOLD_LINES = 60;

/** Plays stories; says how many, and of each that breaks a rule the seed and the shrunk story. Returns how many did. */
export async function simulate(simulation: Simulation): Promise<number> {
  const { count, from, budgetMs = Number.POSITIVE_INFINITY, say } = simulation;
  const startMs = performance.now();
  let [played, writes, failed, toldMs] = [0, 0, 0, startMs];
  while (played < count && performance.now() - startMs < budgetMs) {
    const story = generateStory(from === undefined ? mixedSeed(played) : String(from + played));
    const outcome = await play(story);
    played += 1;
    writes += outcome.writes;
    if (outcome.violation) {
      failed += 1;
      await report(story, outcome.violation.rule, say);
    }
    // lets the process hear of signals
    if (played % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (performance.now() - toldMs < PROGRESS_MS) continue;
    toldMs = performance.now();
    say(`${played} of ${count} schedules, ${writes} writes, ${failed} violations`);
  }
  const perMinute = Math.round((played * 60_000) / (performance.now() - startMs));
  say(
    `simulated ${played} schedules, ${writes} writes, ${failed} violations (${perMinute} schedules a minute)`,
  );
  return failed;
}

/** Plays one story and tells it from beginning to end. Returns how many rules were broken: 0 or 1. */
export async function tellOne(seed: string, say: (line: string) => void): Promise<number> {
  const story = generateStory(seed);
  const { violation, writes, world } = await play(story, { isTold: true });
  say(`setup ${JSON.stringify(story.setup)}`);
  for (const line of world.journal?.lines ?? []) say(line);
  if (violation) await report(story, violation.rule, say);
  say(`simulated 1 schedule, ${writes} writes, ${violation ? 1 : 0} violations`);
  return violation ? 1 : 0;
}

async function report(story: Story, rule: string, say: (line: string) => void): Promise<void> {
  const shrunk = await shrink(story, rule);
  const { violation, world } = await play(shrunk, { isTold: true });
  say(`\nSEED=${story.seed} breaks ${rule} at ${clockText(violation?.atMs ?? 0)}: ${violation?.message}`);
  say(`  setup ${JSON.stringify(shrunk.setup)}`);
  say(`  acts ${JSON.stringify(shrunk.acts)}`);
  for (const act of shrunk.acts) say(`  ${actText(act)}`);
  for (const line of world.journal?.lines.slice(-TOLD_LINES) ?? []) say(`    ${line}`);
}
