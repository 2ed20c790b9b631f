// SPDX-License-Identifier: Apache-2.0
import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { addresses, type Layout } from './layout.ts';
import { run } from '../shell.ts';

// A bridge, not a dummy device, holds the node's address: some kernels have no dummy device. The default route
// leads nowhere: nothing can leave, but programs that look for "the" interface find one.
const setUp = `
set -e
ip link set lo up
ip link add node0 type bridge
ip addr add ${addresses.nodePrefix} dev node0
ip link set node0 up
ip route add default dev node0
sysctl -qw net.ipv4.ip_forward=1
# A port number comes back in seconds under load; its old entry would still lead to a pod that is gone.
sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=1
`;

/** Makes the cluster's network namespace with the node's address in it. */
export async function createNetwork(layout: Layout): Promise<void> {
  await run('ip', ['netns', 'add', layout.netns]);
  await run('nsenter', [`--net=${layout.netnsPath}`, '--', 'sh', '-c', setUp]);
}

export async function removeNetwork(layout: Layout): Promise<void> {
  if (existsSync(layout.netnsPath)) {
    await run('ip', ['netns', 'delete', layout.netns]);
  }
}

/** The processes in the cluster's network namespace, started by the cluster or by `exec`. */
export async function networkPids(layout: Layout): Promise<number[]> {
  if (!isNamespaceMounted(layout.netnsPath)) {
    return [];
  }
  const output = await run('ip', ['netns', 'pids', layout.netns]);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}

/** Whether a namespace is held there; a plain file is what an unmount leaves behind. */
export function isNamespaceMounted(path: string): boolean {
  return existsSync(path) && statSync(path).dev !== statSync(dirname(path)).dev;
}
