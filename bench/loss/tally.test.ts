// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Second } from '../../test/apps/load-lines.ts';
import type { LossRow } from './record.ts';
import { merged, rowsOf } from './tally.ts';

const none = { non2xx: 0, refused: 0, reset: 0, eof: 0, timeout: 0, overflow: 0, other: 0 };

/** A second of ten requests, so many s after the start. */
function second(at: number, lost: Partial<Second['lost']> = {}): Second {
  return {
    t: at * 1000,
    second: at,
    due: 10,
    sent: 10,
    answered: 10,
    ok: 10,
    byVersion: {},
    appErrors: {},
    codes: {},
    p50Ms: 1,
    p99Ms: 1,
    maxLagMs: 0,
    lost: { ...none, ...lost },
    lostTotal: Object.values(lost).reduce((sum, count) => sum + count, 0),
  };
}

const lane = { by: 'headway', kind: 'Canary', mode: 'gateway' } as const;
const phases = [
  { delay: 0, startedMs: 5_000 },
  { delay: 10, startedMs: 60_000 },
];
const move = (name: string, from: number, to: number) => ({
  move: name,
  startedMs: from * 1000,
  endedMs: to * 1000,
});

function rows(
  made: ReturnType<typeof move>[],
  seconds: Second[],
): Pick<LossRow, 'move' | 'delay' | 'lost'>[] {
  return rowsOf(lane, { made, phases, seconds }).map((row) => ({
    move: row.move,
    delay: row.delay,
    lost: row.lost,
  }));
}

describe('rowsOf', () => {
  it('counts the moves, and the requests while they were made', () => {
    const made = [move('adoption', 10.2, 12), move('adoption', 30, 31)];
    const seconds = [second(9), second(10), second(11), second(30)];
    expect(rowsOf(lane, { made, phases, seconds })).toEqual([
      { ...lane, move: 'adoption', delay: 0, made: 2, sent: 30, lost: {} },
      { ...lane, move: 'at rest', delay: 0, made: 0, sent: 10, lost: {} },
    ]);
  });

  it('gives a loss to the move that was made last, also when it is seen after its end', () => {
    const made = [move('adoption', 10, 12), move('promotion', 20, 22)];
    const seconds = [second(13, { reset: 2 }), second(20, { eof: 1 }), second(33, { timeout: 3 })];
    expect(rows(made, seconds)).toEqual([
      { move: 'adoption', delay: 0, lost: { reset: 2 } },
      { move: 'promotion', delay: 0, lost: { eof: 1, timeout: 3 } },
    ]);
  });

  it('waits as long as the routers are behind', () => {
    const made = [move('adoption', 61, 62)];
    expect(rows(made, [second(82, { reset: 1 }), second(84, { eof: 1 })])).toEqual([
      { move: 'adoption', delay: 10, lost: { reset: 1 } },
      { move: 'at rest', delay: 10, lost: { eof: 1 } },
    ]);
  });

  it('calls it at rest when no move can have to do with it any more', () => {
    const made = [move('adoption', 10, 12)];
    expect(rows(made, [second(24, { reset: 1 })])).toEqual([
      { move: 'adoption', delay: 0, lost: {} },
      { move: 'at rest', delay: 0, lost: { reset: 1 } },
    ]);
  });

  it('gives a move that outlasts its phase to the one in which it began', () => {
    const made = [move('deletion', 58, 64), move('adoption', 65, 66)];
    expect(rows(made, [second(63, { reset: 1 }), second(66, { eof: 1 })])).toEqual([
      { move: 'deletion', delay: 0, lost: { reset: 1 } },
      { move: 'adoption', delay: 10, lost: { eof: 1 } },
    ]);
  });

  it('has what comes before the first phase in the first one', () => {
    expect(rows([], [second(1), second(70)])).toEqual([
      { move: 'at rest', delay: 0, lost: {} },
      { move: 'at rest', delay: 10, lost: {} },
    ]);
  });

  it('needs a phase', () => {
    expect(() => rowsOf(lane, { made: [], phases: [], seconds: [second(1)] })).toThrow('at least one phase');
  });
});

describe('merged', () => {
  it('adds what is the same move, and leaves what it was given as it is', () => {
    const row: LossRow = { ...lane, move: 'adoption', delay: 0, made: 1, sent: 10, lost: { reset: 1 } };
    const more: LossRow = { ...row, made: 2, lost: { reset: 1, eof: 4 } };
    const other: LossRow = { ...row, by: 'killed' };
    expect(merged([row, more, other])).toEqual([
      { ...row, made: 3, sent: 20, lost: { reset: 2, eof: 4 } },
      other,
    ]);
    expect(row.lost).toEqual({ reset: 1 });
  });
});
