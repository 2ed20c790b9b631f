// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../kube/client.ts';
import type { KubeObject } from '../kube/objects.ts';
import { configMap, connectDirectly, createNamespace, until } from '../kube/real-server.ts';
import { resources } from '../kube/resources.ts';
import { systemClock } from './clock.ts';
import { createEventRecorder } from './event-recorder.ts';
import { addFinalizer, removeFinalizer } from './finalizer.ts';
import { silentLog } from './log.ts';

const { configMaps } = resources;
const OURS = 'headway.dev/test';
const OTHERS = 'example.com/other';

let admin: KubeClient;
let namespace: string;

beforeAll(async () => {
  admin = connectDirectly();
  namespace = await createNamespace(admin);
});

afterAll(async () => {
  await admin.delete(resources.namespaces, { name: namespace });
  await admin.close();
});

describe('events', () => {
  it('are accepted, and become a series when they come again', async () => {
    const dropped: string[] = [];
    const recorder = createEventRecorder({
      client: admin,
      controller: 'headway.dev/operator',
      instance: 'test',
      clock: systemClock,
      log: silentLog,
      onDropped: (reason) => dropped.push(reason),
    });
    const regarding = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'web', uid: randomUUID() };
    const event = {
      regarding,
      type: 'Warning',
      reason: 'RolledBack',
      note: 'success-rate 96.2% < 99%',
    } as const;

    for (let count = 0; count < 3; count++) recorder.record(event);
    await recorder.stop();

    const { items } = await admin.list(resources.events, { namespace });
    expect(dropped).toEqual([]);
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({
      regarding,
      type: 'Warning',
      reason: 'RolledBack',
      action: 'RolledBack',
      note: 'success-rate 96.2% < 99%',
      reportingController: 'headway.dev/operator',
      series: { count: 3 },
    });
  });
});

describe('a finalizer', () => {
  const target = (object: KubeObject) => ({ resource: configMaps, object, finalizer: OURS });

  it('is added and removed beside those of a rival who writes at the same time', async () => {
    const made = await admin.create(configMaps, configMap(namespace, 'guarded'));
    await admin.mergePatch(
      configMaps,
      { namespace, name: 'guarded' },
      { patch: { metadata: { finalizers: [OTHERS] } } },
    );

    const added = await addFinalizer(admin, target(made));
    expect(added?.metadata.finalizers).toEqual([OTHERS, OURS]);

    await admin.delete(configMaps, { namespace, name: 'guarded' });
    const removed = await removeFinalizer(admin, target(made));
    expect(removed?.metadata.finalizers).toEqual([OTHERS]);

    const patch = { metadata: { finalizers: null } };
    await admin.mergePatch(configMaps, { namespace, name: 'guarded' }, { patch });
    await until('the object is gone', async () => (await removeFinalizer(admin, target(made))) === undefined);
  });

  it('is not given to an object that is being deleted', async () => {
    const made = await admin.create(configMaps, {
      ...configMap(namespace, 'going'),
      metadata: { namespace, name: 'going', finalizers: [OTHERS] },
    });
    await admin.delete(configMaps, { namespace, name: 'going' });

    await expect(addFinalizer(admin, target(made))).rejects.toMatchObject({ status: 422 });

    await removeFinalizer(admin, { ...target(made), finalizer: OTHERS });
  });
});
