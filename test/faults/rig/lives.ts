// SPDX-License-Identifier: Apache-2.0
// An operator that dies after every single write, and the one after it, through a whole life.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import type { RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import type { AuditWrite } from '../../e2e/audit/log.ts';
import { readStatus } from '../../e2e/support/acts.ts';
import { resourceOf } from '../../e2e/support/kinds.ts';
import type { Mode, SpecInput } from '../../e2e/support/objects.ts';
import { admin, operatorUser } from '../../e2e/support/world.ts';
import type { FaultProxy } from '../proxy/proxy.ts';
import { comeToRest, type FaultRow, inTurn } from './rows.ts';
import { openScene, type Scene, until } from './scene.ts';

/** One act of a life, and what it comes to. */
export interface Act {
  readonly what: string;
  readonly play: (scene: Scene) => Promise<void>;
  readonly end: (status: RolloutStatus) => boolean;
  /** The next act waits until what goes has drained and gone: how much of that it meets would be chance. */
  readonly isLeftToRest?: true;
}

/** From the adoption by way of some acts to the deletion. */
export interface Life {
  readonly kind: RolloutKind;
  readonly spec: SpecInput;
  readonly acts: readonly Act[];
}

const isGone = ({ observedGeneration }: RolloutStatus): boolean => observedGeneration === -1;

const adoption: Act = {
  what: 'the adoption',
  play: () => Promise.resolve(),
  end: ({ phase, parked }) => phase === 'Healthy' && parked === true,
};

const deletion: Act = {
  what: 'the deletion',
  play: async ({ namespace, kind }) => {
    await admin().delete(resourceOf(kind), { namespace, name: 'shop' });
  },
  end: isGone,
};

const REST_MS = 6_000;

/** The operator dies when a write of its is answered, or before it has heard the answer. */
export type Death = 'cutAcked' | 'cutLost';

/** Of every write but that of an event, which nothing depends on. */
function kill(proxy: FaultProxy, kind: Death): void {
  proxy.rule({ when: { verb: 'create', resource: 'events' }, fault: { kind: 'delay', ms: 0 } });
  proxy.rule({ when: { verb: 'write' }, fault: { kind } });
}

/** What a row of a life plays; how it is played is said beside it. */
export function crashesIn(
  life: Life,
  death: Death,
): Pick<FaultRow, 'fromTheStart' | 'strike' | 'end' | 'excuse' | 'check'> {
  return {
    fromTheStart: (proxy) => kill(proxy, death),
    strike: async (scene) => {
      let lives = 1;
      for (const act of wholeOf(life)) {
        await act.play(scene);
        lives += await reviveUntil(scene, act);
      }
      expect(lives).toBeGreaterThan(20);
    },
    end: isGone,
    // a step that is written again by a successor, which has not heard of it
    excuse: /^I8: [456] writes to/,
    check: async (writes, { mode }) => expect(countsOf(writes)).toEqual(await undisturbed(life, mode)),
  };
}

function wholeOf({ acts }: Life): readonly Act[] {
  return [adoption, ...acts, deletion];
}

/** Starts the operator again as often as it dies. Answers how often. */
async function reviveUntil(scene: Scene, { what, end, isLeftToRest }: Act): Promise<number> {
  const startedMs = performance.now();
  for (let deaths = 0; ; ) {
    if (scene.proxy.isCut()) {
      await scene.restart();
      deaths += 1;
    } else if (
      end(await readStatus(scene.namespace, scene.kind)) &&
      (!isLeftToRest || (await isStill(scene)))
    ) {
      return deaths;
    }
    if (performance.now() - startedMs > 120_000 * scene.patience) {
      throw new Error(`${deaths} lives were not enough for ${what}`);
    }
    await delay(50);
  }
}

/** Nobody has died for longer than draining takes. */
async function isStill({ proxy, patience }: Scene): Promise<boolean> {
  const since = performance.now();
  while (performance.now() - since < REST_MS * patience) {
    if (proxy.isCut()) return false;
    await delay(50);
  }
  return true;
}

/** How often each object but the status was written, by what kind of write. */
function countsOf(writes: readonly AuditWrite[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { user, code, verb, resource, subresource, name } of writes) {
    if (user !== operatorUser || code >= 300 || resource === 'events' || subresource === 'status') continue;
    const key = `${verb} ${resource}/${resource === 'pods' ? name.replace(/(-[^-]+){2}$/, '') : name}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => a.localeCompare(b)));
}

const known = new Map<string, Promise<Record<string, number>>>();

/** The same counts of the same life without a fault; played once for each kind and mode. */
function undisturbed(life: Life, mode: Mode): Promise<Record<string, number>> {
  const key = `${life.kind} ${mode}`;
  const counts = known.get(key) ?? inTurn(() => playUndisturbed(life, mode));
  known.set(key, counts);
  return counts;
}

async function playUndisturbed(life: Life, mode: Mode): Promise<Record<string, number>> {
  const { kind, spec } = life;
  const scene = await openScene({ title: 'calm', kind, mode, spec });
  try {
    for (const { what, play, end, isLeftToRest } of wholeOf(life)) {
      await play(scene);
      await until(scene, what, end);
      if (isLeftToRest) await comeToRest(scene, REST_MS);
    }
    return countsOf(await comeToRest(scene, 5_000));
  } finally {
    await scene.close();
  }
}
