// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import { fromIso } from '../../engine/time.ts';
import { decodeApiError, type KubeVerb } from '../../kube/errors.ts';
import type { KubeObject, ObjectName } from '../../kube/objects.ts';
import type { Resource } from '../../kube/resources.ts';
import { askJob, type AskJobParts } from './ask-job.ts';
import { BACKOFF, COMPLETE, CREATED, cronJob, jobOf, podOf, question } from './test-jobs.ts';

/** What the cluster holds, by kind and name, and what was asked of it. */
let objects: Map<string, KubeObject>;
let calls: string[];
let refusals: Map<string, { status: number; message: string }>;
let log: string;

function put(...list: KubeObject[]): void {
  for (const object of list) objects.set(`${object.kind} ${object.metadata.name}`, object);
}

function call(verb: KubeVerb, resource: Resource, name: string): void {
  calls.push(`${verb} ${resource.kind} ${name}`);
  const refusal = refusals.get(`${verb} ${resource.kind}`);
  if (refusal) throw refusedWith(verb, resource, { name, ...refusal });
}

function refusedWith(
  verb: KubeVerb,
  resource: Resource,
  at: { name: string; status: number; message: string },
) {
  const reasons: Readonly<Record<number, string>> = { 404: 'NotFound', 409: 'AlreadyExists' };
  const body = { kind: 'Status', code: at.status, reason: reasons[at.status] ?? '', message: at.message };
  const subject = { verb, resource, namespace: 'shop', name: at.name };
  return decodeApiError(subject, { status: at.status, body: JSON.stringify(body) });
}

const client = {
  get: async (resource: Resource, { name }: ObjectName) => {
    call('get', resource, name);
    const found = objects.get(`${resource.kind} ${name}`);
    if (!found) throw refusedWith('get', resource, { name, status: 404, message: 'not found' });
    return found;
  },
  list: async (resource: Resource, { labelSelector = '' }: { labelSelector?: string }) => {
    call('list', resource, labelSelector);
    return {
      metadata: { resourceVersion: '1' },
      items: [...objects.values()].filter(({ kind }) => kind === resource.kind),
    };
  },
  create: async (resource: Resource, object: KubeObject) => {
    call('create', resource, object.metadata.name ?? '');
    put({ ...object, metadata: { ...object.metadata, uid: 'uid-new', creationTimestamp: CREATED } });
    return object;
  },
  delete: async (resource: Resource, { name }: ObjectName, { uid }: { uid?: string }) => {
    call('delete', resource, `${name} (${uid})`);
    objects.delete(`${resource.kind} ${name}`);
    return {};
  },
  raw: async (_method: string, path: string) => {
    calls.push(`GET ${path}`);
    const refusal = refusals.get('log');
    if (refusal) throw decodeApiError({ verb: 'raw' }, { status: refusal.status, body: refusal.message });
    return log;
  },
} as unknown as AskJobParts['client'];

function ask() {
  return askJob(question, { client, now: () => fromIso(CREATED) + 10_000 });
}

beforeEach(() => {
  objects = new Map();
  calls = [];
  refusals = new Map();
  log = 'GET /cart: 200\nGET /pay: 500\nexpected 200\n';
});

describe('a Job that is not there', () => {
  it('is made from its CronJob, once', async () => {
    put(cronJob());
    expect(await ask()).toEqual({ error: { kind: 'job-running', detail: 'Job web-smoke-bcdfghjk starts' } });
    expect(await ask()).toEqual({ error: { kind: 'job-running', detail: 'Job web-smoke-bcdfghjk starts' } });
    expect(calls).toEqual([
      'get Job web-smoke-bcdfghjk',
      'get CronJob smoke',
      'list Job headway.dev/canary=web,headway.dev/check=smoke',
      'create Job web-smoke-bcdfghjk',
      'get Job web-smoke-bcdfghjk',
      'list Pod batch.kubernetes.io/controller-uid=uid-new',
    ]);
  });

  it('was made by another process meanwhile', async () => {
    put(cronJob());
    refusals.set('create Job', { status: 409, message: 'jobs.batch "x" already exists' });
    expect(await ask()).toMatchObject({ error: { kind: 'job-running' } });
  });

  it('without a CronJob is no evidence', async () => {
    expect(await ask()).toEqual({
      error: {
        kind: 'job-not-started',
        detail: 'there is no CronJob smoke in namespace shop; create it',
      },
    });
  });

  it.each([
    ['beyond a quota', 'create Job', 403],
    ['of a bad template', 'create Job', 422],
    ['without the right', 'get CronJob', 403],
  ])('%s is no evidence', async (_title, verb, status) => {
    put(cronJob());
    refusals.set(verb, { status, message: 'exceeded quota: jobs' });
    expect(await ask()).toEqual({
      error: {
        kind: 'job-not-started',
        detail: 'Job web-smoke-bcdfghjk cannot be made: exceeded quota: jobs',
      },
    });
  });

  it("of a server that is in trouble is asked for again: that is nobody's verdict", async () => {
    put(cronJob());
    refusals.set('create Job', { status: 500, message: 'etcd' });
    await expect(ask()).rejects.toMatchObject({ status: 500 });
  });

  it('ends those of the check that still run, and keeps three that have ended', async () => {
    const ended = ['10', '11', '12', '13', '14'].map((at) =>
      jobOf({
        name: `ended-${at}`,
        created: `2026-11-21T${at}:00:00Z`,
        conditions: [at === '12' ? BACKOFF : COMPLETE],
      }),
    );
    put(cronJob(), jobOf({ name: 'still-runs' }), ...ended);
    await ask();
    expect(calls.filter((said) => said.startsWith('delete'))).toEqual([
      'delete Job still-runs (uid-still-runs)',
      'delete Job ended-11 (uid-ended-11)',
      'delete Job ended-10 (uid-ended-10)',
    ]);
  });
});

describe('a Job that is there', () => {
  it.each([
    ['of somebody else', { owner: 'uid-other' }, 'belongs to somebody else and not to Canary web'],
    ['on its way out', { deleting: true }, 'is about to be deleted'],
  ])('%s is no evidence', async (_title, parts, words) => {
    put(jobOf(parts));
    expect(await ask()).toEqual({
      error: { kind: 'job-not-started', detail: `Job web-smoke-bcdfghjk ${words}` },
    });
    expect(calls).toEqual(['get Job web-smoke-bcdfghjk']);
  });

  it('has completed', async () => {
    put(jobOf({ conditions: [COMPLETE], status: { completionTime: '2026-11-21T14:00:04Z' } }));
    expect(await ask()).toEqual({
      outcome: { isGood: true, detail: 'Job web-smoke-bcdfghjk completed in 4s' },
    });
  });

  it('has failed, and its last lines say why', async () => {
    put(jobOf({ conditions: [BACKOFF] }), podOf({ terminated: { exitCode: 1 } }, { phase: 'Failed' }));
    expect(await ask()).toEqual({
      outcome: {
        isGood: false,
        detail:
          'Job web-smoke-bcdfghjk failed (exit code 1): "GET /cart: 200 | GET /pay: 500 | expected 200"',
      },
    });
    expect(calls.at(-1)).toBe(
      'GET /api/v1/namespaces/shop/pods/web-smoke-bcdfghjk-00/log?container=smoke&tailLines=20&limitBytes=16384',
    );
  });

  it('has failed, and said nothing', async () => {
    log = '\n';
    put(jobOf({ conditions: [BACKOFF] }), podOf({ terminated: { exitCode: 1 } }, { phase: 'Failed' }));
    expect(await ask()).toMatchObject({
      outcome: { detail: 'Job web-smoke-bcdfghjk failed (exit code 1), and logged nothing' },
    });
  });

  it('has failed whether or not its log can be read', async () => {
    refusals.set('log', { status: 404, message: 'gone' });
    put(jobOf({ conditions: [BACKOFF] }), podOf({ terminated: { exitCode: 1 } }, { phase: 'Failed' }));
    expect(await ask()).toMatchObject({
      outcome: {
        isGood: false,
        detail: expect.stringMatching(/failed \(exit code 1\) \(its log cannot be read: .+\)$/),
      },
    });
  });

  it('cannot start', async () => {
    put(jobOf(), podOf({ waiting: { reason: 'ErrImagePull', message: 'no\nsuch image' } }));
    expect(await ask()).toEqual({
      error: {
        kind: 'job-not-started',
        detail: 'Job web-smoke-bcdfghjk cannot start: ErrImagePull (no such image)',
      },
    });
  });
});
