// SPDX-License-Identifier: Apache-2.0
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { startPart, stopPart } from '../../test/cluster/faults.ts';
import { kubeconfigPath } from '../../test/cluster/node/kubeconfig.ts';
import { layoutOf } from '../../test/cluster/node/layout.ts';
import { pointedAt } from '../../test/faults/proxy/kubeconfig.ts';
import { type FaultProxy, startFaultProxy } from '../../test/faults/proxy/proxy.ts';

/** The parts of a node that send requests on: all that they know of the cluster comes by their watches. */
export const routers = ['traefik', 'kube-proxy'] as const;

/**
 * The end of a watch is held back like its events. What happens meanwhile comes with the next watch, and is held back once
 * more: for that time the part would be up to twice as late as said.
 */
const LONGER_THAN_A_RUN = 86_400;

/**
 * Puts a proxy between a part of a node and the API server, and starts the part anew. It stays who it is: the proxy
 * has its certificate. The kubeconfig of the part is not put back, so that the cluster is one to be ended afterwards.
 */
export async function putBehindProxy(cluster: string, part: (typeof routers)[number]): Promise<FaultProxy> {
  const path = kubeconfigPath(layoutOf(cluster), part);
  const own = `${path}.own`;
  copyFileSync(path, own);
  const proxy = await startFaultProxy(own, { watchSeconds: LONGER_THAN_A_RUN });
  writeFileSync(path, pointedAt(proxy.url, readFileSync(own, 'utf8')), { mode: 0o600 });
  await stopPart(cluster, part);
  await startPart(cluster, part);
  return proxy;
}
