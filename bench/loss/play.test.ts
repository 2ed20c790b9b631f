// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createSlots } from '../../test/faults/rig/slots.ts';
import { type Lane, lanes, type MoveName } from './lanes.ts';
import { playPhase, playPhases, type Stage } from './play.ts';

const lane: Lane = {
  ...(lanes.find(({ name }) => name === 'canary-gateway') as Lane),
  delays: [0, 10],
  round: { first: 'adoption', moves: ['canary steps', 'promotion'], last: 'deletion' },
};

function stageOf(some: Lane, perform: Stage['perform'] = async () => undefined): Stage {
  return { lane: some, perform, restMs: 0, made: [], tell: () => undefined };
}

const phaseOf = (delaySeconds: number, isOver: () => boolean) => ({
  delaySeconds,
  isOver,
  inSlot: createSlots(1),
});

const namesOf = ({ made }: Stage): string[] => made.map(({ move }) => move);
const round = ['adoption', 'canary steps', 'promotion', 'deletion'];

describe('playPhase', () => {
  it('makes each move once, however late it is', async () => {
    const stage = stageOf(lane);
    await playPhase(
      stage,
      phaseOf(0, () => true),
    );
    expect(namesOf(stage)).toEqual(round);
  });

  it('goes on until the phase is over, and ends the round that it is in', async () => {
    const stage = stageOf(lane);
    await playPhase(
      stage,
      phaseOf(0, () => stage.made.length >= 6),
    );
    expect(namesOf(stage)).toEqual([...round, 'adoption', 'canary steps', 'deletion']);
  });

  it('makes moves over and over where a round has no beginning and no end', async () => {
    const stage = stageOf({ ...lane, round: { moves: ['rolling update'] } });
    await playPhase(
      stage,
      phaseOf(0, () => stage.made.length >= 3),
    );
    expect(namesOf(stage)).toEqual(['rolling update', 'rolling update', 'rolling update']);
  });

  it('makes none at a delay that is not for this lane', async () => {
    const stage = stageOf(lane);
    await playPhase(
      stage,
      phaseOf(1, () => false),
    );
    expect(namesOf(stage)).toEqual([]);
  });

  it('tells how late the routers are', async () => {
    const told: [MoveName, number][] = [];
    await playPhase(
      stageOf({ ...lane, round: { moves: ['rolling update'] } }, async (...what) => void told.push(what)),
      phaseOf(10, () => true),
    );
    expect(told).toEqual([['rolling update', 10]]);
  });

  it('stops where a move fails, says why, and makes none in later phases', async () => {
    const stage = stageOf(lane, async (move) => {
      if (move === 'promotion') throw new Error('waited 480000 ms for the promotion\nand the status');
    });
    await playPhase(
      stage,
      phaseOf(0, () => true),
    );
    expect(namesOf(stage)).toEqual(['adoption', 'canary steps']);
    expect(stage.problem).toBe('canary-gateway: waited 480000 ms for the promotion\nand the status');
    await playPhase(
      stage,
      phaseOf(10, () => true),
    );
    expect(namesOf(stage)).toEqual(['adoption', 'canary steps']);
  });
});

describe('playPhases', () => {
  it('gives each delay its share of the requests, and waits until all of them are due', async () => {
    const delaysMs: number[] = [];
    const told: string[] = [];
    const startedMs = Date.now();
    const options = { requests: 20, ratePerSecond: 100, delays: [0, 10] };
    const stages = [stageOf({ ...lane, round: { moves: ['rolling update'] } }, async () => delay(10))];
    const phases = await playPhases(stages, options, {
      setDelay: (ms) => void delaysMs.push(ms),
      tell: (line) => void told.push(line),
    });
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(200);
    expect(delaysMs).toEqual([0, 10_000]);
    expect(phases.map((phase) => phase.delay)).toEqual([0, 10]);
    expect((phases[1]?.startedMs ?? 0) - startedMs).toBeGreaterThanOrEqual(99);
    expect(told).toEqual([
      'routers are 0 s behind now, for 0 s or longer',
      'routers are 10 s behind now, for 0 s or longer',
    ]);
  });
});
