// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { ObjectMeta } from '../../api/object-meta.ts';
import { Reasons } from '../../api/reasons.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { describeSpecErrors } from '../../api/spec-errors.ts';
import { Traffic } from '../../api/traffic.ts';
import type { Rollout } from '../../engine/rollout/rollout.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { TerminalError } from '../../runtime/errors.ts';
import type { KindStatus, Reported } from '../finish.ts';

/** How objects of a kind are written, and what they come down to. */
export interface KindSchema<Spec, Status extends KindStatus> {
  readonly spec: z.ZodType<Spec>;
  readonly status: z.ZodType<Status>;
  /** What a spec needs besides the names of what it governs. */
  readonly least: object;
  rolloutOf(object: { metadata: ObjectMeta; spec: Spec; status?: Status }): Rollout;
  /** The status that is stored for what a plan says; `before` is what is stored now. */
  statusOf(planned: RolloutStatus, before: Status | undefined): Status;
}

/** A stored object of some kind: its identity and status, however wrong its spec may be, and the way to and from plans. */
export interface Reading extends Reported<KindStatus> {
  readonly metadata: Reported<KindStatus>['metadata'] & { readonly deleting: boolean };
  /**
   * The object with its defaults, as plans see it. Throws a TerminalError (InvalidSpec) that names every error of the
   * spec at once, each with field, value and limit.
   */
  rollout(): Rollout;
  /** The status to store for what a plan says. */
  stored(planned: RolloutStatus): KindStatus;
}

/** Reads objects of a kind. A field of the status that is not ours any more counts as absent. */
export function createReader<Spec, Status extends KindStatus>(
  schema: KindSchema<Spec, Status>,
): (object: KubeObject) => Reading {
  return (object) => {
    const status = soundStatus(schema.status, object['status']);
    return {
      metadata: identityOf(object),
      ...(status ? { status } : {}),
      rollout: () =>
        schema.rolloutOf({
          metadata: ObjectMeta.parse(object.metadata),
          spec: specOf(schema, object),
          ...(status ? { status } : {}),
        }),
      stored: (planned) => schema.statusOf(planned, status),
    };
  };
}

function identityOf({ metadata }: KubeObject): Reading['metadata'] {
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    generation: metadata.generation ?? 0,
    resourceVersion: metadata.resourceVersion ?? '',
    deleting: metadata.deletionTimestamp !== undefined,
  };
}

function specOf<Spec, Status extends KindStatus>(schema: KindSchema<Spec, Status>, object: KubeObject): Spec {
  const spec = schema.spec.safeParse(object['spec']);
  if (spec.success) return spec.data;
  const names = object.metadata.deletionTimestamp ? namesOnly(schema, object['spec']) : undefined;
  if (names !== undefined) return names;
  throw new TerminalError(Reasons.InvalidSpec, describeSpecErrors(spec.error, object['spec']).join('; '));
}

/** To give everything back at a deletion the names suffice: whatever else is wrong must not stand in its way. */
function namesOnly<Spec, Status extends KindStatus>(
  { spec: schema, least }: KindSchema<Spec, Status>,
  spec: unknown,
): Spec | undefined {
  const { targetRef, service, previewService, traffic, replicas } = Names.safeParse(spec).data ?? {};
  const preview = previewService === undefined ? {} : { previewService };
  return schema.safeParse({ targetRef, service, ...preview, traffic, replicas, ...least }).data;
}

const Names = z.looseObject({
  targetRef: z.unknown(),
  service: z.unknown(),
  previewService: z.looseObject({ name: z.string() }).optional().catch(undefined),
  traffic: Traffic.optional().catch(undefined),
  replicas: z.int().min(0).optional().catch(undefined),
});

/** What can be read of a status: one field that somebody has spoilt must not make a release forget where it is. */
function soundStatus<Status>(schema: z.ZodType<Status>, stored: unknown): Status | undefined {
  const whole = schema.safeParse(stored);
  if (whole.success) return whole.data;
  if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) return undefined;
  const spoilt = new Set(whole.error.issues.map(({ path }) => path[0]));
  const sound = Object.entries(stored).filter(([field]) => !spoilt.has(field));
  return schema.safeParse(Object.fromEntries(sound)).data;
}
