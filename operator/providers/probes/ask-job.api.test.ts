// SPDX-License-Identifier: Apache-2.0
// What a Job of a check takes for granted, asked of a real API server and its controllers. There is no kubelet: the test
// says what a kubelet would.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JobQuestion } from '../../engine/analysis/probe-types.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { connectDirectly, createNamespace, until } from '../../kube/real-server.ts';
import { resources } from '../../kube/resources.ts';
import { askJob } from './ask-job.ts';
import { cronJob, question as shape } from './test-jobs.ts';

const NAME = shape.name;

let client: KubeClient;
let namespace = '';
let question: JobQuestion;

beforeAll(() => {
  client = connectDirectly();
});

afterAll(() => client.close());

/** The garbage collector wants the owner to exist; a ConfigMap is as good as a Canary for that. */
beforeEach(async () => {
  namespace = await createNamespace(client);
  const owner = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web', namespace } };
  const { metadata } = await client.create<KubeObject>(resources.configMaps, owner);
  const { uid = '' } = metadata;
  question = { ...shape, namespace, owner: { apiVersion: 'v1', kind: 'ConfigMap', name: 'web', uid } };
});

async function createCronJob(parts?: Parameters<typeof cronJob>[0]): Promise<void> {
  const object = cronJob(parts);
  await client.create(resources.cronJobs, { ...object, metadata: { ...object.metadata, namespace } });
}

function ask(asked = question, nowMs = Date.now()) {
  return askJob(asked, { client, now: () => nowMs });
}

function findJob(name = NAME): Promise<KubeObject> {
  return client.get(resources.jobs, { namespace, name });
}

async function podsOf(): Promise<KubeObject[]> {
  const { metadata } = await findJob();
  const labelSelector = `batch.kubernetes.io/controller-uid=${metadata.uid}`;
  return (await client.list(resources.pods, { namespace, labelSelector })).items;
}

/** The pod of the Job, as soon as the Job controller has made it. */
async function podOfJob(): Promise<string> {
  await until('the Job has its pod', async () => (await podsOf()).length === 1);
  return (await podsOf())[0]?.metadata.name ?? '';
}

async function kubeletSays(pod: string, status: object): Promise<void> {
  await client.mergePatch(
    resources.pods,
    { namespace, name: pod },
    { patch: { status }, subresource: 'status' },
  );
}

function container(state: object): object {
  return {
    containerStatuses: [{ name: 'smoke', image: 'x', imageID: '', ready: false, restartCount: 0, state }],
  };
}

const END = { startedAt: '2026-11-21T14:00:00Z', finishedAt: '2026-11-21T14:00:04Z' };

describe('the Job of a check', () => {
  it('is taken by the API server, with our name, owner, limits and environment', async () => {
    await createCronJob();
    expect(await ask()).toEqual({ error: { kind: 'job-running', detail: `Job ${NAME} starts` } });
    expect(await findJob()).toMatchObject({
      metadata: {
        labels: { ...question.labels, team: 'shop' },
        ownerReferences: [{ name: 'web', uid: question.owner.uid, controller: true }],
      },
      spec: { suspend: false, ttlSecondsAfterFinished: 86_400, activeDeadlineSeconds: 960, backoffLimit: 0 },
    });
    const name = await podOfJob();
    expect(await client.get(resources.pods, { namespace, name })).toMatchObject({
      spec: { containers: [{ env: [{ name: 'HEADWAY_REVISION', value: 'new' }, {}, { name: 'MODE' }] }] },
    });
  });

  it('is one, however often and by however many it is asked for', async () => {
    await createCronJob();
    await Promise.all(Array.from({ length: 8 }, () => ask()));
    await ask();
    expect((await client.list(resources.jobs, { namespace })).items).toHaveLength(1);
  });

  it('has failed when its pod has, also where no kubelet has a log', async () => {
    await createCronJob();
    await ask();
    await kubeletSays(await podOfJob(), {
      phase: 'Failed',
      ...container({ terminated: { exitCode: 3, reason: 'Error', ...END } }),
    });
    await until('the Job has failed', async () => 'outcome' in (await ask()));
    const detail = `Job ${NAME} failed (exit code 3), and logged nothing`;
    expect(await ask()).toEqual({ outcome: { isGood: false, detail } });
  });

  it('has completed when its pod has', async () => {
    await createCronJob();
    await ask();
    await kubeletSays(await podOfJob(), {
      phase: 'Succeeded',
      ...container({ terminated: { exitCode: 0, reason: 'Completed', ...END } }),
    });
    await until('the Job has completed', async () => 'outcome' in (await ask()));
    expect(await ask()).toMatchObject({
      outcome: { isGood: true, detail: expect.stringMatching(`^Job ${NAME} completed in \\d+s$`) },
    });
  });

  it('that was evicted has said nothing', async () => {
    await createCronJob();
    await ask();
    await kubeletSays(await podOfJob(), { phase: 'Failed', reason: 'Evicted', message: 'disk pressure' });
    const said = `Job ${NAME} has no result: its pod was ended (Evicted)`;
    await until('the Job has failed', async () => JSON.stringify(await ask()).includes(said));
    expect(await ask()).toEqual({ error: { kind: 'job-not-started', detail: said } });
  });

  it('whose image is not there cannot start', async () => {
    await createCronJob();
    await ask();
    await kubeletSays(await podOfJob(), {
      phase: 'Pending',
      ...container({ waiting: { reason: 'ImagePullBackOff', message: 'no such image' } }),
    });
    expect(await ask()).toEqual({
      error: {
        kind: 'job-not-started',
        detail: `Job ${NAME} cannot start: ImagePullBackOff (no such image)`,
      },
    });
  });

  it('runs too long by the time of its pod', async () => {
    await createCronJob();
    await ask();
    const startedAt = new Date().toISOString().replace(/\.\d+/, '');
    await kubeletSays(await podOfJob(), { phase: 'Running', ...container({ running: { startedAt } }) });
    expect(await ask()).toMatchObject({ error: { kind: 'job-running' } });
    expect(await ask(question, Date.now() + 62_000)).toMatchObject({
      outcome: { isGood: false, detail: expect.stringContaining(`Job ${NAME} did not complete within 1m`) },
    });
  });
});

describe('what stands in its way', () => {
  it('a CronJob that is not there', async () => {
    expect(await ask()).toEqual({
      error: {
        kind: 'job-not-started',
        detail: `there is no CronJob smoke in namespace ${namespace}; create it`,
      },
    });
  });

  it('a quota', async () => {
    await createCronJob();
    const quota = { path: `/api/v1/namespaces/${namespace}/resourcequotas` };
    await client.raw('POST', quota.path, {
      body: {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name: 'none' },
        spec: { hard: { 'count/jobs.batch': '0' } },
      },
    });
    await until('the quota is counted', async () =>
      (await client.raw('GET', `${quota.path}/none`)).includes('"used"'),
    );
    expect(await ask()).toEqual({
      error: {
        kind: 'job-not-started',
        detail: expect.stringMatching(`^Job ${NAME} cannot be made: .*exceeded quota: none`),
      },
    });
  });

  it('a Job of somebody else', async () => {
    await createCronJob();
    await ask();
    const other = { ...question, owner: { ...question.owner, uid: 'another' } };
    expect(await ask(other)).toMatchObject({ error: { kind: 'job-not-started' } });
  });
});

describe('what becomes of Jobs', () => {
  it('a newer one of the same check ends what still runs, and leaves other checks alone', async () => {
    await createCronJob();
    const elsewhere = {
      ...question,
      name: 'web-load-x',
      labels: { ...question.labels, 'headway.dev/check': 'load' },
    };
    await ask();
    await ask(elsewhere);
    await ask({ ...question, name: 'web-smoke-newer' });
    await until('the older one is gone', async () => {
      const { items } = await client.list(resources.jobs, { namespace });
      return items.map(({ metadata }) => metadata.name).join() === 'web-load-x,web-smoke-newer';
    });
  });

  it('they go with their owner', async () => {
    await createCronJob();
    await ask();
    await podOfJob();
    await client.delete(resources.configMaps, { namespace, name: 'web' });
    await until(
      'Job and pod are gone',
      async () => (await client.list(resources.jobs, { namespace })).items.length === 0,
    );
  });
});
