// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { KubeClient } from '../../operator/kube/client.ts';
import { resources } from '../../operator/kube/resources.ts';
import type { Store } from '../../operator/runtime/store.ts';
import { startLoad } from '../../test/apps/load.ts';
import type { Observer } from '../observer.ts';
import type { DrainRun } from '../results.ts';
import { until } from '../watched.ts';
import { canaryOf, deploymentOf, replicas, serviceOf, shop } from './objects.ts';
import { areExactly, type PodView } from './pods.ts';

export const ratePerSecond = 300;
const startedWithinMs = 90_000;
const overWithinMs = 120_000;
/** Good seconds before pods go, and the time after them in which a late loss would show. */
const calmSeconds = 2;
const fieldManager = 'bench';

type Created = Parameters<KubeClient['create']>[1];

export interface Run extends Pick<DrainRun, 'act' | 'by' | 'connections'> {
  observer: Observer;
  pods: Store<PodView>;
  namespace: string;
  image: string;
}

/** Requests to a plain Service while pods of it go, in a namespace that is made for it and deleted. */
export async function measureRun(run: Run): Promise<DrainRun> {
  await begin(run);
  const { act: what, by, connections } = run;
  const load = await startLoad({ url: await urlOf(run), host: shop, ratePerSecond, connections });
  try {
    await load.waitFor('good answers', (seconds) => isCalm(seconds.slice(-calmSeconds)), startedWithinMs);
    await act(run);
    await until(`${run.namespace}: the pods to have gone`, overWithinMs, () => isOver(run));
    const overAt = load.seconds().length;
    await load.waitFor('the time after', ({ length }) => length >= overAt + calmSeconds, overWithinMs);
  } finally {
    await load.stop();
  }
  await end(run);
  const { sent, lostTotal } = await load.summary();
  return { act: what, by, connections, sent, lost: lostTotal };
}

async function begin(run: Run): Promise<void> {
  const { observer, namespace, image, by } = run;
  const create = async (plural: keyof typeof resources, object: object): Promise<void> => {
    await observer.client.create(resources[plural], object as Created, { fieldManager });
  };
  await create('namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await create('deployments', deploymentOf(namespace, image, 'v1'));
  await create('services', serviceOf(namespace));
  if (by === 'headway') {
    await create('canaries', canaryOf(namespace));
    await until(`${namespace} to be adopted`, startedWithinMs, () => isAtRest(run));
  }
  await until(`the pods of ${namespace}`, startedWithinMs, () => hasExactly(run, replicas, 'v1'));
}

const ServiceAddress = z.looseObject({ clusterIP: z.string() });

async function urlOf({ observer, namespace }: Run): Promise<string> {
  const service = await observer.client.get(resources.services, { namespace, name: shop });
  return `http://${ServiceAddress.parse(service['spec']).clusterIP}:80/`;
}

function isCalm(seconds: readonly { ok: number; lostTotal: number }[]): boolean {
  return seconds.length === calmSeconds && seconds.every(({ ok, lostTotal }) => ok > 0 && lostTotal === 0);
}

/** Half of the pods scaled away, as an autoscaler does it, or another version. */
async function act({ observer, namespace, image, act: what, by }: Run): Promise<void> {
  const { client } = observer;
  if (what === 'release') {
    const object = deploymentOf(namespace, image, 'v2');
    await client.apply(resources.deployments, object, { fieldManager, force: true });
    return;
  }
  const scaled = by === 'headway' ? resources.canaries : resources.deployments;
  const patch = { spec: { replicas: replicas / 2 } };
  await client.mergePatch(scaled, { namespace, name: shop }, { fieldManager, patch });
}

function isOver(run: Run): boolean {
  if (run.act === 'scale') return hasExactly(run, replicas / 2, 'v1');
  return hasExactly(run, replicas, 'v2') && (run.by === 'hand' || isAtRest(run));
}

function isAtRest({ observer, namespace }: Run): boolean {
  const view = observer.canaries.get(`${namespace}/${shop}`);
  return view?.stage === 'Idle' && view.phase === 'Healthy';
}

function hasExactly({ pods, namespace }: Run, count: number, version: string): boolean {
  return areExactly(pods.list(namespace), count, version);
}

async function end({ observer, pods, namespace }: Run): Promise<void> {
  await observer.client.delete(resources.namespaces, { name: namespace });
  await until(`${namespace} to be empty`, overWithinMs, () => pods.list(namespace).length === 0);
}
