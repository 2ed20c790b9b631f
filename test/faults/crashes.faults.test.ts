// SPDX-License-Identifier: Apache-2.0
// An operator that dies after every single write, and the one after it, through the whole life of a Canary.
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { RolloutStatus, RolloutVerb } from '../../operator/api/rollout-status.ts';
import { resources } from '../../operator/kube/resources.ts';
import type { AuditWrite } from '../e2e/audit/log.ts';
import { isAt, isPromoted, isRolledBack, readStatus, release } from '../e2e/support/acts.ts';
import type { Mode } from '../e2e/support/objects.ts';
import { waitFor } from '../e2e/support/wait.ts';
import { admin, operatorUser } from '../e2e/support/world.ts';
import type { FaultProxy } from './proxy/proxy.ts';
import {
  carrierOf,
  comeToRest,
  type FaultRow,
  inTurn,
  ROUTE_WRITES,
  routeWrites,
  tellRows,
} from './rig/rows.ts';
import { openScene, type Scene, until } from './rig/scene.ts';

/** One act of a life, and what it comes to. */
interface Act {
  readonly what: string;
  readonly play: (scene: Scene) => Promise<void>;
  readonly end: (status: RolloutStatus) => boolean;
  /** The next act waits until what goes has drained and gone: how much of that it meets would be chance. */
  readonly isLeftToRest?: true;
}

const spec = { steps: [{ setWeight: 50 }, { pause: {} }] };

const isGone = ({ observedGeneration }: RolloutStatus): boolean => observedGeneration === -1;

const life: readonly Act[] = [
  {
    what: 'the adoption',
    play: () => Promise.resolve(),
    end: ({ phase, parked }) => phase === 'Healthy' && parked === true,
  },
  { what: '1.1.0 at half', play: (scene) => release(scene, '1.1.0'), end: isAt(1, 50), isLeftToRest: true },
  {
    what: 'the promotion',
    play: (scene) => request(scene, 'promote'),
    end: isPromoted('1.1.0'),
    isLeftToRest: true,
  },
  { what: '1.2.0 at half', play: (scene) => release(scene, '1.2.0'), end: isAt(1, 50), isLeftToRest: true },
  { what: 'the rollback', play: (scene) => request(scene, 'abort'), end: isRolledBack, isLeftToRest: true },
  { what: '1.3.0 at half', play: (scene) => release(scene, '1.3.0'), end: isAt(1, 50), isLeftToRest: true },
  {
    what: 'the deletion',
    play: async ({ namespace }) => {
      await admin().delete(resources.canaries, { namespace, name: 'shop' });
    },
    end: isGone,
  },
];

/** The request alone: who answers it may die on the way. */
async function request({ namespace }: Scene, verb: RolloutVerb): Promise<void> {
  const { canary } = await readStatus(namespace);
  const annotations = { 'headway.dev/action': `${verb}/${canary?.revision ?? ''}/1` };
  const change = { patch: { metadata: { annotations } }, fieldManager: 'person' };
  await admin().mergePatch(resources.canaries, { namespace, name: 'shop' }, change);
}

const REST_MS = 6_000;

/** The operator dies when a write of its is answered, or before it has heard the answer. */
type Death = 'cutAcked' | 'cutLost';

/** Of every write but that of an event, which nothing depends on. */
function kill(proxy: FaultProxy, kind: Death): void {
  proxy.rule({ when: { verb: 'create', resource: 'events' }, fault: { kind: 'delay', ms: 0 } });
  proxy.rule({ when: { verb: 'write' }, fault: { kind } });
}

function rowOf(id: string, title: string, death: Death): FaultRow {
  return {
    id,
    title,
    modes: ['route', 'gateway', 'ratio'],
    spec,
    fromTheStart: (proxy) => kill(proxy, death),
    strike: async (scene) => {
      let lives = 1;
      for (const act of life) {
        await act.play(scene);
        lives += await reviveUntil(scene, act);
      }
      expect(lives).toBeGreaterThan(20);
    },
    end: isGone,
    // a step that is written again by a successor, which has not heard of it
    excuse: /^I8: [456] writes to/,
    check: async (writes, { mode }) => expect(countsOf(writes)).toEqual(await undisturbed(mode)),
  };
}

/** Starts the operator again as often as it dies. Answers how often. */
async function reviveUntil(scene: Scene, { what, end, isLeftToRest }: Act): Promise<number> {
  const startedMs = performance.now();
  for (let deaths = 0; ; ) {
    if (scene.proxy.isCut()) {
      await scene.restart();
      deaths += 1;
    } else if (end(await readStatus(scene.namespace)) && (!isLeftToRest || (await isStill(scene)))) {
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

const known = new Map<Mode, Promise<Record<string, number>>>();

/** The same counts of the same life without a fault; played once for each mode. */
function undisturbed(mode: Mode): Promise<Record<string, number>> {
  const counts = known.get(mode) ?? inTurn(() => playUndisturbed(mode));
  known.set(mode, counts);
  return counts;
}

async function playUndisturbed(mode: Mode): Promise<Record<string, number>> {
  const scene = await openScene({ title: 'calm', mode, spec });
  try {
    for (const { what, play, end, isLeftToRest } of life) {
      await play(scene);
      await until(scene, what, end);
      if (isLeftToRest) await comeToRest(scene, REST_MS);
    }
    return countsOf(await comeToRest(scene, 5_000));
  } finally {
    await scene.close();
  }
}

tellRows([
  {
    id: 'F04',
    title: 'a crash between the write of the route and that of the status',
    modes: ['route', 'gateway', 'traefik'],
    strike: async (scene) => {
      scene.proxy.rule({
        when: { verb: 'patch', resource: carrierOf(scene.mode) },
        fault: { kind: 'cutAcked' },
        times: 1,
      });
      await release(scene, '1.1.0');
      await waitFor({
        what: 'the crash',
        withinMs: 60_000 * scene.patience,
        probe: async () => scene.proxy.isCut() || undefined,
      });
      expect((await readStatus(scene.namespace)).weight?.observed ?? 0).toBe(0);
      await scene.restart();
    },
    // the half that its predecessor wrote is read back and not written again
    check: (writes, { mode }) => expect(routeWrites(writes, mode)).toBe(ROUTE_WRITES[mode]),
  },
  rowOf('F01', 'and F06: a crash after every write of a life', 'cutAcked'),
  rowOf('F02', 'a crash before the answer to every write of a life', 'cutLost'),
]);
