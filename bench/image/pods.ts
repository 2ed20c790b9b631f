// SPDX-License-Identifier: Apache-2.0
import { get } from 'node:http';
import { z } from 'zod';
import type { KubeClient } from '../../operator/kube/client.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { resources } from '../../operator/kube/resources.ts';
import type { Store } from '../../operator/runtime/store.ts';
import { imagePaths } from '../../scripts/bundle/launch.ts';
import { appPort, demoDeployment } from '../../test/apps/manifests.ts';
import { operatorPod, operatorPodNamespace, operatorPorts } from '../../test/cluster/operator-pod.ts';
import { findProcess } from '../../test/cluster/pod-process.ts';
import { type Memory, settledMemory } from '../memory.ts';
import { spreadOf } from '../percentiles.ts';
import { say } from '../progress.ts';
import type { ImageResults } from '../results.ts';
import { until, watchResource } from '../watched.ts';
import { ageOf } from './process-age.ts';

export interface Images {
  readonly demo: string;
  readonly operator: string;
}

interface Started {
  /** From the API server's answer to the creation to the first 200. */
  readonly readyMs: number;
  readonly podUid: string;
}

interface Pod {
  readonly manifest: object;
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  readonly path: string;
}

const withinMs = 60_000;

/** Starts pods of the demo app and of the operator in turn, each on a node that has the images. */
export async function measurePods(
  client: KubeClient,
  images: Images,
  times: number,
): Promise<ImageResults['pod']> {
  const pods = await watchResource({ client, resource: resources.pods, project: addressOf });
  const demo: number[] = [];
  const ready: number[] = [];
  const own: number[] = [];
  let memory: Memory | undefined;
  for (let left = times; left > 0; left -= 1) {
    demo.push((await start(client, pods.store, demoPod(images.demo))).readyMs);
    await end(client, pods.store, demoPod(images.demo));
    const pod = ownPod(images.operator);
    const { readyMs, podUid } = await start(client, pods.store, pod);
    const pid = findProcess({ podUid, word: imagePaths.program });
    own.push(ageOf(pid));
    ready.push(readyMs);
    say(`pod ready after ${Math.round(readyMs)} ms`);
    if (left === 1) memory = await settledMemory(pid);
    await end(client, pods.store, pod);
  }
  await pods.stop();
  if (memory === undefined) throw new Error('no pod was started');
  return { demo: spreadOf(demo), ready: spreadOf(ready), process: spreadOf(own), memory };
}

const Addressed = z.looseObject({
  status: z.looseObject({ podIP: z.string().default('') }).prefault({}),
});

function addressOf(object: KubeObject): string {
  return Addressed.parse(object).status.podIP;
}

function demoPod(image: string): Pod {
  const [namespace, name] = ['default', 'demo'];
  const { template } = demoDeployment({ name, namespace, image, version: '1' }).spec;
  const metadata = { ...template.metadata, name, namespace };
  return {
    manifest: { apiVersion: 'v1', kind: 'Pod', metadata, spec: template.spec },
    namespace,
    name,
    port: appPort,
    path: '/healthz',
  };
}

function ownPod(image: string): Pod {
  const name = 'bench';
  const manifest = operatorPod({ name, image, args: [`--leader-election-name=${name}`] });
  return { manifest, namespace: operatorPodNamespace, name, port: operatorPorts.health, path: '/readyz' };
}

type Created = Parameters<KubeClient['create']>[1];

async function start(client: KubeClient, pods: Store<string>, pod: Pod): Promise<Started> {
  const { manifest, namespace, name, port, path } = pod;
  const created = await client.create(resources.pods, manifest as Created, { fieldManager: 'bench' });
  const startedMs = performance.now();
  await until(`${name} to have an address`, withinMs, () => (pods.get(`${namespace}/${name}`) ?? '') !== '');
  const address = pods.get(`${namespace}/${name}`) ?? '';
  await until(`${name} to be ready`, withinMs, () => answers(`http://${address}:${port}${path}`));
  return { readyMs: performance.now() - startedMs, podUid: created.metadata.uid ?? '' };
}

async function end(client: KubeClient, pods: Store<string>, { namespace, name }: Pod): Promise<void> {
  await client.delete(resources.pods, { namespace, name });
  await until(`${name} to be gone`, withinMs, () => pods.get(`${namespace}/${name}`) === undefined);
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(url, { agent: false, timeout: 1_000 }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode === 200));
    })
      .on('timeout', function (this: { destroy(): void }) {
        this.destroy();
      })
      .on('error', () => resolve(false)); // it does not listen yet
  });
}
