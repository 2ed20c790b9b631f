// SPDX-License-Identifier: Apache-2.0
import type { WorldOptions } from '../world.ts';
import { play } from './play.ts';
import type { Act, Story } from './story.ts';

const MOST_PLAYS = 300;

/** The shortest list of acts, of those that leaving some out leads to, that still breaks the same rule. */
export async function shrink(story: Story, rule: string, options: WorldOptions = {}): Promise<Story> {
  let best = story;
  let plays = 0;

  async function stillBreaks(acts: readonly Act[]): Promise<boolean> {
    if (plays++ > MOST_PLAYS) return false;
    const { violation } = await play({ ...best, acts }, options);
    return violation?.rule === rule;
  }

  for (let size = Math.ceil(best.acts.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.acts.length; ) {
      const acts = best.acts.toSpliced(from, size);
      if (await stillBreaks(acts)) best = { ...best, acts };
      else from += size;
    }
  }
  return best;
}
