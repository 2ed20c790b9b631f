// SPDX-License-Identifier: Apache-2.0
import type { KubeClient } from '../../operator/kube/client.ts';
import { isAlreadyExists } from '../../operator/kube/errors.ts';
import { resources } from '../../operator/kube/resources.ts';
import { microTime } from '../../operator/runtime/micro-time.ts';

export const nodeName = 'bench-node';
const heartbeatMs = 10_000;

/** A Node without a machine: pods can be bound to it, and its Lease keeps it ready. Answers the way to end that. */
export async function startNodeStandIn(client: KubeClient): Promise<() => void> {
  const now = new Date().toISOString();
  const ready = { type: 'Ready', status: 'True', lastHeartbeatTime: now, lastTransitionTime: now };
  const resourcesOfNode = { cpu: '1000', memory: '4Ti', pods: '100000' };
  await createNode(client, {
    conditions: [{ ...ready, reason: 'StandIn', message: 'there is no machine behind this node' }],
    capacity: resourcesOfNode,
    allocatable: resourcesOfNode,
  });
  const lease = { namespace: 'kube-node-lease', name: nodeName };
  const spec = () => ({
    holderIdentity: nodeName,
    leaseDurationSeconds: 40,
    renewTime: microTime(Date.now()),
  });
  await client.apply(
    resources.leases,
    { metadata: lease, spec: spec() },
    { fieldManager: 'bench', force: true },
  );
  const timer = setInterval(() => {
    void client.mergePatch(resources.leases, lease, { patch: { spec: spec() } });
  }, heartbeatMs);
  return () => clearInterval(timer);
}

/** A cluster that is used a second time has it already. */
async function createNode(client: KubeClient, status: object): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName }, status };
  try {
    await client.raw('POST', '/api/v1/nodes', { body });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}
