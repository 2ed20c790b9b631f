// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { isDeepStrictEqual } from 'node:util';
import { FINALIZER } from '../../api/group.ts';
import { planCleanup } from '../../engine/rollout/cleanup.ts';
import { keptOfRefused } from '../../engine/rollout/refused.ts';
import { datedAsActed } from '../../engine/rollout/acted.ts';
import { plan } from '../../engine/rollout/plan.ts';
import type { RolloutPlan } from '../../engine/rollout/types.ts';
import { isInDoubt } from '../../kube/errors.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { resources } from '../../kube/resources.ts';
import type { ReconcileContext } from '../../runtime/controller.ts';
import { TerminalError } from '../../runtime/errors.ts';
import { addFinalizer, hasFinalizer, removeFinalizer } from '../../runtime/finalizer.ts';
import { done, requeueAfter, type Result } from '../../runtime/result.ts';
import { keyOf, type Store, toKey } from '../../runtime/store.ts';
import { finish, withoutAbsent } from '../finish.ts';
import { apply } from './apply.ts';
import { objectOf, type RolloutProjection } from './rollout-projection.ts';
import type { ConfigSnapshot } from './config-reader.ts';
import type { RolloutParts } from './parts.ts';
import { hadToReadLive } from './newest.ts';
import { observe } from './observe.ts';
import { findPodHash } from './pod-hash.ts';
import type { Reading } from './read.ts';
import { requireRouter } from './require-router.ts';

/** How long a reconcile waits for the stores to show what the last one wrote. */
const CATCH_UP_MS = 2000;
const AT_ONCE = requeueAfter(0);

/** One look at one object: read, decide, act, tell. */
export async function reconcileRollout(
  parts: RolloutParts,
  key: string,
  run: ReconcileContext,
): Promise<Result> {
  const objects = objectsOf(parts);
  const stored = objects.get(key);
  if (!stored) return forget(parts, key);
  if (!(await parts.ledger.settle(key, { timeoutMs: CATCH_UP_MS, signal: run.signal })))
    return requeueAfter(CATCH_UP_MS);
  const object = objectOf(objects.get(key) ?? stored);
  const reading = parts.kind.read(object);
  let planned: RolloutPlan | undefined;
  try {
    const rollout = reading.rollout();
    const isHeld = hasFinalizer(object, FINALIZER);
    if (isHeld || !reading.metadata.deleting) requireRouter(rollout, parts.routers);
    if (reading.metadata.deleting) return await cleanUp(parts, { rollout, object, reading });
    if (!isHeld) return await holdOn(parts, rollout, object);
    const config = await parts.config.read(rollout);
    const now = parts.clock.now();
    planned = look(parts, rollout, { config, now });
    return await carryOut(parts, { rollout, reading, planned, now });
  } catch (error) {
    if (isInDoubt(error)) parts.ledger.doubt(key);
    // to tell the error is to write the status, too
    if (!(await isNewest(parts, reading))) return requeueAfter(CATCH_UP_MS);
    if (error instanceof TerminalError) parts.telemetry.stallRollout(parts.kind.kind, key);
    return await finish(parts.finishing, { object: reading, error, kept: keptOf(reading, planned) });
  }
}

function objectsOf({ kind, stores }: Pick<RolloutParts, 'kind' | 'stores'>): Store<RolloutProjection> {
  return stores[kind.resource];
}

/** What stays true of a plan although it was refused, as it is stored. */
function keptOf(reading: Reading, planned: RolloutPlan | undefined) {
  const kept = planned && keptOfRefused(reading.rollout().status, planned);
  return kept && { ...kept, status: reading.stored(kept.status) };
}

async function holdOn(parts: RolloutParts, rollout: Rollout, object: KubeObject): Promise<Result> {
  const held = await addFinalizer(parts.client, {
    resource: resources[parts.kind.resource],
    object,
    finalizer: FINALIZER,
  });
  if (held) parts.ledger.wrote(rollout, objectsOf(parts), held);
  return done;
}

function look(
  { stores, sampler, sight }: RolloutParts,
  rollout: Rollout,
  { config, now }: { config: ConfigSnapshot; now: number },
): RolloutPlan {
  const results = sampler.latest(keyOf(rollout));
  const world = observe(rollout, stores, { results, sight, config });
  return plan(rollout, world, now);
}

async function carryOut(
  parts: RolloutParts,
  {
    rollout,
    reading,
    planned,
    now,
  }: { rollout: Rollout; reading: Reading; planned: RolloutPlan; now: number },
): Promise<Result> {
  const key = keyOf(rollout);
  if (!isAtRest(rollout, planned) && (await hadToReadLive(parts, rollout))) return AT_ONCE;
  if (!(await apply(parts, rollout, planned.actions))) return AT_ONCE;
  const after = datedAsActed(planned.status, now, parts.clock.now());
  const status = reading.stored(after);
  const result = await finish(parts.finishing, { object: reading, ...planned, status });
  // not before the status names the run: the Job of a check is named after it, and must be found again
  parts.sampler.want(key, planned.queries);
  parts.telemetry.recordRollout(parts.kind.kind, key, {
    before: rollout.status,
    after,
    nowMs: parts.clock.now(),
    bounds: planned.bounds,
  });
  return result;
}

function isAtRest(rollout: Rollout, { actions, status }: RolloutPlan): boolean {
  return (
    actions.length === 0 && isDeepStrictEqual(withoutAbsent(status), withoutAbsent(rollout.status ?? {}))
  );
}

/**
 * Whether what was read is the API server's object, for a spec that names nothing that could be asked for beside it.
 * What the store holds once the answer is here does not count: it may have caught up since.
 */
async function isNewest(parts: RolloutParts, reading: Reading): Promise<boolean> {
  const { client, kind, ledger } = parts;
  const { namespace, name, resourceVersion } = reading.metadata;
  if (ledger.hasMet(toKey(namespace, name))) return true;
  const live = await client.get(resources[kind.resource], { namespace, name }, { metadataOnly: true });
  ledger.wrote(reading, objectsOf(parts), live);
  return resourceVersion === live.metadata.resourceVersion;
}

async function cleanUp(
  parts: RolloutParts,
  { rollout, object, reading }: { rollout: Rollout; object: KubeObject; reading: Reading },
): Promise<Result> {
  parts.sampler.forget(keyOf(rollout));
  if (!hasFinalizer(object, FINALIZER)) return done;
  if (await hadToReadLive(parts, rollout)) return AT_ONCE;
  const podHash = await findPodHash(parts.client, rollout, parts.stores);
  const world = observe(rollout, parts.stores, { results: [], podHash, sight: parts.sight });
  const now = parts.clock.now();
  const planned = planCleanup(rollout, world, now);
  if (!(await apply(parts, rollout, planned.actions))) return AT_ONCE;
  if (!planned.done) {
    const status = reading.stored(datedAsActed(planned.status, now, parts.clock.now()));
    return finish(parts.finishing, { object: reading, ...planned, status });
  }
  const resource = resources[parts.kind.resource];
  await removeFinalizer(parts.client, { resource, object, finalizer: FINALIZER });
  return done;
}

function forget(parts: RolloutParts, key: string): Result {
  parts.sampler.forget(key);
  parts.ledger.forget(key);
  parts.telemetry.forgetRollout(parts.kind.kind, key);
  return done;
}
