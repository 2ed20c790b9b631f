// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { BLUE_GREEN } from './regressions/blue-green.ts';
import { HELD } from './regressions/held.ts';
import { MOTION } from './regressions/motion.ts';
import { PROCESSES } from './regressions/processes.ts';
import { RIVALS } from './regressions/rivals.ts';
import { play } from './story/play.ts';

describe.each([...BLUE_GREEN, ...HELD, ...MOTION, ...PROCESSES, ...RIVALS])('$what', ({ story }) => {
  it(`breaks no rule any more (seed ${story.seed})`, async () => {
    const { violation, writes } = await play(story);
    expect(violation).toBeUndefined();
    expect(writes).toBeGreaterThan(0);
  });
});
