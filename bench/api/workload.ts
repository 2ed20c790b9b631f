// SPDX-License-Identifier: Apache-2.0
import { API_VERSION } from '../../operator/api/group.ts';
import type { KubeClient } from '../../operator/kube/client.ts';
import { resources } from '../../operator/kube/resources.ts';
import { demoDeployment, demoService } from '../../test/apps/manifests.ts';
import { forEachOf } from '../many.ts';
import { nullNamespace, nullObjects } from '../null-objects.ts';
import type { CanaryView, Observer } from '../observer.ts';
import { saying } from '../progress.ts';
import { until } from '../watched.ts';

const namespaceCount = 10;
const parallel = 8;
const adoptedWithinMs = 420_000;
const fieldManager = 'bench';

export interface Name {
  namespace: string;
  name: string;
}

/** The name of the Deployment, the Service and the Canary with a number. */
export function nameAt(index: number): Name {
  return {
    namespace: `bench-${index % namespaceCount}`,
    name: `shop-${String(index).padStart(4, '0')}`,
  };
}

export function imageAt(version: number): string {
  return `localhost/shop:${version}.0.0`;
}

/** Five steps, the second of which waits for a person: a change leads to a canary at 20 %, and stays there. */
function canaryAt(name: Name): object {
  return {
    apiVersion: API_VERSION,
    kind: 'Canary',
    metadata: name,
    spec: {
      targetRef: { kind: 'Deployment', name: name.name },
      service: { name: name.name },
      scaleDownDelay: '5s',
      steps: [
        { setWeight: 20 },
        { pause: {} },
        { setWeight: 50 },
        { pause: { duration: '5m' } },
        { setWeight: 80 },
      ],
    },
  };
}

/** Makes the namespaces and waits until pods may be made in them. */
export async function createNamespaces(client: KubeClient): Promise<void> {
  const names = [
    nullNamespace,
    ...Array.from({ length: namespaceCount }, (_, index) => nameAt(index).namespace),
  ];
  await forEachOf(names, parallel, async (name) => {
    await create(client, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  });
  for (const name of names) {
    await until(`the ServiceAccount of ${name}`, 30_000, () => hasAccount(client, name));
  }
}

async function hasAccount(client: KubeClient, namespace: string): Promise<boolean> {
  const list = await client.raw('GET', `/api/v1/namespaces/${namespace}/serviceaccounts`);
  return list.includes('"name":"default"');
}

/** Makes the objects from one number to another (exclusive) and waits until all are adopted. */
export async function addCanaries(observer: Observer, from: number, to: number): Promise<void> {
  const indexes = Array.from({ length: to - from }, (_, index) => from + index);
  const adopted = (): number =>
    indexes.filter((index) => isAdopted(observer.canaries.get(keyAt(index)))).length;
  const work = async (): Promise<void> => {
    await forEachOf(indexes, parallel, (index) => addCanary(observer.client, nameAt(index)));
    await until(`${to - from} Canaries to be adopted`, adoptedWithinMs, () => adopted() === indexes.length);
  };
  await saying(() => `${adopted()} of ${indexes.length} Canaries adopted`, work());
}

export function keyAt(index: number): string {
  const { namespace, name } = nameAt(index);
  return `${namespace}/${name}`;
}

function isAdopted(view: CanaryView | undefined): boolean {
  return view?.stage === 'Idle' && view.phase === 'Healthy' && view.isCurrent;
}

async function addCanary(client: KubeClient, name: Name): Promise<void> {
  const image = imageAt(1);
  await create(client, 'deployments', demoDeployment({ ...name, image, version: '1', replicas: 1 }));
  await create(client, 'services', demoService(name));
  await create(client, 'canaries', canaryAt(name));
}

/** Makes the targets of the null operator and their ConfigMaps. */
export async function addNullTargets(client: KubeClient, count: number): Promise<void> {
  const indexes = Array.from({ length: count }, (_, index) => index);
  await forEachOf(indexes, parallel, async (index) => {
    const { deployment, configMap } = nullObjects(index);
    await create(client, 'configMaps', configMap);
    await create(client, 'deployments', deployment);
  });
}

type Plural = 'namespaces' | 'deployments' | 'services' | 'canaries' | 'configMaps';

async function create(client: KubeClient, plural: Plural, object: object): Promise<void> {
  await client.create(resources[plural], object as Parameters<KubeClient['create']>[1], { fieldManager });
}

/** Gives a Deployment another image, as a release does. */
export async function changeImage(client: KubeClient, name: Name, version: number): Promise<void> {
  await client.jsonPatch(resources.deployments, name, {
    fieldManager,
    operations: [{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: imageAt(version) }],
  });
}
