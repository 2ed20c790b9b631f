// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { blueGreenStatusOf, rolloutStatusOf } from './slots.ts';

const status = (stable?: string, canary?: string): RolloutStatus => ({
  observedGeneration: 1,
  ...(stable ? { stable: { revision: stable } } : {}),
  ...(canary ? { canary: { revision: canary } } : {}),
});

describe('slots', () => {
  it('keep their colour while the traffic moves from one to the other', () => {
    const seen: string[] = [];
    let stored: ReturnType<typeof blueGreenStatusOf> | undefined;
    for (const [stable, canary] of [
      [undefined, undefined],
      ['aaa', undefined],
      ['aaa', 'bbb'],
      ['bbb', undefined],
      ['bbb', 'ccc'],
      ['bbb', 'ddd'],
      ['ddd', undefined],
    ]) {
      stored = blueGreenStatusOf(status(stable, canary), stored);
      const { active, preview } = stored;
      seen.push(`${active?.slot} ${active?.revision}, ${preview?.slot} ${preview?.revision}`);
    }
    expect(seen).toEqual([
      'undefined undefined, undefined undefined',
      'blue aaa, undefined undefined',
      'blue aaa, green bbb',
      'green bbb, undefined undefined',
      'green bbb, blue ccc',
      'green bbb, blue ddd',
      'blue ddd, undefined undefined',
    ]);
  });

  it('of a first version is blue, in preview as well', () => {
    const preview = blueGreenStatusOf(status(undefined, 'aaa'), undefined);
    expect(preview).toEqual({ observedGeneration: 1, preview: { slot: 'blue', revision: 'aaa' } });
    const stored = blueGreenStatusOf(status('aaa'), preview);
    expect(stored).toEqual({ observedGeneration: 1, active: { slot: 'blue', revision: 'aaa' } });
  });

  it('are no part of what plans see', () => {
    const planned = status('aaa', 'bbb');
    const stored = blueGreenStatusOf(planned, undefined);
    expect(stored).toEqual({
      observedGeneration: 1,
      active: { slot: 'blue', revision: 'aaa' },
      preview: { slot: 'green', revision: 'bbb' },
    });
    expect(rolloutStatusOf(stored)).toEqual(planned);
  });

  it('forget nothing when the traffic comes back', () => {
    const first = blueGreenStatusOf(status('aaa', 'bbb'), undefined);
    const promoted = blueGreenStatusOf(status('bbb'), first);
    const returned = blueGreenStatusOf(status('aaa'), promoted);
    expect(returned.active).toEqual({ slot: 'blue', revision: 'aaa' });
  });
});
