// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import {
  allDelays,
  type Lane,
  lanes,
  leastPerSecond,
  movesAtOnce,
  rateOf,
  scaleDownDelayOf,
  settleOf,
  turnsOf,
} from './lanes.ts';

const byName = (a: Lane, b: Lane): number => a.name.localeCompare(b.name);

describe('lanes', () => {
  it('have names of their own, short enough for a namespace', () => {
    expect(new Set(lanes.map(({ name }) => name)).size).toBe(lanes.length);
    expect(lanes.filter(({ name }) => `loss-${name}`.length > 63)).toEqual([]);
  });

  it.each(allDelays)('at a delay of %d s every router is moved by Headway and by hand', (delay) => {
    const there = lanes.filter(({ delays }) => delays.includes(delay));
    for (const mode of ['gateway', 'route', 'ratio']) {
      for (const by of ['headway', 'hand']) {
        expect(there.some((lane) => lane.mode === mode && lane.by === by)).toBe(true);
      }
    }
  });

  it('have one operator at a time killed, at every delay', () => {
    const killed = lanes.filter(({ by }) => by === 'killed').flatMap(({ delays }) => delays);
    expect(killed.toSorted((a, b) => a - b)).toEqual([...allDelays]);
  });

  it('begin with the adoption and end with the deletion, where Headway moves', () => {
    for (const { by, round } of lanes) {
      expect([round.first, round.last]).toEqual(
        by === 'hand' ? [undefined, undefined] : ['adoption', 'deletion'],
      );
    }
  });

  it('never promote what no steps have brought there', () => {
    for (const { round } of lanes) {
      const at = (round.moves as readonly string[]).indexOf('promotion');
      if (at >= 0) expect(round.moves[at - 1]).toBe('canary steps');
    }
  });
});

describe('turnsOf', () => {
  it('plays each lane once, those of a router beside each other, killed ones last, with requests enough', () => {
    const turns = turnsOf(lanes);
    expect(turns.flat().toSorted(byName)).toEqual([...lanes].toSorted(byName));
    const whose = ({ by, mode }: Lane): string => (by === 'killed' ? by : mode);
    expect(turns.map((turn) => [...new Set(turn.map(whose))])).toEqual([
      ['route'],
      ['gateway'],
      ['ratio'],
      ['killed'],
    ]);
    for (const turn of turns) {
      const all = turn.reduce((sum, lane) => sum + rateOf(lane), 0);
      expect(all).toBeGreaterThanOrEqual(leastPerSecond);
      expect(all).toBeLessThan(leastPerSecond + turn.length);
    }
  });

  it('has no turn for a router that is left out', () => {
    const some = lanes.filter(({ mode, by }) => mode === 'gateway' && by === 'hand');
    expect(turnsOf(some)).toEqual([some]);
  });
});

describe('settleOf', () => {
  it.each([
    [0, 5, 10],
    [1, 6, 10],
    [3.3, 9, 10],
    [10, 15, 15],
  ])('a delay of %d s: settle %d s, scaleDownDelay %d s', (delay, settle, scaleDownDelay) => {
    expect([settleOf({}, delay), scaleDownDelayOf({}, delay)]).toEqual([settle, scaleDownDelay]);
    // the throttle of Traefik comes to the delay
    expect(settle).toBeGreaterThan(delay + 2);
  });

  it('is what a hasty lane says', () => {
    expect([settleOf({ settle: 1 }, 10), scaleDownDelayOf({ settle: 1 }, 10)]).toEqual([1, 0]);
  });
});

describe('movesAtOnce', () => {
  it('are more where each of them waits longer', () => {
    expect(allDelays.map(movesAtOnce)).toEqual([3, 4, 4, 4]);
  });
});
