// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../kube/client.ts';
import type { JsonPatchOperation, KubeObject } from '../kube/objects.ts';
import { resources } from '../kube/resources.ts';
import { refusal } from './fake-resource.ts';
import { addFinalizer, hasFinalizer, removeFinalizer } from './finalizer.ts';

const OURS = 'headway.dev/restore-traffic';

/** One object of the API server, and what rivals do to it between two calls of ours. */
let live: KubeObject | undefined;
let rivals: (() => void)[];
let patches: (readonly JsonPatchOperation[])[];
let refuseAlways: Error | undefined;

function object(resourceVersion: string, finalizers?: string[], uid = 'u1'): KubeObject {
  const metadata = {
    namespace: 'shop',
    name: 'web',
    uid,
    resourceVersion,
    ...(finalizers ? { finalizers } : {}),
  };
  return { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', metadata };
}

/** Applies what the finalizer code may send: a test of the resourceVersion and one change. */
function patched(before: KubeObject, [test, change]: readonly JsonPatchOperation[]): KubeObject {
  if (test?.op !== 'test' || test.path !== '/metadata/resourceVersion') throw new Error('no test');
  if (test.value !== before.metadata.resourceVersion) throw refusal(422);
  const finalizers = changed(before.metadata.finalizers ?? [], change);
  return object(`${Number(before.metadata.resourceVersion) + 1}`, finalizers, before.metadata.uid);
}

function changed(finalizers: readonly string[], change: JsonPatchOperation | undefined): string[] {
  if (change?.op === 'remove') return finalizers.toSpliced(Number(change.path.split('/').at(-1)), 1);
  if (change?.op !== 'add') throw new Error('no change');
  return change.path.endsWith('/-') ? [...finalizers, String(change.value)] : (change.value as string[]);
}

const client = {
  async get() {
    if (!live) throw refusal(404);
    return live;
  },
  async jsonPatch(_: unknown, __: unknown, { operations }: { operations: readonly JsonPatchOperation[] }) {
    rivals.shift()?.();
    patches.push(operations);
    if (refuseAlways) throw refuseAlways;
    if (!live) throw refusal(404);
    live = patched(live, operations);
    return live;
  },
} as unknown as Pick<KubeClient, 'get' | 'jsonPatch'>;

beforeEach(() => {
  rivals = [];
  patches = [];
  refuseAlways = undefined;
});

function target(seen: KubeObject) {
  return { resource: resources.canaries, object: seen, finalizer: OURS };
}

describe('addFinalizer', () => {
  it.each([
    ['none', undefined, [OURS]],
    ['an empty list', [], [OURS]],
    ['those of others', ['a', 'b'], ['a', 'b', OURS]],
  ])('to %s', async (_, before, after) => {
    live = object('1', before);

    const result = await addFinalizer(client, target(live));

    expect(result?.metadata.finalizers).toEqual(after);
    expect(result?.metadata.resourceVersion).toBe('2');
  });

  it('writes nothing when it is there', async () => {
    live = object('1', [OURS]);

    expect(await addFinalizer(client, target(live))).toBe(live);
    expect(patches).toEqual([]);
  });

  it('keeps what a rival has added or removed meanwhile', async () => {
    live = object('1', ['a', 'b']);
    rivals.push(() => {
      live = object('7', ['b', 'c']);
    });

    const result = await addFinalizer(client, target(object('1', ['a', 'b'])));

    expect(result?.metadata.finalizers).toEqual(['b', 'c', OURS]);
  });

  it('gives up against a rival that never rests', async () => {
    live = object('1', []);
    rivals.push(
      ...Array.from({ length: 9 }, (_, index) => () => {
        live = object(`${100 + index}`, []);
      }),
    );

    await expect(addFinalizer(client, target(live))).rejects.toMatchObject({ status: 422 });
    expect(patches).toHaveLength(5);
  });

  it.each([
    ['gone', undefined],
    ['another object of the name', object('9', [], 'u2')],
  ])('resolves with nothing when the object is %s', async (_, now) => {
    live = now;

    expect(await addFinalizer(client, target(object('1', [])))).toBeUndefined();
  });

  it('throws at once when the change itself is refused', async () => {
    live = object('1', []);
    refuseAlways = refusal(422);

    await expect(addFinalizer(client, target(live))).rejects.toBe(refuseAlways);
    expect(patches).toHaveLength(1);
  });

  it.each([403, 500])('throws a %d', async (status) => {
    live = object('1', []);
    refuseAlways = refusal(status);

    await expect(addFinalizer(client, target(live))).rejects.toMatchObject({ status });
  });
});

describe('removeFinalizer', () => {
  it('takes ours and leaves the rest', async () => {
    live = object('1', ['a', OURS, 'b']);

    const result = await removeFinalizer(client, target(live));

    expect(result?.metadata.finalizers).toEqual(['a', 'b']);
  });

  it('finds ours again after a rival has moved it', async () => {
    live = object('1', [OURS, 'a']);
    rivals.push(() => {
      live = object('5', ['x', 'y', OURS]);
    });

    const result = await removeFinalizer(client, target(object('1', [OURS, 'a'])));

    expect(result?.metadata.finalizers).toEqual(['x', 'y']);
  });

  it('believes no old copy that seems not to carry it', async () => {
    live = object('7', ['a', OURS]);

    const result = await removeFinalizer(client, target(object('1', ['a'])));

    expect(result?.metadata.finalizers).toEqual(['a']);
  });

  it('leaves another object of the name alone', async () => {
    live = object('7', [OURS], 'u2');

    expect(await removeFinalizer(client, target(object('1')))).toBeUndefined();
    expect(patches).toEqual([]);
  });

  it('is content when it is off or the object is gone', async () => {
    live = object('1', ['a']);
    await removeFinalizer(client, target(live));
    expect(patches).toEqual([]);

    live = undefined;
    await removeFinalizer(client, target(object('1', [OURS])));
    expect(patches).toHaveLength(1);
  });

  it('never takes a failure for success', async () => {
    live = object('1', [OURS]);
    refuseAlways = refusal(500);

    await expect(removeFinalizer(client, target(live))).rejects.toMatchObject({ status: 500 });
  });
});

describe('hasFinalizer', () => {
  it.each([
    [[OURS], true],
    [['a'], false],
    [undefined, false],
  ])('%o: %s', (finalizers, expected) => {
    expect(hasFinalizer(object('1', finalizers), OURS)).toBe(expected);
  });
});
