// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { kubectl } from './kubectl.ts';

/**
 * Ends the process of the operator in a pod by SIGKILL, as a node does that has no memory left: it gives nothing back.
 * Deleting the pod, even by force, lets it end in peace.
 */
export async function killInPod(namespace: string, pod: string): Promise<void> {
  const uid = await kubectl([
    'get',
    'pod',
    pod,
    `--namespace=${namespace}`,
    '--output=jsonpath={.metadata.uid}',
  ]);
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const [pid, ...others] = pids.filter((one) => isOfPod(one, uid) && read(one, 'comm').startsWith('node'));
  if (pid === undefined || others.length > 0) {
    throw new Error(`pod ${pod} has not one process of Node, but ${[pid ?? [], others].flat().length}`);
  }
  process.kill(Number(pid), 'SIGKILL');
}

function isOfPod(pid: string, uid: string): boolean {
  return read(pid, 'cgroup').includes(uid);
}

/** A file of /proc; empty where the process is gone. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return '';
    throw error;
  }
}
