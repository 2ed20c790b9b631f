// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { toIso } from '../../engine/time.ts';
import { done } from '../../runtime/result.ts';
import type { StoreSink } from '../../runtime/store.ts';
import { CANARY, DEPLOYMENT, fromYaml, put, SERVICE } from './test-objects.ts';
import { canaryWith, HASH, KEY, TestReconcile } from './test-reconcile.ts';

let test: TestReconcile;

beforeEach(() => {
  test = new TestReconcile();
});

describe('a Canary', () => {
  it('that is gone is forgotten', async () => {
    (test.stores.canaries as unknown as StoreSink).remove(fromYaml(CANARY));
    expect(await test.reconcile()).toEqual(done);
    expect(test.told).toEqual([
      ['forget', KEY],
      ['forget metrics', KEY],
    ]);
    expect(test.server.calls).toEqual([]);
  });

  it('gets its finalizer before anything else', async () => {
    put(test.stores, 'canaries', canaryWith({ metadata: { finalizers: [], resourceVersion: '2' } }));
    expect(await test.reconcile()).toEqual(done);
    expect(test.written()).toEqual(['jsonPatch canaries web']);
    expect(JSON.stringify(test.server.calls[0])).toContain('headway.dev/restore-traffic');
  });

  it('is planned, written, and told, in this order', async () => {
    expect(await test.reconcile()).toEqual(done);
    expect(test.written()).toEqual([`create deployments web-${HASH}`, 'apply canaries web']);
    expect(test.server.calls[1]).toMatchObject({
      object: { metadata: { namespace: 'shop', name: 'web', uid: 'uid-web' } },
      options: { subresource: 'status', fieldManager: 'headway', force: true },
    });
    expect(test.status()).toMatchObject({
      observedGeneration: 3,
      phase: 'Progressing',
      stage: 'Adopting',
      specReplicas: 5,
    });
    expect(test.told).toEqual([
      ['want', KEY, 0],
      ['record', KEY, 'Progressing', undefined],
    ]);
  });

  it('asks nothing of anybody before the status that names the question is stored', async () => {
    test.server.refuse('apply', 500);
    await expect(test.reconcile()).rejects.toMatchObject({ status: 500 });
    expect(test.told).toEqual([]);
  });

  it('dates its traffic to when the API server answered, not to when it was decided', async () => {
    const { clock } = test;
    const { create } = test.server.client;
    test.parts = {
      ...test.parts,
      client: {
        ...test.server.client,
        create: async (...args: Parameters<typeof create>) => {
          await clock.advance(4000);
          return create(...args);
        },
      } as typeof test.server.client,
    };
    await test.reconcile();
    expect(test.status().pinned?.since).toBe(toIso(clock.now()));
  });

  it('is not looked at before the stores show what it has written', async () => {
    await test.reconcile();
    test.server.calls.length = 0;
    const { clock } = test;
    const waiting = test.reconcile();
    await clock.advance(2010);
    expect(await waiting).toEqual({ kind: 'requeue', afterMs: 2000 });
    expect(test.server.calls).toEqual([]);
  });

  it('whose write is refused keeps its status but for the reason, and is tried again', async () => {
    test.server.refuse('create', 403, 'Forbidden');
    await expect(test.reconcile()).rejects.toThrow('refused with 403');
    expect(test.written()).toEqual([`create deployments web-${HASH}`, 'apply canaries web']);
    expect(test.status().conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
      status: 'False',
      reason: 'Forbidden',
    });
    expect(test.status().stage).toBeUndefined();
    expect(test.events.map(({ reason }) => reason)).toEqual(['Forbidden']);
    expect(test.told).toEqual([]);
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
    put(test.stores, 'deployments', stable);
    put(test.stores, 'canaries', canaryWith({ status, metadata: { resourceVersion: '2' } }));
    test.server.refuse('create', 403, 'Forbidden');
    await expect(test.reconcile()).rejects.toThrow('refused with 403');
    const told403 = 'may not create deployments.apps in namespace shop: refused with 403';
    expect(test.events.map(({ reason }) => reason)).toEqual(['NewRevisionDetected', 'Forbidden']);
    expect(test.told).toEqual([]);
    const after = test.server.calls.at(-1)?.['object'] as { status: RolloutStatus };
    expect(after.status).toMatchObject({
      stage: 'Stepping',
      canary: { revision: HASH },
      step: { index: 0, waitingSince: expect.any(String) },
      pinned: status.pinned,
      message: told403,
    });
  });

  it('whose write lost a race is tried again without a word', async () => {
    test.server.refuse('create', 409, 'Conflict');
    await expect(test.reconcile()).rejects.toThrow('refused with 409');
    expect(test.written()).toEqual([`create deployments web-${HASH}`]);
  });

  it('with a bad spec says all that is wrong and writes nothing else', async () => {
    put(
      test.stores,
      'canaries',
      canaryWith({ spec: { replicas: -1, scaleDownDelay: 'x' }, metadata: { resourceVersion: '2' } }),
    );
    expect(await test.reconcile()).toEqual(done);
    expect(test.written()).toEqual(['apply canaries web']);
    expect(test.status()).toMatchObject({ phase: 'Invalid', observedGeneration: 3 });
    expect(test.told).toContainEqual(['stall', KEY]);
    expect(test.status().message).toMatch(/replicas.*; .*scaleDownDelay/);
    expect(test.status().conditions?.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      'Ready InvalidSpec',
      'Stalled InvalidSpec',
    ]);
  });
});

describe('a Canary whose router is switched off', () => {
  const change = { spec: { traffic: { ingress: { name: 'shop' } } } };

  beforeEach(() => {
    test.parts = { ...test.parts, routers: ['gateway'] };
  });

  const status = {
    observedGeneration: 3,
    stage: 'Stepping',
    step: { index: 1, count: 3, position: '2/3', hash: 'ab12', startedAt: '2026-11-21T11:00:00.000Z' },
    weight: { desired: 20, observed: 20 },
    stable: { revision: 'aaa' },
    canary: { revision: 'bbb' },
  };

  function putWith(metadata: object): void {
    const all = { metadata: { ...metadata, resourceVersion: '2' }, status };
    put(test.stores, 'canaries', canaryWith({ ...change, ...all }));
  }

  it.each([
    ['in a release', {}],
    ['at its deletion', { deletionTimestamp: '2026-11-21T12:00:00Z' }],
    ['before it is adopted', { finalizers: [] }],
  ])('is left alone %s, and says so', async (_, metadata) => {
    putWith(metadata);
    expect(await test.reconcile()).toEqual(done);
    expect(test.written()).toEqual(['apply canaries web']);
    expect(test.status()).toMatchObject({
      ...status,
      phase: 'Invalid',
      message: expect.stringMatching(
        /^spec\.traffic\.ingress is switched off: --routers of this operator is gateway;/,
      ),
    });
    expect(test.status().conditions?.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      'Ready RouterOff',
      'Stalled RouterOff',
    ]);
    expect(test.events.map(({ type, reason }) => `${type} ${reason}`)).toEqual(['Warning RouterOff']);
    expect(test.told).toEqual([['stall', KEY]]);
  });

  it('goes on where it was once its router is served', async () => {
    test.parts = { ...test.parts, routers: ['gateway', 'ingress'] };
    putWith({});
    await test.reconcile();
    expect(test.status().conditions?.map(({ reason }) => reason)).not.toContain('RouterOff');
  });

  it('is somebody else’s business at its deletion, where our finalizer is not on it', async () => {
    putWith({ deletionTimestamp: '2026-11-21T12:00:00Z', finalizers: ['other/thing'] });
    expect(await test.reconcile()).toEqual(done);
    expect(test.server.calls).toEqual([]);
  });

  it('is worked on where it splits by pods', async () => {
    await test.reconcile();
    expect(test.status().phase).toBe('Progressing');
  });
});

describe('a Canary that is being deleted', () => {
  const deleting = { deletionTimestamp: '2026-11-21T12:00:00Z', resourceVersion: '2' };

  function deleted(change: Parameters<typeof canaryWith>[0] = {}): void {
    put(test.stores, 'canaries', canaryWith({ ...change, metadata: { ...deleting, ...change.metadata } }));
  }

  it('and was never adopted lets go at once', async () => {
    deleted();
    expect(await test.reconcile()).toEqual(done);
    expect(test.written()).toEqual(['list replicasets ', 'jsonPatch canaries web']);
    expect(JSON.stringify(test.server.calls[1])).toContain('/metadata/finalizers/0');
    expect(new Set(test.told.map(String))).toEqual(new Set([`forget,${KEY}`]));
  });

  it('without our finalizer is somebody else’s business', async () => {
    deleted({ metadata: { finalizers: ['other/thing'] } });
    expect(await test.reconcile()).toEqual(done);
    expect(test.server.calls).toEqual([]);
  });

  it('and serves gives the pods back first and says so', async () => {
    const service = fromYaml(SERVICE);
    const selector = { app: 'web', 'headway.dev/revision': 'aaa' };
    put(test.stores, 'services', {
      ...service,
      metadata: { ...service.metadata, resourceVersion: '18' },
      spec: { ...(service['spec'] as object), selector },
    });
    const target = fromYaml(DEPLOYMENT);
    put(test.stores, 'deployments', {
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
    expect(await test.reconcile()).toEqual(done);
    expect(test.written()).toEqual(['list replicasets ', 'apply deployments web', 'apply canaries web']);
    expect(test.server.calls[1]).toMatchObject({ object: { spec: { replicas: 5 } } });
    expect(test.status()).toMatchObject({
      message:
        'deleting: waits for Deployment web to have 5 available pods; until then traffic stays where it is',
      parked: false,
    });
  });

  it('goes also with a spec that is wrong', async () => {
    deleted({ spec: { steps: 7 } });
    expect(await test.reconcile()).toEqual(done);
    expect(test.written()).toEqual(['list replicasets ', 'jsonPatch canaries web']);
  });
});
