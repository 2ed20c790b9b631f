// SPDX-License-Identifier: Apache-2.0
// Processes of pods, as this machine sees them: it is the node.
import { readdirSync, readFileSync } from 'node:fs';

/** A program in a pod, found by the pod's uid and a word of the command line. */
export interface Wanted {
  readonly podUid: string;
  readonly word: string;
}

/** Whether a process is of a pod and has the word on its command line; `cgroup` and `cmdline` are files of /proc/PID. */
export function isWanted({ podUid, word }: Wanted, cgroup: string, cmdline: string): boolean {
  return cgroup.includes(`pod${podUid}/`) && cmdline.split('\0').includes(word);
}

/** The process; throws when there is not exactly one. */
export function findProcess(wanted: Wanted): number {
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isWanted(wanted, readOf(pid, 'cgroup'), readOf(pid, 'cmdline')));
  const [pid] = found;
  if (pid === undefined || found.length > 1) {
    throw new Error(`${found.length} processes of pod ${wanted.podUid} run ${wanted.word}`);
  }
  return pid;
}

function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
