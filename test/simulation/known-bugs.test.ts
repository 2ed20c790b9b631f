// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { KNOWN_BUGS, type KnownBug } from './known-bugs.ts';
import type { Violation } from './rules/violation.ts';
import { generateStory } from './story/generate.ts';
import { play } from './story/play.ts';
import { shrink } from './story/shrink.ts';

const MOST_SCHEDULES = 300;

async function find({
  from,
  options,
}: KnownBug): Promise<{ seed: number; violation: Violation } | undefined> {
  for (let seed = from; seed < from + MOST_SCHEDULES; seed++) {
    const { violation } = await play(generateStory(String(seed)), options);
    if (violation) return { seed, violation };
  }
  return undefined;
}

describe.each(KNOWN_BUGS)('$name ($seen)', (bug) => {
  it(`is found within ${MOST_SCHEDULES} schedules, and in a shorter story too`, async () => {
    const found = await find(bug);
    expect(bug.breaks).toContain(found?.violation.rule);
    const story = generateStory(String(found?.seed));
    const shrunk = await shrink(story, found?.violation.rule ?? '', bug.options);
    expect(shrunk.acts.length).toBeLessThanOrEqual(story.acts.length);
    expect((await play(shrunk, bug.options)).violation?.rule).toBe(found?.violation.rule);
    expect((await play(shrunk)).violation).toBeUndefined();
  }, 120_000);
});
