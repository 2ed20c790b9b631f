// SPDX-License-Identifier: Apache-2.0
import { isDeepStrictEqual } from 'node:util';
import type { Condition } from '../api/conditions.ts';
import { FIELD_MANAGER } from '../api/group.ts';
import {
  type DesiredCondition,
  failureConditions,
  getCondition,
  replaceConditions,
  type Stamp,
} from '../engine/conditions/conditions.ts';
import { toIso } from '../engine/time.ts';
import type { KubeClient } from '../kube/client.ts';
import { isConflict, KubeApiError } from '../kube/errors.ts';
import type { KubeObject } from '../kube/objects.ts';
import type { Resource } from '../kube/resources.ts';
import type { Clock } from '../runtime/clock.ts';
import type { EventRecorder } from '../runtime/event-recorder.ts';
import { errorMessage } from '../runtime/errors.ts';
import type { OwnWrites } from '../runtime/own-writes.ts';
import { done, type Result, requeueAfter } from '../runtime/result.ts';
import type { Store } from '../runtime/store.ts';
import { classifyFailure, type Failure } from './failure.ts';

/** What every kind's status has. */
export interface KindStatus {
  phase?: string | undefined;
  observedGeneration?: number | undefined;
  message?: string | undefined;
  conditions?: Condition[] | undefined;
}

/** An object whose status is ours. */
export interface Reported<S extends KindStatus> {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly generation: number;
    readonly resourceVersion: string;
  };
  readonly status?: S | undefined;
}

/** What a kind hands to finish besides the outcome. */
export interface FinishContext<S extends KindStatus> {
  readonly client: Pick<KubeClient, 'apply'>;
  readonly resource: Resource;
  readonly store: Store<unknown>;
  readonly ownWrites: OwnWrites;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
  /** What else a failure changes in the status, such as the phase. */
  readonly describeFailure?: ((status: S, failure: Failure) => S) | undefined;
}

interface PlannedEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** How a reconcile ended: with a plan that was carried out, or with an error somewhere on the way. */
export type Outcome<S extends KindStatus> =
  | {
      readonly object: Reported<S>;
      readonly status: S;
      readonly conditions: readonly DesiredCondition[];
      readonly events: readonly PlannedEvent[];
      /** Milliseconds until something is due by itself; absent: only a change matters. */
      readonly afterMs?: number | undefined;
    }
  | Failed<S>;

interface Failed<S extends KindStatus> {
  readonly object: Reported<S>;
  readonly error: unknown;
  /** What was decided and stays true although it was refused. Absent: the status stays as it is. */
  readonly kept?: { readonly status: S; readonly events: readonly PlannedEvent[] } | undefined;
}

type Told = Exclude<Failure, { kind: 'silent' }>;

/**
 * The end of every reconcile of every kind. Writes the status if it differs, then emits the events: the planned ones,
 * which a plan has only where something changed, or for a failure one Warning when its reason is new. After an error
 * the stored status stays as it is but for conditions and message. Resolves with the Result; an error that is worth
 * a back-off is thrown on after it was told.
 */
export async function finish<S extends KindStatus>(
  context: FinishContext<S>,
  outcome: Outcome<S>,
): Promise<Result> {
  return 'error' in outcome ? finishFailed(context, outcome) : finishPlanned(context, outcome);
}

async function finishPlanned<S extends KindStatus>(
  context: FinishContext<S>,
  outcome: Exclude<Outcome<S>, { error: unknown }>,
): Promise<Result> {
  const { object, afterMs } = outcome;
  const stamp = stampOf(context, object);
  const conditions = replaceConditions(object.status?.conditions ?? [], outcome.conditions, stamp);
  await writeStatus(context, object, { ...outcome.status, observedGeneration: stamp.generation, conditions });
  for (const event of outcome.events) emit(context, object, event);
  return afterMs === undefined ? done : requeueAfter(afterMs);
}

async function finishFailed<S extends KindStatus>(
  context: FinishContext<S>,
  outcome: Failed<S>,
): Promise<Result> {
  const { error } = outcome;
  const failure = classifyFailure(error);
  if (failure.kind === 'silent') throw error;
  await tellFailure(context, outcome, failure);
  switch (failure.kind) {
    case 'terminal':
      return done;
    case 'waiting':
      return requeueAfter(failure.afterMs);
    case 'transient':
      throw error;
  }
}

function failedStatus<S extends KindStatus>(context: FinishContext<S>, outcome: Failed<S>, failure: Told): S {
  const { object } = outcome;
  const stamp = stampOf(context, object);
  const needsPerson = failure.kind === 'terminal';
  const { conditions: before = [] } = object.status ?? {};
  const conditions = failureConditions(before, { ...failure, needsPerson }, stamp);
  const { message } = failure;
  const status: S = { ...(object.status as S), ...decidedBy(outcome, failure).status, message, conditions };
  // an error that comes again by itself does not mean that this generation was acted on
  status.observedGeneration =
    failure.kind === 'transient' ? object.status?.observedGeneration : stamp.generation;
  return status;
}

/** Whoever waits has not been refused. */
function decidedBy<S extends KindStatus>(
  { kept }: Failed<S>,
  { kind }: Told,
): { readonly status?: S; readonly events: readonly PlannedEvent[] } {
  return kind === 'transient' && kept ? kept : { events: [] };
}

/** In the status and by events; the Warning is new when the reason is. */
async function tellFailure<S extends KindStatus>(
  context: FinishContext<S>,
  outcome: Failed<S>,
  failure: Told,
): Promise<void> {
  const { object, error } = outcome;
  const warning = { type: 'Warning', reason: failure.reason, message: failure.message } as const;
  const status = failedStatus(context, outcome, failure);
  try {
    await writeStatus(context, object, context.describeFailure?.(status, failure) ?? status);
  } catch (cause) {
    // No apply works on an object whose types are not those of the CRD, as an older CRD may have let in.
    if (cause instanceof KubeApiError && !isConflict(cause)) emit(context, object, warning);
    throw untold(error, cause);
  }
  const isNew = getCondition(object.status?.conditions ?? [], 'Ready')?.reason !== failure.reason;
  for (const event of [...decidedBy(outcome, failure).events, ...(isNew ? [warning] : [])])
    emit(context, object, event);
}

/** Both errors matter when the second keeps the first from being told. */
function untold(error: unknown, cause: unknown): Error {
  const message = `${errorMessage(error)}; and this could not be written to the status: ${errorMessage(cause)}`;
  return new Error(message, { cause });
}

function stampOf<S extends KindStatus>(context: FinishContext<S>, object: Reported<S>): Stamp {
  return { generation: object.metadata.generation, now: toIso(context.clock.now()) };
}

async function writeStatus<S extends KindStatus>(
  { client, resource, ownWrites, store }: FinishContext<S>,
  object: Reported<S>,
  status: S,
): Promise<void> {
  const wanted = withoutAbsent(status);
  if (isDeepStrictEqual(wanted, withoutAbsent(object.status ?? {}))) return;
  const { namespace, name, uid } = object.metadata;
  const written = await client.apply<KubeObject>(
    resource,
    // with the uid, so that an object of this name that was made meanwhile is not given the old one's status
    { metadata: { namespace, name, uid }, status: wanted },
    { fieldManager: FIELD_MANAGER, force: true, subresource: 'status' },
  );
  ownWrites.record(store, written);
}

/** As it is on the wire: a field that is undefined is not there. */
export function withoutAbsent(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function emit<S extends KindStatus>(
  context: FinishContext<S>,
  object: Reported<S>,
  event: PlannedEvent,
): void {
  const { group, version, kind } = context.resource;
  const { namespace, name, uid } = object.metadata;
  context.recorder.record({
    regarding: { apiVersion: `${group}/${version}`, kind, namespace, name, uid },
    type: event.type,
    reason: event.reason,
    note: event.message,
  });
}
