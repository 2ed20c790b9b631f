// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { datedAsActed } from './acted.ts';

const PLANNED = Date.UTC(2026, 10, 21, 14, 0, 0);
const LATER = '2026-11-21T14:00:06.500Z';

function status(at: string): RolloutStatus {
  return {
    observedGeneration: 1,
    weight: { desired: 20, observed: 0, route: 20, setSince: at },
    pinned: { selector: 'revision aaa', since: at, followedSince: '2026-11-21T13:00:00.000Z' },
    step: { index: 0, count: 2, position: '1/2', hash: 'h', startedAt: at },
  };
}

describe('what a plan has dated to its own moment', () => {
  it('counts from when its writes were answered', () => {
    const before = status('2026-11-21T14:00:00.000Z');
    expect(datedAsActed(before, PLANNED, PLANNED + 6500)).toEqual({
      ...before,
      weight: { ...before.weight, setSince: LATER },
      pinned: { ...before.pinned, since: LATER },
    });
  });

  it('is left as it is where it is of an earlier moment', () => {
    const before = status('2026-11-21T13:59:59.000Z');
    expect(datedAsActed(before, PLANNED, PLANNED + 6500)).toEqual(before);
  });

  it('adds nothing to a status that tells nothing of traffic', () => {
    expect(datedAsActed({ observedGeneration: 1 }, PLANNED, PLANNED)).toEqual({ observedGeneration: 1 });
  });
});
