// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { fromIso } from '../time.ts';
import { withoutFuture } from './set-back.ts';

const NOW = '2026-11-21T14:00:00.000Z';
const BEFORE = '2026-11-21T13:59:59.999Z';
const AFTER = '2026-11-21T14:00:00.001Z';
const LATER = '2026-11-21T16:00:00.000Z';

function statusAt(since: string): RolloutStatus {
  return {
    observedGeneration: 1,
    stage: 'Stepping',
    step: { index: 1, count: 4, position: '2/4', hash: 'h', startedAt: since, waitingSince: since },
    weight: { desired: 20, observed: 20, route: 20, setSince: since },
    pinned: { selector: 'revision aaa', since },
    pause: { by: 'User', since },
  };
}

describe('a status written by a clock', () => {
  it.each([
    ['that was right', BEFORE, BEFORE],
    ['that shows this very moment', NOW, NOW],
    ['that was a little ahead', AFTER, NOW],
    ['that was two hours ahead', LATER, NOW],
  ])('%s', (_what, written, read) => {
    expect(withoutFuture(statusAt(written), fromIso(NOW))).toEqual(statusAt(read));
  });

  it.each([
    ['nothing has begun', { observedGeneration: 1 }],
    ['a weight of unknown age', { observedGeneration: 1, weight: { desired: 0, observed: 0 } }],
    [
      'a step that waits for nothing',
      {
        observedGeneration: 1,
        step: { index: 0, count: 1, position: '1/1', hash: 'h', startedAt: BEFORE },
      },
    ],
  ])('in which %s stays as it is', (_what, status) => {
    expect(withoutFuture(status, fromIso(NOW))).toEqual(status);
  });
});
