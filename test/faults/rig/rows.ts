// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import type { RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import { canaryIngressName } from '../../../operator/providers/traffic/ingress/canary-ingress.ts';
import { comesBackWithinMs } from '../../../operator/runtime/hearing.ts';
import { auditLogPath } from '../../cluster/faults.ts';
import { checkAudit } from '../../e2e/audit/check.ts';
import { type AuditWrite, inNamespace, readAudit } from '../../e2e/audit/log.ts';
import type { AuditScope } from '../../e2e/audit/rules.ts';
import type { AuditRoute } from '../../e2e/audit/state.ts';
import { isPromoted } from '../../e2e/support/acts.ts';
import { canaryServiceOf } from '../../e2e/support/kinds.ts';
import type { BlueGreenSpecInput, CanarySpecInput, Mode, SpecInput } from '../../e2e/support/objects.ts';
import { clusterName, operatorUser } from '../../e2e/support/world.ts';
import type { FaultProxy } from '../proxy/proxy.ts';
import { openScene, readRoute, type Scene, until, untilAdopted } from './scene.ts';
import { createSlots } from './slots.ts';

/** One fault, and what must have become of the release when it is over. */
export interface FaultRow {
  /** As in the table of README.md, for example F27. */
  readonly id: string;
  readonly title: string;
  /** With a Canary. Default: by an Ingress; none: it is a row of a BlueGreen alone. */
  readonly modes?: readonly Mode[];
  readonly spec?: CanarySpecInput;
  /** With a BlueGreen too; by default by the selector of its Service. */
  readonly blueGreen?: { readonly modes?: readonly Mode[]; readonly spec?: BlueGreenSpecInput };
  /** Strikes while the shop is still to be adopted. */
  readonly fromTheStart?: (proxy: FaultProxy) => void;
  /** From the adopted scene, or from the start, to the end of the fault. */
  readonly strike: (scene: Scene) => Promise<void>;
  /** What must be reached within 30 s of that. Default: 1.1.0 is promoted. */
  readonly end?: (status: RolloutStatus) => boolean;
  /** The operator saw no API server for so long, so that it gives routers time to come back, too. */
  readonly outageMs?: number;
  /** Violations that are the fault itself. */
  readonly excuse?: RegExp;
  /** Other Canaries of the namespace; what is written to them alone is not part of the release. */
  readonly others?: readonly string[];
  /** What else the writes must show. */
  readonly check?: (writes: readonly AuditWrite[], scene: Scene) => void | Promise<void>;
}

/** For all rows of a file together, which begin at once and take turns. */
export const LIMIT_MS = 1_200_000;
const CONVERGED_WITHIN_MS = 30_000;
const QUIET_MS = 60_000;

/**
 * A test for each row and mode, all at the same time. After the fault: it comes to its end within 30 s, then drains, then
 * the operator writes nothing for 60 s, and of all that it wrote nothing breaks a rule of motion.
 */
export function tellRows(rows: readonly FaultRow[]): void {
  for (const row of rows) {
    for (const play of playsOf(row)) {
      const how = play.kind === 'Canary' ? play.mode : `${play.kind}, ${play.mode}`;
      it.concurrent(`${row.id} ${row.title} (${how})`, () => tell(row, play), LIMIT_MS);
    }
  }
}

/** A row with what it is played with. */
interface Play {
  readonly kind: RolloutKind;
  readonly mode: Mode;
  readonly spec?: SpecInput | undefined;
}

function playsOf({ modes = ['route'], spec, blueGreen }: FaultRow): Play[] {
  const previewed = blueGreen ? (blueGreen.modes ?? ['ratio']) : [];
  return [
    ...modes.map((mode) => ({ kind: 'Canary', mode, spec }) as const),
    ...previewed.map((mode) => ({ kind: 'BlueGreen', mode, spec: blueGreen?.spec }) as const),
  ];
}

/**
 * Plays, which cost, are few at a time; a quiet minute costs nothing, and is waited for beside the others. More at once
 * are slower together than one after the other, and miss their times.
 */
export const inTurn = createSlots(3);

async function tell(row: FaultRow, { kind, mode, spec }: Play): Promise<void> {
  const scenes: Scene[] = [];
  try {
    const scene = await inTurn(async () => {
      const opened = await openScene({
        title: `${row.id} ${row.title}`,
        kind,
        mode,
        ...(spec ? { spec } : {}),
        ...(row.fromTheStart ? { prepare: row.fromTheStart } : {}),
      });
      scenes.push(opened);
      await play(row, opened);
      return opened;
    });
    const writes = await comeToRest(scene, QUIET_MS, lateMs(row));
    const { others = [], excuse, check } = row;
    const own = writes.filter(({ resource, name }) => resource !== 'canaries' || !others.includes(name));
    expectKept(scene, own, excuse);
    await expectGivenBack(scene);
    await check?.(writes, scene);
  } finally {
    await Promise.all(scenes.map((scene) => scene.close()));
  }
}

async function play(row: FaultRow, scene: Scene): Promise<void> {
  const { fromTheStart, strike, end = isPromoted('1.1.0') } = row;
  if (!fromTheStart) await untilAdopted(scene);
  await strike(scene);
  await until(scene, 'the end', end, CONVERGED_WITHIN_MS + lateMs(row));
}

/** What the operator waits for routers after an outage, before a weight counts and before pods go. */
function lateMs({ outageMs }: FaultRow): number {
  return outageMs === undefined ? 0 : comesBackWithinMs({ fromMs: 0, toMs: outageMs });
}

/**
 * Waits until the operator has written nothing for a while; throws when it still writes after 30 s, which is many times
 * what draining takes, and as much more as draining is late.
 */
export async function comeToRest(
  { namespace, patience }: Pick<Scene, 'namespace' | 'patience'>,
  quietMs = QUIET_MS,
  drainsLateMs = 0,
): Promise<AuditWrite[]> {
  const endMs = Date.now();
  for (;;) {
    const writes = await readAudit(auditLogPath(clusterName()), inNamespace(namespace));
    const last = writes.findLast(({ user }) => user === operatorUser);
    if (last && last.atMs > endMs + CONVERGED_WITHIN_MS * patience + drainsLateMs) {
      const lateS = Math.round((last.atMs - endMs) / 1_000);
      throw new Error(
        `${lateS} s after its end: ${last.verb} ${last.resource}/${last.name} ${last.subresource}`,
      );
    }
    const leftMs = Math.max(endMs, last?.atMs ?? 0) + quietMs - Date.now();
    if (leftMs <= 0) return writes;
    await delay(leftMs);
  }
}

/** At rest the route is what the user wrote. */
async function expectGivenBack({ namespace, mode, usersRoute }: Scene): Promise<void> {
  if (usersRoute !== undefined) expect(await readRoute(namespace, mode)).toBe(usersRoute);
}

/** What carries the weight. */
const routes: Readonly<Record<Mode, AuditRoute | undefined>> = {
  route: { resource: 'ingresses', name: canaryIngressName('shop'), owned: true },
  gateway: { resource: 'httproutes', name: 'shop', owned: false },
  traefik: { resource: 'traefikservices', name: 'shop', owned: false },
  ratio: undefined,
};

/** Patches of what carries the weight in a release by way of half: 50, 100 and 0; a user's route is then given back. */
export const ROUTE_WRITES: Readonly<Record<Mode, number>> = {
  route: 3,
  gateway: 4,
  traefik: 4,
  ratio: 0,
};

/** Plural of what carries the weight. */
export function carrierOf(mode: Mode): AuditRoute['resource'] {
  const route = routes[mode];
  if (!route) throw new Error(`in the mode ${mode} no object carries the weight`);
  return route.resource;
}

/** Patches of the operator to what carries the weight. */
export function routeWrites(writes: readonly AuditWrite[], mode: Mode): number {
  return writes.filter(
    ({ user, code, resource, verb }) =>
      user === operatorUser && code < 300 && resource === routes[mode]?.resource && verb === 'patch',
  ).length;
}

/** Holds every write of the operator to the rules of motion. */
export function expectKept(
  scene: Pick<Scene, 'namespace' | 'kind' | 'mode' | 'weights' | 'scaleDownDelayMs'>,
  writes: readonly AuditWrite[],
  excuse: RegExp = /^$/,
): void {
  const { namespace, kind, mode, weights, scaleDownDelayMs } = scene;
  const route = routes[mode];
  const scope: AuditScope = {
    operator: operatorUser,
    namespace,
    canary: 'shop',
    names: {
      target: 'shop',
      service: 'shop',
      canaryService: canaryServiceOf(kind, 'shop'),
      ...(route ? { route } : {}),
    },
    weights,
    scaleDownDelayMs,
  };
  const { violations } = checkAudit(scope, writes);
  expect(violations.filter((violation) => !excuse.test(violation))).toEqual([]);
}
