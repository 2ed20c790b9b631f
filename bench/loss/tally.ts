// SPDX-License-Identifier: Apache-2.0
import type { Second } from '../../test/apps/load-lines.ts';
import type { Lane } from './lanes.ts';
import type { LossRow } from './record.ts';

/** A move that was made. Times in ms since the epoch. */
export interface MadeMove {
  readonly move: string;
  readonly startedMs: number;
  readonly endedMs: number;
}

export interface Phase {
  readonly delay: number;
  readonly startedMs: number;
}

/** A loss is seen when it is over: when the time limit of a request has passed after the routers have heard of the move. */
const lateMs = 11_000;

export const atRest = 'at rest';

/**
 * Rows of a lane: its seconds, each given to the move that was made last and is not long over, in the phase in which that
 * move began. What comes before the first phase counts as the first one.
 */
export function rowsOf(
  lane: Pick<Lane, 'by' | 'kind' | 'mode'>,
  played: { made: readonly MadeMove[]; phases: readonly Phase[]; seconds: readonly Second[] },
): LossRow[] {
  const { made, phases, seconds } = played;
  const { by, kind, mode } = lane;
  const rows = new Map<string, LossRow>();
  const rowOf = (move: string, atMs: number): LossRow => {
    const phase = phases.findLast(({ startedMs }) => startedMs <= atMs) ?? phases[0];
    if (!phase) throw new Error('a run has at least one phase');
    const key = `${move} ${phase.delay}`;
    const row = rows.get(key) ?? { by, kind, mode, move, delay: phase.delay, made: 0, sent: 0, lost: {} };
    rows.set(key, row);
    return row;
  };
  for (const { move, startedMs } of made) rowOf(move, startedMs).made += 1;
  for (const second of seconds) {
    const current = made.findLast(({ startedMs }) => startedMs < second.t + 1000);
    const row = current && rowOf(current.move, current.startedMs);
    const isNear = current && row && second.t <= current.endedMs + lateMs + row.delay * 1000;
    count(isNear ? row : rowOf(atRest, second.t), second);
  }
  return [...rows.values()];
}

function count(row: LossRow, { sent, lost }: Pick<Second, 'sent' | 'lost'>): void {
  row.sent += sent;
  for (const [kind, number] of Object.entries(lost)) {
    if (number > 0) row.lost[kind] = (row.lost[kind] ?? 0) + number;
  }
}

/** Rows of the same move of several lanes, added. */
export function merged(all: readonly LossRow[]): LossRow[] {
  const sums = new Map<string, LossRow>();
  for (const row of all) {
    const key = JSON.stringify([row.by, row.kind, row.mode, row.move, row.delay]);
    const sum = sums.get(key);
    if (!sum) {
      sums.set(key, { ...row, lost: { ...row.lost } });
      continue;
    }
    sum.made += row.made;
    sum.sent += row.sent;
    for (const [kind, number] of Object.entries(row.lost)) sum.lost[kind] = (sum.lost[kind] ?? 0) + number;
  }
  return [...sums.values()];
}
