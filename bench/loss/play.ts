// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { createSlots } from '../../test/faults/rig/slots.ts';
import { type Lane, type MoveName, movesAtOnce } from './lanes.ts';
import type { Options } from './options.ts';
import type { MadeMove, Phase } from './tally.ts';

/** A lane while it is played. */
export interface Stage {
  readonly lane: Lane;
  /** Makes a move; resolves when it is over. */
  readonly perform: (move: MoveName, delaySeconds: number) => Promise<void>;
  /** Between two moves: long enough that a loss which the last write causes is still seen before the next one. */
  readonly restMs: number;
  readonly made: MadeMove[];
  /** Hears what is done. */
  readonly tell: (line: string) => void;
  /** Why it makes no more moves. */
  problem?: string;
}

/** What holds for all lanes in a phase. */
interface PhaseTime {
  readonly delaySeconds: number;
  readonly isOver: () => boolean;
  /** Lets as many lanes move at once as the machine bears. */
  readonly inSlot: <T>(act: () => Promise<T>) => Promise<T>;
}

/**
 * Makes the moves of a lane in rounds until the phase is over, each at least once. A round that has begun is ended by
 * its last move, so that a phase begins where the one before began. A lane that fails keeps its clients.
 */
export async function playPhase(stage: Stage, phase: PhaseTime): Promise<void> {
  const { delaySeconds, isOver } = phase;
  const { lane } = stage;
  if (!lane.delays.includes(delaySeconds) || stage.problem !== undefined) return;
  try {
    for (let round = 0; round === 0 || !isOver(); round += 1) {
      await playRound(stage, { ...phase, isOver: () => round > 0 && isOver() });
    }
  } catch (error) {
    stage.problem = `${lane.name}: ${error instanceof Error ? error.message : String(error)}`;
    stage.tell(stage.problem.split('\n', 1)[0] ?? '');
  }
}

async function playRound(stage: Stage, phase: PhaseTime): Promise<void> {
  const { first, moves, last } = stage.lane.round;
  if (first) await make(stage, first, phase);
  for (const move of moves) {
    if (phase.isOver()) break;
    await make(stage, move, phase);
  }
  if (last) await make(stage, last, phase);
}

async function make(stage: Stage, move: MoveName, { delaySeconds, inSlot }: PhaseTime): Promise<void> {
  const { lane, made, tell, restMs } = stage;
  const { startedMs, endedMs } = await inSlot(async () => {
    const begunMs = Date.now();
    await stage.perform(move, delaySeconds);
    return { startedMs: begunMs, endedMs: Date.now() };
  });
  made.push({ move, startedMs, endedMs });
  if (lane.by !== 'hand') tell(`${lane.name}: ${move} in ${((endedMs - startedMs) / 1_000).toFixed(0)} s`);
  await delay(restMs);
}

/** One phase for each delay. Each gets its share of the requests that are still to be sent. */
export async function playPhases(
  stages: readonly Stage[],
  { requests, delays, ratePerSecond }: Pick<Options, 'requests' | 'delays'> & { ratePerSecond: number },
  { setDelay, tell }: { setDelay: (ms: number) => void; tell: (line: string) => void },
): Promise<Phase[]> {
  const phases: Phase[] = [];
  const wholeMs = (requests / ratePerSecond) * 1_000;
  const startedMs = Date.now();
  for (const [index, delaySeconds] of delays.entries()) {
    const now = Date.now();
    const endsMs = now + Math.max(0, startedMs + wholeMs - now) / (delays.length - index);
    tell(`routers are ${delaySeconds} s behind now, for ${Math.round((endsMs - now) / 1_000)} s or longer`);
    setDelay(delaySeconds * 1_000);
    phases.push({ delay: delaySeconds, startedMs: now });
    const inSlot = createSlots(movesAtOnce(delaySeconds));
    const isOver = (): boolean => Date.now() >= endsMs;
    await Promise.all(stages.map((stage) => playPhase(stage, { delaySeconds, isOver, inSlot })));
  }
  // Half a second more of each lane than there must be: what is due is not sent yet.
  const restMs = startedMs + wholeMs + 1_500 - Date.now();
  await delay(Math.max(0, restMs));
  return phases;
}
