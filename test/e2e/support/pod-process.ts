// SPDX-License-Identifier: Apache-2.0
import { imagePaths } from '../../../scripts/bundle/launch.ts';
import { findProcess } from '../../cluster/pod-process.ts';
import { kubectl } from './kubectl.ts';

/**
 * Ends the process of the operator in a pod by SIGKILL, as a node does that has no memory left: it gives nothing back.
 * Deleting the pod, even by force, lets it end in peace.
 */
export async function killInPod(namespace: string, pod: string): Promise<void> {
  const podUid = await kubectl([
    'get',
    'pod',
    pod,
    `--namespace=${namespace}`,
    '--output=jsonpath={.metadata.uid}',
  ]);
  process.kill(findProcess({ podUid, word: imagePaths.program }), 'SIGKILL');
}
