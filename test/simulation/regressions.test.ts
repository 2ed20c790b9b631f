// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { REGRESSIONS } from './regressions.ts';
import { play } from './story/play.ts';

describe.each(REGRESSIONS)('$what', ({ story }) => {
  it(`breaks no rule any more (seed ${story.seed})`, async () => {
    const { violation, writes } = await play(story);
    expect(violation).toBeUndefined();
    expect(writes).toBeGreaterThan(0);
  });
});
