// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CanaryStatus } from '../../api/canary-status.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { toIso } from '../../engine/time.ts';
import { resources } from '../../kube/resources.ts';
import type { ReconcileContext } from '../../runtime/controller.ts';
import type { RecordedEvent } from '../../runtime/recorded-event.ts';
import { createFakeClock, type FakeClock } from '../../runtime/fake-clock.ts';
import { createOwnWrites } from '../../runtime/own-writes.ts';
import { done, type Result } from '../../runtime/result.ts';
import type { StoreSink } from '../../runtime/store.ts';
import type { CanaryParts } from './parts.ts';
import { projectDeployment } from './projections.ts';
import { reconcileCanary } from './reconcile.ts';
import type { CanaryStores } from './stores.ts';
import { createTestClient, type TestClient } from './test-client.ts';
import { CANARY, DEPLOYMENT, fromYaml, put, SERVICE, shownIn, SILENT, storesWith } from './test-objects.ts';
import { createWriteLedger } from './write-ledger.ts';

const KEY = 'shop/web';
const HASH = projectDeployment(fromYaml(DEPLOYMENT)).hash;

let server: TestClient;
let stores: CanaryStores;
let told: unknown[];
let events: RecordedEvent[];
let parts: CanaryParts;

beforeEach(() => {
  server = createTestClient();
  told = [];
  events = [];
  stores = storesWith({
    canaries: [fromYaml(CANARY)],
    deployments: [fromYaml(DEPLOYMENT)],
    services: [fromYaml(SERVICE)],
  });
  server.live = (plural) => shownIn(stores, plural);
  parts = partsOf();
});

function partsOf(): CanaryParts {
  const clock = createFakeClock();
  const ownWrites = createOwnWrites(clock);
  const { client } = server;
  const recorder = { record: (event: RecordedEvent) => void events.push(event) };
  return {
    client,
    stores,
    ledger: createWriteLedger(ownWrites, stores.canaries),
    clock,
    sight: { since: () => Number.NEGATIVE_INFINITY },
    config: { read: async () => new Map() },
    sampler: {
      want: (owner, queries) => void told.push(['want', owner, queries.length]),
      latest: () => [],
      forget: (owner) => void told.push(['forget', owner]),
      stop: () => undefined,
    },
    finishing: {
      client,
      resource: resources.canaries,
      store: stores.canaries,
      ownWrites,
      recorder,
      clock,
      describeFailure: (status: CanaryStatus) => ({ ...status, phase: 'Invalid' }),
    },
    telemetry: {
      recordCanary: (key, change) =>
        void told.push(['record', key, change.after.phase, change.before?.phase]),
      forgetCanary: (key) => void told.push(['forget metrics', key]),
    },
  };
}

/** As the queue does it: what is to be looked at again at once is. */
async function reconcile(): Promise<Result> {
  const result = await reconcileOnce();
  return result.kind === 'requeue' && result.afterMs === 0 ? reconcileOnce() : result;
}

function reconcileOnce(): Promise<Result> {
  const run: ReconcileContext = {
    reconcileId: '1',
    reason: 'test',
    lane: 'step',
    signal: new AbortController().signal,
    log: SILENT,
  };
  return reconcileCanary(parts, KEY, run);
}

function canary(change: { metadata?: object; spec?: object; status?: object }): KubeObject {
  const object = fromYaml(CANARY);
  const { metadata, spec, status } = change;
  return {
    ...object,
    metadata: { ...object.metadata, ...metadata },
    spec: { ...(object['spec'] as object), ...spec },
    ...(status ? { status } : {}),
  };
}

function written(): string[] {
  return server.calls.map(({ verb, resource, name }) => `${verb} ${resource} ${name}`);
}

/** The status that was applied last. */
function status(): CanaryStatus {
  const call = server.calls.findLast(({ verb, resource }) => verb === 'apply' && resource === 'canaries');
  if (!call) throw new Error('no status was written');
  return (call['object'] as { status: CanaryStatus }).status;
}

/** The store hears of the status that was applied last, if any was. */
function showStatus(): void {
  const call = server.calls.findLast(({ verb, resource }) => verb === 'apply' && resource === 'canaries');
  if (call) put(stores, 'canaries', canary({ metadata: { resourceVersion: '101' }, status: status() }));
}

describe('a Canary', () => {
  it('that is gone is forgotten', async () => {
    (stores.canaries as unknown as StoreSink).remove(fromYaml(CANARY));
    expect(await reconcile()).toEqual(done);
    expect(told).toEqual([
      ['forget', KEY],
      ['forget metrics', KEY],
    ]);
    expect(server.calls).toEqual([]);
  });

  it('gets its finalizer before anything else', async () => {
    put(stores, 'canaries', canary({ metadata: { finalizers: [], resourceVersion: '2' } }));
    expect(await reconcile()).toEqual(done);
    expect(written()).toEqual(['jsonPatch canaries web']);
    expect(JSON.stringify(server.calls[0])).toContain('headway.dev/restore-traffic');
  });

  it('is planned, written, and told, in this order', async () => {
    expect(await reconcile()).toEqual(done);
    expect(written()).toEqual([`create deployments web-${HASH}`, 'apply canaries web']);
    expect(server.calls[1]).toMatchObject({
      object: { metadata: { namespace: 'shop', name: 'web', uid: 'uid-web' } },
      options: { subresource: 'status', fieldManager: 'headway', force: true },
    });
    expect(status()).toMatchObject({
      observedGeneration: 3,
      phase: 'Progressing',
      stage: 'Adopting',
      specReplicas: 5,
    });
    expect(told).toEqual([
      ['want', KEY, 0],
      ['record', KEY, 'Progressing', undefined],
    ]);
  });

  it('that the first list told as it was a while ago is not written before the store has caught up', async () => {
    const newer = canary({
      metadata: { resourceVersion: '9' },
      status: { observedGeneration: 3, stage: 'Idle', specReplicas: 5, stable: { revision: HASH } },
    });
    server.live = (plural) => (plural === 'canaries' ? [newer] : shownIn(stores, plural));
    expect(await reconcileOnce()).toEqual({ kind: 'requeue', afterMs: 0 });
    const waiting = reconcileOnce();
    await (parts.clock as FakeClock).advance(2010);
    expect(await waiting).toEqual({ kind: 'requeue', afterMs: 2000 });
    expect(server.calls).toEqual([]);
    expect(told).toEqual([]);
    put(stores, 'canaries', newer);
    await reconcileOnce();
    expect(status().stable?.revision).toBe(HASH);
  });

  it('of which the store hears while it is read live is not written from what was decided before', async () => {
    server.live = (plural) => {
      const newer = canary({ metadata: { resourceVersion: '9' }, spec: { suspend: true } });
      if (plural === 'canaries') put(stores, 'canaries', newer);
      return shownIn(stores, plural);
    };
    expect(await reconcileOnce()).toEqual({ kind: 'requeue', afterMs: 0 });
    expect(server.calls).toEqual([]);
    await reconcileOnce();
    expect(written()).toEqual(['apply canaries web']);
    expect(status().phase).toBe('Suspended');
  });

  it('is not written by a process whose watch of a Service has not told what another one wrote', async () => {
    const service = fromYaml(SERVICE);
    const pinned = { ...service, metadata: { ...service.metadata, resourceVersion: '18' } };
    server.live = (plural) => (plural === 'services' ? [pinned] : shownIn(stores, plural));
    expect(await reconcileOnce()).toEqual({ kind: 'requeue', afterMs: 0 });
    const waiting = reconcileOnce();
    await (parts.clock as FakeClock).advance(2010);
    expect(await waiting).toEqual({ kind: 'requeue', afterMs: 2000 });
    expect(server.calls).toEqual([]);
    put(stores, 'services', pinned);
    expect(await reconcileOnce()).toEqual(done);
    expect(written()).toEqual([`create deployments web-${HASH}`, 'apply canaries web']);
  });

  it.each<[string, number, () => void]>([
    [
      'its spec was wrong then',
      2000,
      () => put(stores, 'canaries', canary({ spec: { replicas: -1 }, metadata: { resourceVersion: '2' } })),
    ],
    [
      'what it reads cannot be read',
      2000,
      () => (parts = { ...parts, config: { read: () => Promise.reject(new Error('no answer')) } }),
    ],
    [
      'it is to be deleted',
      0,
      () => {
        const metadata = { deletionTimestamp: '2026-11-21T12:00:00Z', resourceVersion: '2' };
        put(stores, 'canaries', canary({ metadata }));
      },
    ],
  ])('that the first list told as it was is not written either when %s', async (_, afterMs, act) => {
    act();
    server.live = () => [canary({ metadata: { resourceVersion: '9' } })];
    expect(await reconcileOnce()).toEqual({ kind: 'requeue', afterMs });
    expect(server.calls).toEqual([]);
    expect(events).toEqual([]);
  });

  it('that cannot be read live is not written, and is tried again', async () => {
    server.live = () => {
      throw new Error('503');
    };
    await expect(reconcile()).rejects.toThrow('503');
    expect(server.calls).toEqual([]);
    expect(events).toEqual([]);
  });

  it('is read live once in the life of a process, before its first write', async () => {
    let reads = 0;
    server.live = (plural) => {
      if (plural === 'canaries') reads += 1;
      return shownIn(stores, plural);
    };
    server.refuse('create', 409, 'Conflict');
    await expect(reconcile()).rejects.toThrow('refused with 409');
    expect(await reconcile()).toEqual(done);
    expect(written()).toHaveLength(3);
    expect(reads).toBe(1);
  });

  it.each([
    [409, 1],
    [403, 1],
    [500, 2],
    [503, 2],
  ])('is read live again after a write that was answered with %i: %i reads in all', async (status, total) => {
    let reads = 0;
    server.live = (plural) => {
      if (plural === 'services') reads += 1;
      return shownIn(stores, plural);
    };
    server.refuse('create', status, 'Refused');
    await expect(reconcile()).rejects.toThrow(`refused with ${status}`);
    showStatus();
    expect(await reconcile()).toEqual(done);
    expect(reads).toBe(2 * total);
  });

  it('whose status may have been written by a call without an answer is not decided from the old one', async () => {
    const newer = canary({
      metadata: { resourceVersion: '9' },
      status: { observedGeneration: 3, stage: 'Idle', specReplicas: 5, stable: { revision: HASH } },
    });
    await reconcileOnce();
    server.refuse('create', 500, 'InternalError');
    server.live = (plural) => (plural === 'canaries' ? [newer] : shownIn(stores, plural));
    expect(await reconcileOnce()).toEqual({ kind: 'requeue', afterMs: 2000 });
    expect(written()).toEqual([`create deployments web-${HASH}`]);
    expect(events).toEqual([]);
    put(stores, 'canaries', newer);
    await reconcile();
    expect(status().stable?.revision).toBe(HASH);
  });

  it('dates its traffic to when the API server answered, not to when it was decided', async () => {
    const clock = parts.clock as FakeClock;
    const { create } = server.client;
    parts = {
      ...parts,
      client: {
        ...server.client,
        create: async (...args: Parameters<typeof create>) => {
          await clock.advance(4000);
          return create(...args);
        },
      } as typeof server.client,
    };
    await reconcile();
    expect(status().pinned?.since).toBe(toIso(clock.now()));
  });

  it('is not looked at before the stores show what it has written', async () => {
    await reconcile();
    server.calls.length = 0;
    const clock = parts.clock as FakeClock;
    const waiting = reconcile();
    await clock.advance(2010);
    expect(await waiting).toEqual({ kind: 'requeue', afterMs: 2000 });
    expect(server.calls).toEqual([]);
  });

  it('whose write is refused keeps its status but for the reason, and is tried again', async () => {
    server.refuse('create', 403, 'Forbidden');
    await expect(reconcile()).rejects.toThrow('refused with 403');
    expect(written()).toEqual([`create deployments web-${HASH}`, 'apply canaries web']);
    expect(status().conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'Forbidden',
    });
    expect(status().stage).toBeUndefined();
    expect(events.map(({ reason }) => reason)).toEqual(['Forbidden']);
    expect(told).toEqual([]);
  });

  it('whose release is refused its pods has begun all the same, and waits from then on', async () => {
    const status = {
      observedGeneration: 3,
      stage: 'Idle',
      specReplicas: 5,
      parked: true,
      stable: { revision: 'aaa' },
      pinned: { selector: 'none', since: '2026-01-01T00:00:00.000Z' },
    };
    const stable = fromYaml(DEPLOYMENT.replace('web:1.4.2', 'web:1.4.1'));
    stable.metadata = {
      ...stable.metadata,
      name: 'web-aaa',
      uid: 'uid-aaa',
      labels: { 'headway.dev/revision': 'aaa' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Canary', name: 'web', uid: 'uid-web', controller: true }],
    };
    put(stores, 'deployments', stable);
    put(stores, 'canaries', canary({ status, metadata: { resourceVersion: '2' } }));
    server.refuse('create', 403, 'Forbidden');
    await expect(reconcile()).rejects.toThrow('refused with 403');
    const told403 = 'may not create deployments.apps in namespace shop: refused with 403';
    expect(events.map(({ reason }) => reason)).toEqual(['NewRevisionDetected', 'Forbidden']);
    expect(told).toEqual([]);
    const after = server.calls.at(-1)?.['object'] as { status: CanaryStatus };
    expect(after.status).toMatchObject({
      stage: 'Stepping',
      canary: { revision: HASH },
      step: { index: 0, waitingSince: expect.any(String) },
      pinned: status.pinned,
      message: told403,
    });
  });

  it('whose write lost a race is tried again without a word', async () => {
    server.refuse('create', 409, 'Conflict');
    await expect(reconcile()).rejects.toThrow('refused with 409');
    expect(written()).toEqual([`create deployments web-${HASH}`]);
  });

  it('with a bad spec says all that is wrong and writes nothing else', async () => {
    put(
      stores,
      'canaries',
      canary({ spec: { replicas: -1, scaleDownDelay: 'x' }, metadata: { resourceVersion: '2' } }),
    );
    expect(await reconcile()).toEqual(done);
    expect(written()).toEqual(['apply canaries web']);
    expect(status()).toMatchObject({ phase: 'Invalid', observedGeneration: 3 });
    expect(status().message).toMatch(/replicas.*; .*scaleDownDelay/);
    expect(status().conditions?.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      'Ready InvalidSpec',
      'Stalled InvalidSpec',
    ]);
  });
});

describe('a Canary that is being deleted', () => {
  const deleting = { deletionTimestamp: '2026-11-21T12:00:00Z', resourceVersion: '2' };

  function deleted(change: Parameters<typeof canary>[0] = {}): void {
    put(stores, 'canaries', canary({ ...change, metadata: { ...deleting, ...change.metadata } }));
  }

  it('and was never adopted lets go at once', async () => {
    deleted();
    expect(await reconcile()).toEqual(done);
    expect(written()).toEqual(['list replicasets ', 'jsonPatch canaries web']);
    expect(JSON.stringify(server.calls[1])).toContain('/metadata/finalizers/0');
    expect(new Set(told.map(String))).toEqual(new Set([`forget,${KEY}`]));
  });

  it('without our finalizer is somebody else’s business', async () => {
    deleted({ metadata: { finalizers: ['other/thing'] } });
    expect(await reconcile()).toEqual(done);
    expect(server.calls).toEqual([]);
  });

  it('and serves gives the pods back first and says so', async () => {
    const service = fromYaml(SERVICE);
    const selector = { app: 'web', 'headway.dev/revision': 'aaa' };
    put(stores, 'services', {
      ...service,
      metadata: { ...service.metadata, resourceVersion: '18' },
      spec: { ...(service['spec'] as object), selector },
    });
    const target = fromYaml(DEPLOYMENT);
    put(stores, 'deployments', {
      ...target,
      metadata: { ...target.metadata, resourceVersion: '5' },
      spec: { ...(target['spec'] as object), replicas: 0 },
    });
    deleted({
      status: {
        observedGeneration: 3,
        stage: 'Idle',
        specReplicas: 5,
        parked: true,
        stable: { revision: 'aaa' },
      },
    });
    expect(await reconcile()).toEqual(done);
    expect(written()).toEqual(['list replicasets ', 'apply deployments web', 'apply canaries web']);
    expect(server.calls[1]).toMatchObject({ object: { spec: { replicas: 5 } } });
    expect(status()).toMatchObject({
      message:
        'deleting: waits for Deployment web to have 5 available pods; until then traffic stays where it is',
      parked: false,
    });
  });

  it('goes also with a spec that is wrong', async () => {
    deleted({ spec: { steps: 7 } });
    expect(await reconcile()).toEqual(done);
    expect(written()).toEqual(['list replicasets ', 'jsonPatch canaries web']);
  });
});
