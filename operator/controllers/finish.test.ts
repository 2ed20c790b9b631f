// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Condition } from '../api/conditions.ts';
import type { KubeClient } from '../kube/client.ts';
import { decodeApiError, KubeConnectionError } from '../kube/errors.ts';
import { resources } from '../kube/resources.ts';
import { createStore } from '../runtime/create-store.ts';
import { TerminalError, WaitingError } from '../runtime/errors.ts';
import type { RecordedEvent } from '../runtime/recorded-event.ts';
import { createFakeClock } from '../runtime/fake-clock.ts';
import { createOwnWrites } from '../runtime/own-writes.ts';
import { done } from '../runtime/result.ts';
import { type FinishContext, finish, type KindStatus, type Reported } from './finish.ts';

interface Status extends KindStatus {
  phase?: string;
  step?: number | undefined;
}

const NOW = '2026-01-01T00:00:00.000Z';
const EARLIER = '2025-12-31T00:00:00.000Z';

let applied: { object: Record<string, unknown>; options: object }[];
let events: RecordedEvent[];
let context: FinishContext<Status>;
let refuse: Error | undefined;

beforeEach(() => {
  applied = [];
  events = [];
  refuse = undefined;
  const clock = createFakeClock();
  const client = {
    async apply(_: unknown, object: Record<string, unknown>, options: object) {
      if (refuse) throw refuse;
      applied.push({ object, options });
      return { ...object, metadata: { namespace: 'shop', name: 'web', uid: 'u1', resourceVersion: '8' } };
    },
  } as unknown as Pick<KubeClient, 'apply'>;
  context = {
    client,
    resource: resources.canaries,
    store: createStore<unknown>({ name: 'canaries', project: () => null, onError: () => undefined }),
    ownWrites: createOwnWrites(clock),
    recorder: { record: (event) => void events.push(event) },
    clock,
    describeFailure: (status, failure) =>
      failure.kind === 'terminal' ? { ...status, phase: 'Invalid' } : status,
  };
});

function object(status?: Status): Reported<Status> {
  const metadata = { namespace: 'shop', name: 'web', uid: 'u1', generation: 3, resourceVersion: '7' };
  return { metadata, status };
}

function condition(type: string, parts: Partial<Condition> = {}): Condition {
  const base = { status: 'True', reason: 'Succeeded', message: 'all is well' } as const;
  return { type, ...base, lastTransitionTime: EARLIER, observedGeneration: 3, ...parts };
}

const ready = { type: 'Ready', status: 'True', reason: 'Succeeded', message: 'all is well' } as const;

describe('a plan that was carried out', () => {
  it('writes the whole status by server-side apply, for this object and no other of its name', async () => {
    const status = { phase: 'Healthy', step: undefined };

    await finish(context, { object: object(), status, conditions: [ready], events: [] });

    expect(applied).toEqual([
      {
        object: {
          metadata: { namespace: 'shop', name: 'web', uid: 'u1' },
          status: {
            phase: 'Healthy',
            observedGeneration: 3,
            conditions: [{ ...ready, lastTransitionTime: NOW, observedGeneration: 3 }],
          },
        },
        options: { fieldManager: 'headway', force: true, subresource: 'status' },
      },
    ]);
    expect(context.ownWrites.isCaughtUp(context.store, 'shop/web')).toBe(false);
  });

  it('writes nothing when nothing differs', async () => {
    const stored = { conditions: [condition('Ready')], observedGeneration: 3, phase: 'Healthy' };

    await finish(context, {
      object: object(stored),
      status: { phase: 'Healthy', step: undefined },
      conditions: [ready],
      events: [],
    });

    expect(applied).toEqual([]);
    expect(context.ownWrites.isCaughtUp(context.store, 'shop/web')).toBe(true);
  });

  it.each<[string, Status, Status]>([
    ['a field changes', { phase: 'Paused' }, { phase: 'Healthy' }],
    ['a field goes', { phase: 'Healthy', step: 3 }, { phase: 'Healthy' }],
    ['a field comes', {}, { phase: 'Healthy' }],
    ['the generation was another', { phase: 'Healthy', observedGeneration: 2 }, { phase: 'Healthy' }],
  ])('writes when %s', async (_, before, status) => {
    const stored = { observedGeneration: 3, conditions: [condition('Ready')], ...before };

    await finish(context, { object: object(stored), status, conditions: [ready], events: [] });

    expect(applied).toHaveLength(1);
  });

  it('drops conditions that the plan no longer has, and keeps the times of the others', async () => {
    const stored = { conditions: [condition('Ready'), condition('Paused')] };

    await finish(context, { object: object(stored), status: {}, conditions: [ready], events: [] });

    expect(applied[0]?.object['status']).toMatchObject({ conditions: [condition('Ready')] });
  });

  it('emits the planned events once the status is stored, and not before', async () => {
    const planned = [{ type: 'Normal' as const, reason: 'Promoted', message: 'all traffic on 1.5.0' }];
    const outcome = { object: object(), status: {}, conditions: [ready], events: planned };
    refuse = new Error('no');
    await expect(finish(context, outcome)).rejects.toThrow('no');
    expect(events).toEqual([]);

    refuse = undefined;
    await finish(context, outcome);

    expect(events).toEqual([
      {
        regarding: {
          apiVersion: 'headway.dev/v1alpha1',
          kind: 'Canary',
          namespace: 'shop',
          name: 'web',
          uid: 'u1',
        },
        type: 'Normal',
        reason: 'Promoted',
        note: 'all traffic on 1.5.0',
      },
    ]);
  });

  it.each([
    [undefined, done],
    [0, { kind: 'requeue', afterMs: 0 }],
    [30_000, { kind: 'requeue', afterMs: 30_000 }],
  ])('afterMs %s', async (afterMs, expected) => {
    const outcome = { object: object(), status: {}, conditions: [ready], events: [], afterMs };

    expect(await finish(context, outcome)).toEqual(expected);
  });
});

describe('an error', () => {
  const stored: Status = {
    phase: 'Progressing',
    step: 2,
    message: 'step 3 of 6',
    observedGeneration: 2,
    conditions: [condition('Ready', { status: 'False', reason: 'Progressing' }), condition('Reconciling')],
  };
  const error = new TerminalError('InvalidSpec', 'spec.steps: is required');

  it('that only a person can help with: Stalled, the rest of the status kept, no requeue', async () => {
    const result = await finish(context, { object: object(stored), error });

    expect(result).toBe(done);
    const told = { reason: 'InvalidSpec', message: 'spec.steps: is required', observedGeneration: 3 };
    expect(applied[0]?.object['status']).toEqual({
      phase: 'Invalid',
      step: 2,
      message: 'spec.steps: is required',
      observedGeneration: 3,
      conditions: [
        { type: 'Ready', status: 'False', ...told, lastTransitionTime: EARLIER },
        { type: 'Stalled', status: 'True', ...told, lastTransitionTime: NOW },
      ],
    });
    expect(events).toMatchObject([
      { type: 'Warning', reason: 'InvalidSpec', note: 'spec.steps: is required' },
    ]);
  });

  it('is told once: the same again writes and emits nothing', async () => {
    await finish(context, { object: object(stored), error });
    const after = applied[0]?.object['status'] as Status;

    await finish(context, { object: object(after), error });

    expect(applied).toHaveLength(1);
    expect(events).toHaveLength(1);
  });

  it('that waits: Reconciling, and again after its own time', async () => {
    const waiting = new WaitingError('TargetNotFound', 'Deployment web does not exist', 30_000);

    const result = await finish(context, { object: object(stored), error: waiting });

    expect(result).toEqual({ kind: 'requeue', afterMs: 30_000 });
    const status = applied[0]?.object['status'] as Status;
    expect(status.conditions?.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      'Ready TargetNotFound',
      'Reconciling TargetNotFound',
    ]);
    expect(status).toMatchObject({ phase: 'Progressing', observedGeneration: 3 });
  });

  it('that may pass: told, thrown on, and the generation not taken for acted on', async () => {
    const body = JSON.stringify({ kind: 'Status', message: 'no' });
    const forbidden = decodeApiError(
      { verb: 'jsonPatch', resource: resources.services, namespace: 'shop' },
      { status: 403, body },
    );

    await expect(finish(context, { object: object(stored), error: forbidden })).rejects.toBe(forbidden);

    const status = applied[0]?.object['status'] as Status;
    expect(status).toMatchObject({
      phase: 'Progressing',
      step: 2,
      observedGeneration: 2,
      message: 'may not patch services in namespace shop: no',
    });
    expect(events).toMatchObject([{ type: 'Warning', reason: 'Forbidden' }]);
  });

  it('with something decided keeps that beside the reason, and tells its events first', async () => {
    const forbidden = decodeApiError(
      { verb: 'create', resource: resources.deployments },
      { status: 403, body: '' },
    );
    const told = { type: 'Normal' as const, reason: 'NewRevisionDetected', message: '2.0 found' };
    const kept = { status: { phase: 'Progressing', step: 1 }, events: [told] };

    await expect(finish(context, { object: object(stored), error: forbidden, kept })).rejects.toBe(forbidden);

    expect(applied[0]?.object['status']).toMatchObject({
      step: 1,
      message: 'may not create deployments.apps: HTTP 403',
    });
    expect(events.map(({ reason }) => reason)).toEqual(['NewRevisionDetected', 'Forbidden']);
  });

  it('that says nothing about the object is only thrown on', async () => {
    const away = new KubeConnectionError('timeout', { verb: 'get' }, new Error('x'));

    await expect(finish(context, { object: object(stored), error: away })).rejects.toBe(away);

    expect(applied).toEqual([]);
    expect(events).toEqual([]);
  });

  it('that cannot be told keeps both sentences', async () => {
    refuse = new Error('status is forbidden');

    await expect(finish(context, { object: object(stored), error })).rejects.toThrow(
      'spec.steps: is required; and this could not be written to the status: status is forbidden',
    );
    expect(events).toEqual([]);
  });

  it.each([
    [500, 'failed to create typed live object', 1],
    [409, 'the object has been modified', 0],
  ])('that cannot be told because of a %i (%s) leaves %i events', async (status, message, count) => {
    const body = JSON.stringify({
      kind: 'Status',
      code: status,
      reason: status === 409 ? 'Conflict' : '',
      message,
    });
    refuse = decodeApiError({ verb: 'apply', resource: resources.canaries }, { status, body });

    await expect(finish(context, { object: object(stored), error })).rejects.toThrow(message);

    expect(events.map(({ note }) => note)).toEqual(Array(count).fill('spec.steps: is required'));
  });

  it('on an object without a status makes one', async () => {
    await finish(context, { object: object(), error });

    expect(applied[0]?.object['status']).toMatchObject({ phase: 'Invalid', observedGeneration: 3 });
  });
});
