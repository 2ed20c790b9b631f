// SPDX-License-Identifier: Apache-2.0
// The floor: the least that any operator does on the operator's own transport. One list and watch of Deployments; for each
// change of a spec one PATCH of an annotation of the ConfigMap with the Deployment's name. No queue, no cache, no
// thought. `node bench/null-operator/main.ts KUBECONFIG`
import type { KubeObject, WatchEvent } from '../../operator/kube/objects.ts';
import { createKubeClient } from '../../operator/kube/create-client.ts';
import { resources } from '../../operator/kube/resources.ts';
import { nullAnnotation, nullLabel } from '../null-objects.ts';

const path = process.argv[2];
if (path === undefined) throw new Error('the null operator needs the path of a kubeconfig');
const client = createKubeClient({ source: { kind: 'file', path }, userAgent: 'headway-bench-null' });
const generations = new Map<string, number>();

function isNew({ metadata: { name = '', generation = 0 } }: KubeObject): boolean {
  const before = generations.get(name);
  generations.set(name, generation);
  return before !== undefined && before !== generation;
}

function take({ type, object }: WatchEvent): void {
  if (type === 'ERROR') throw new Error(`the watch failed: ${JSON.stringify(object)}`);
  const { namespace = '', name = '', generation = 0, labels = {} } = object.metadata;
  if (labels[nullLabel] === undefined || !isNew(object)) return;
  const patch = { metadata: { annotations: { [nullAnnotation]: String(generation) } } };
  void client.mergePatch(resources.configMaps, { namespace, name }, { patch });
}

const { items, metadata } = await client.list(resources.deployments);
for (const item of items) isNew(item);
console.log('the null operator watches');
const from = { resourceVersion: metadata.resourceVersion, timeoutSeconds: 3_600 };
for await (const event of client.watch(resources.deployments, from)) take(event);
throw new Error('the watch has ended');
