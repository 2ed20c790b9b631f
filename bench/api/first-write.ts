// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { findReaction, type Reaction } from '../audit.ts';
import { nullName, nullNamespace } from '../null-objects.ts';
import { benchUser, nullUser, type Observer, operatorUser } from '../observer.ts';
import { root } from '../paths.ts';
import { spreadOf } from '../percentiles.ts';
import { saying } from '../progress.ts';
import type { FirstWrite } from '../results.ts';
import { until } from '../watched.ts';
import { addNullTargets, changeImage, keyAt, type Name, nameAt } from './workload.ts';

export interface FirstWriteOptions {
  objects: number;
  /** Measured changes of each, after the warm-up. */
  changes: number;
  nullKubeconfig: string;
}

const warmUps = 10;
const writtenWithinMs = 30_000;

/**
 * Changes one target at a time, in turn one of the null operator and one of Headway, and takes the time from the API
 * server's answer to the change until the first write that follows it. Each waits until the last one has come to rest.
 */
export async function measureFirstWrite(
  observer: Observer,
  { objects, changes, nullKubeconfig }: FirstWriteOptions,
): Promise<FirstWrite> {
  const rounds = warmUps + changes;
  await addNullTargets(observer.client, rounds);
  const nullOperator = await startNullOperator(nullKubeconfig);
  const headway: Reaction[] = [];
  const floor: Reaction[] = [];
  const work = async (): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      floor.push(await reaction(observer, { namespace: nullNamespace, name: nullName(round) }, nullUser));
      headway.push(await reaction(observer, nameAt(round), operatorUser));
      await until(`${keyAt(round)} to pause`, writtenWithinMs, () => isPaused(observer, round));
    }
  };
  await saying(() => `${headway.length} of ${rounds} changes`, work());
  await endNullOperator(nullOperator);
  return {
    objects,
    headway: spreadOf(headway.slice(warmUps).map(delayMs)),
    nullOperator: spreadOf(floor.slice(warmUps).map(delayMs)),
    firstWriteIs: [...new Set(headway.map(({ verb, resource }) => `${verb} ${resource}`))].toSorted(),
  };
}

function isPaused({ canaries }: Observer, index: number): boolean {
  const view = canaries.get(keyAt(index));
  return view?.stage === 'Stepping' && view.phase === 'Paused';
}

async function reaction(observer: Observer, name: Name, user: string): Promise<Reaction> {
  const from = observer.writes().length;
  const wanted = { changedBy: benchUser, user, change: name };
  let found: Reaction | undefined;
  await changeImage(observer.client, name, 2);
  await until(`a write of ${user} after a change of ${name.name}`, writtenWithinMs, () => {
    found = findReaction(observer.writes().slice(from), wanted);
    return found !== undefined;
  });
  if (found === undefined) throw new Error('unreachable: the wait has found it');
  return found;
}

function delayMs({ changedMs, writtenMs }: Reaction): number {
  return writtenMs - changedMs;
}

async function startNullOperator(kubeconfig: string): Promise<ChildProcess> {
  const program = join(root, 'bench/null-operator/main.ts');
  const child = spawn(process.execPath, [program, kubeconfig], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the null operator ended with ${code}`);
  });
  await Promise.race([once(child.stdout, 'data'), ended]);
  return child;
}

async function endNullOperator(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
