// SPDX-License-Identifier: Apache-2.0
import { FINALIZER } from '../../api/group.ts';
import type { Canary } from '../../api/kinds.ts';
import { planCleanup } from '../../engine/canary/cleanup.ts';
import { keptOfRefused } from '../../engine/canary/refused.ts';
import { plan } from '../../engine/canary/plan.ts';
import type { CanaryPlan } from '../../engine/canary/types.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { resources } from '../../kube/resources.ts';
import type { ReconcileContext } from '../../runtime/controller.ts';
import { addFinalizer, hasFinalizer, removeFinalizer } from '../../runtime/finalizer.ts';
import { done, requeueAfter, type Result } from '../../runtime/result.ts';
import { keyOf } from '../../runtime/store.ts';
import { finish } from '../finish.ts';
import { apply } from './apply.ts';
import { objectOf } from './canary-projection.ts';
import type { ConfigSnapshot } from './config-reader.ts';
import type { CanaryParts } from './parts.ts';
import { observe } from './observe.ts';
import { findPodHash } from './pod-hash.ts';
import { parseCanary, type ReportedCanary, reportedOf } from './parse.ts';

/** How long a reconcile waits for the stores to show what the last one wrote. */
const CATCH_UP_MS = 2000;

/** One look at one Canary: read, decide, act, tell. */
export async function reconcileCanary(
  parts: CanaryParts,
  key: string,
  run: ReconcileContext,
): Promise<Result> {
  const stored = parts.stores.canaries.get(key);
  if (!stored) return forget(parts, key);
  if (!(await parts.ledger.settle(key, { timeoutMs: CATCH_UP_MS, signal: run.signal })))
    return requeueAfter(CATCH_UP_MS);
  const object = objectOf(parts.stores.canaries.get(key) ?? stored);
  const reported = reportedOf(object);
  let planned: CanaryPlan | undefined;
  try {
    const canary = parseCanary(object, reported);
    if (reported.metadata.deleting) return await cleanUp(parts, { canary, object, reported });
    if (!hasFinalizer(object, FINALIZER)) return await holdOn(parts, canary, object);
    planned = look(parts, canary, await parts.config.read(canary));
    return await carryOut(parts, { canary, reported, planned });
  } catch (error) {
    const kept = planned && keptOfRefused(reported.status, planned);
    return await finish(parts.finishing, { object: reported, error, kept });
  }
}

async function holdOn(parts: CanaryParts, canary: Canary, object: KubeObject): Promise<Result> {
  const held = await addFinalizer(parts.client, {
    resource: resources.canaries,
    object,
    finalizer: FINALIZER,
  });
  if (held) parts.ledger.wrote(canary, parts.stores.canaries, held);
  return done;
}

function look(
  { clock, stores, sampler, sight }: CanaryParts,
  canary: Canary,
  config: ConfigSnapshot,
): CanaryPlan {
  const results = sampler.latest(keyOf(canary));
  const world = observe(canary, stores, { results, seenSinceMs: sight.since(), config });
  return plan(canary, world, clock.now());
}

async function carryOut(
  parts: CanaryParts,
  { canary, reported, planned }: { canary: Canary; reported: ReportedCanary; planned: CanaryPlan },
): Promise<Result> {
  const key = keyOf(canary);
  await apply(parts, canary, planned.actions);
  parts.sampler.want(key, planned.queries);
  const result = await finish(parts.finishing, { object: reported, ...planned });
  parts.telemetry.recordCanary(key, {
    before: canary.status,
    after: planned.status,
    nowMs: parts.clock.now(),
    bounds: planned.bounds,
  });
  return result;
}

async function cleanUp(
  parts: CanaryParts,
  { canary, object, reported }: { canary: Canary; object: KubeObject; reported: ReportedCanary },
): Promise<Result> {
  parts.sampler.forget(keyOf(canary));
  if (!hasFinalizer(object, FINALIZER)) return done;
  const podHash = await findPodHash(parts.client, canary, parts.stores);
  const world = observe(canary, parts.stores, { results: [], podHash, seenSinceMs: parts.sight.since() });
  const planned = planCleanup(canary, world, parts.clock.now());
  await apply(parts, canary, planned.actions);
  if (!planned.done) return finish(parts.finishing, { object: reported, events: [], ...planned });
  await removeFinalizer(parts.client, { resource: resources.canaries, object, finalizer: FINALIZER });
  return done;
}

function forget(parts: CanaryParts, key: string): Result {
  parts.sampler.forget(key);
  parts.ledger.forget(key);
  parts.telemetry.forgetCanary(key);
  return done;
}
