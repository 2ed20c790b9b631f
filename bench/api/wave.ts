// SPDX-License-Identifier: Apache-2.0
import { findReaction, type Reaction } from '../audit.ts';
import { forEachOf } from '../many.ts';
import { benchUser, type Observer, operatorUser } from '../observer.ts';
import { spreadOf } from '../percentiles.ts';
import { saying } from '../progress.ts';
import type { Wave } from '../results.ts';
import { until } from '../watched.ts';
import { changeImage, keyAt, nameAt } from './workload.ts';

/** As many requests at once as a pipeline or a GitOps tool might make. */
const parallel = 32;
const writtenWithinMs = 120_000;

export interface WaveOptions {
  /** Objects in all. */
  objects: number;
  /** Those that are changed, from one number to another (exclusive). They are at rest. */
  from: number;
  to: number;
}

/**
 * Changes many targets at once and takes the time from the API server's first answer to a change until the last of the
 * operator's first writes, one for each target.
 */
export async function measureWave(observer: Observer, { objects, from, to }: WaveOptions): Promise<Wave> {
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  const before = observer.writes().length;
  const reactions = new Map<number, Reaction>();
  const look = (): boolean => {
    const writes = observer.writes().slice(before);
    for (const index of indexes) {
      if (reactions.has(index)) continue;
      const found = findReaction(writes, { changedBy: benchUser, user: operatorUser, change: nameAt(index) });
      if (found) reactions.set(index, found);
    }
    return reactions.size === indexes.length;
  };
  const work = async (): Promise<void> => {
    await forEachOf(indexes, parallel, (index) => changeImage(observer.client, nameAt(index), 2));
    await until('a first write for each change', writtenWithinMs, look);
    await until('all canaries to pause', writtenWithinMs, () => indexes.every((i) => isPaused(observer, i)));
  };
  await saying(() => `${reactions.size} of ${indexes.length} first writes`, work());
  return { objects, ...waveOf([...reactions.values()]) };
}

/** What a wave came to, from the reaction to each of its changes. */
export function waveOf(reactions: readonly Reaction[]): Omit<Wave, 'objects'> {
  const changes = reactions.map(({ changedMs }) => changedMs);
  const firstMs = Math.min(...changes);
  return {
    changes: reactions.length,
    changedMs: Math.max(...changes) - firstMs,
    lastFirstWriteMs: Math.max(...reactions.map(({ writtenMs }) => writtenMs)) - firstMs,
    each: spreadOf(reactions.map(({ changedMs, writtenMs }) => writtenMs - changedMs)),
  };
}

function isPaused({ canaries }: Observer, index: number): boolean {
  const view = canaries.get(keyAt(index));
  return view?.stage === 'Stepping' && view.phase === 'Paused';
}
