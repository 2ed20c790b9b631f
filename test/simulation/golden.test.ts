// SPDX-License-Identifier: Apache-2.0
// GOLDEN=write writes the logs anew; read what has changed in them before you commit it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { GOLDEN_STORIES } from './golden-stories.ts';
import { play } from './story/play.ts';

describe.each(Object.entries(GOLDEN_STORIES))('the story "%s"', (name, story) => {
  it('goes as its log tells it, and keeps every rule', async () => {
    const { violation, world } = await play(story, { isTold: true });
    const told = `${world.journal?.lines.join('\n')}\n`;
    const path = join(import.meta.dirname, 'golden', `${name}.txt`);
    if (process.env['GOLDEN'] === 'write') writeFileSync(path, told);
    expect(violation).toBeUndefined();
    expect(told).toBe(readFileSync(path, 'utf8'));
  });

  it('goes the same way each time', async () => {
    const [one, other] = [await play(story, { isTold: true }), await play(story, { isTold: true })];
    expect(one.world.journal?.lines).toEqual(other.world.journal?.lines);
  });
});
