// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { CanarySpec } from '../../api/canary.ts';
import { RolloutStatus } from '../../api/rollout-status.ts';
import type { Canary } from '../../api/kinds.ts';
import { ObjectMeta } from '../../api/object-meta.ts';
import { Reasons } from '../../api/reasons.ts';
import { describeSpecErrors } from '../../api/spec-errors.ts';
import { Traffic } from '../../api/traffic.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { TerminalError } from '../../runtime/errors.ts';

/**
 * A stored Canary with its defaults. Throws a TerminalError (InvalidSpec) that names every error of the spec at once,
 * each with field, value and limit. A field of the status that is not ours any more counts as absent. `reported`:
 * what reportedOf says of the object, where that is known already.
 */
export function parseCanary(object: KubeObject, reported = reportedOf(object)): Canary {
  const spec = CanarySpec.safeParse(object['spec']);
  const names = !spec.success && object.metadata.deletionTimestamp ? namesOnly(object['spec']) : undefined;
  if (names) return { ...identified(object, reported), spec: names };
  if (!spec.success) {
    throw new TerminalError(Reasons.InvalidSpec, describeSpecErrors(spec.error, object['spec']).join('; '));
  }
  return { ...identified(object, reported), spec: spec.data };
}

function identified(object: KubeObject, { status }: ReportedRollout): Pick<Canary, 'metadata' | 'status'> {
  return { metadata: ObjectMeta.parse(object.metadata), ...(status ? { status } : {}) };
}

/** To give everything back at a deletion the names suffice: whatever else is wrong must not stand in its way. */
function namesOnly(spec: unknown): CanarySpec | undefined {
  const { targetRef, service, traffic, replicas } = Names.safeParse(spec).data ?? {};
  const lenient = { targetRef, service, traffic, replicas, weights: [100], interval: '1s' };
  return CanarySpec.safeParse(lenient).data;
}

const Names = z.looseObject({
  targetRef: z.unknown(),
  service: z.unknown(),
  traffic: Traffic.optional().catch(undefined),
  replicas: z.int().min(0).optional().catch(undefined),
});

export type ReportedRollout = ReturnType<typeof reportedOf>;

/** The identity and the status of a stored Canary, however wrong its spec may be. */
export function reportedOf(object: KubeObject) {
  const { metadata } = object;
  const status = statusOf(object['status']);
  return {
    metadata: {
      namespace: metadata.namespace ?? '',
      name: metadata.name ?? '',
      uid: metadata.uid ?? '',
      generation: metadata.generation ?? 0,
      resourceVersion: metadata.resourceVersion ?? '',
      deleting: metadata.deletionTimestamp !== undefined,
    },
    ...(status ? { status } : {}),
  };
}

/** What can be read of a status: one field that somebody has spoilt must not make a release forget where it is. */
function statusOf(stored: unknown): RolloutStatus | undefined {
  const whole = RolloutStatus.safeParse(stored);
  if (whole.success) return whole.data;
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return undefined;
  const spoilt = new Set(whole.error.issues.map(({ path }) => path[0]));
  const sound = Object.entries(stored).filter(([field]) => !spoilt.has(field));
  return RolloutStatus.safeParse(Object.fromEntries(sound)).data;
}
