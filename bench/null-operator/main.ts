// SPDX-License-Identifier: Apache-2.0
// The floor: the least that any operator does on the operator's own transport. One watch on Deployments; for each
// change of a spec one PATCH of an annotation of the ConfigMap with the Deployment's name. No queue, no cache, no
// thought. `node bench/null-operator/main.ts KUBECONFIG`
import type { WatchEvent } from '../../operator/kube/objects.ts';
import { createKubeClient } from '../../operator/kube/create-client.ts';
import { resources } from '../../operator/kube/resources.ts';
import { nullAnnotation, nullLabel } from '../null-objects.ts';

const path = process.argv[2];
if (path === undefined) throw new Error('the null operator needs the path of a kubeconfig');
const client = createKubeClient({ source: { kind: 'file', path }, userAgent: 'headway-bench-null' });
const generations = new Map<string, number>();

function take({ type, object }: WatchEvent): void {
  const { namespace = '', name = '', generation = 0, labels = {} } = object.metadata;
  if (type === 'ERROR') throw new Error(`the watch failed: ${JSON.stringify(object)}`);
  if (labels[nullLabel] === undefined) return;
  const before = generations.get(name);
  generations.set(name, generation);
  if (before === undefined || before === generation) return;
  const patch = { metadata: { annotations: { [nullAnnotation]: String(generation) } } };
  void client.mergePatch(resources.configMaps, { namespace, name }, { patch });
}

console.log('the null operator watches');
for await (const event of client.watch(resources.deployments, { timeoutSeconds: 3_600 })) take(event);
throw new Error('the watch has ended');
