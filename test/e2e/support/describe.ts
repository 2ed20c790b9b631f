// SPDX-License-Identifier: Apache-2.0
import type { RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import { kubectl } from './kubectl.ts';
import { operatorLogTail } from './operator.ts';
import { shop } from './objects.ts';

/** What somebody needs who has to find out why a story did not go on: status, events, pods, the operator's last words. */
export async function describeStory(
  namespace: string,
  operatorLog: string | undefined,
  kind: RolloutKind = 'Canary',
): Promise<string> {
  const parts = [
    ['get', kind, shop, '-o', 'yaml'],
    ['get', 'deployments,replicasets,services,ingresses,pods', '-o', 'wide', '--show-labels'],
    ['get', 'httproutes,traefikservices', '-o', 'yaml'],
    ['get', 'events.v1.events.k8s.io', '--sort-by=.metadata.creationTimestamp'],
  ];
  const said: string[] = [];
  for (const args of parts) said.push(`$ kubectl ${args.join(' ')}\n${await attempt(args, namespace)}`);
  if (operatorLog !== undefined) said.push(operatorLogTail(operatorLog));
  return said.join('\n');
}

/** What cannot be shown must not hide what went wrong before. */
async function attempt(args: readonly string[], namespace: string): Promise<string> {
  try {
    return (await kubectl(['--namespace', namespace, ...args])).trim();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
