// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { run } from '../shell.ts';
import { keyPairOf } from './certificates.ts';
import type { Probe, ProbeAnswer } from './inside/probe.ts';
import { type Layout, nodeName, ports } from './layout.ts';

const program = join(import.meta.dirname, 'inside/probe.ts');

/** Asks probes from inside the cluster's network, again and again until all succeed or `waitMs` is over. */
export async function probe(
  layout: Layout,
  probes: readonly Probe[],
  waitMs: number,
): Promise<ProbeAnswer[]> {
  const command = [`--net=${layout.netnsPath}`, '--', process.execPath, program, String(waitMs)];
  const output = await run('nsenter', command, {
    input: JSON.stringify(probes),
    env: { PATH: process.env['PATH'] },
  });
  return JSON.parse(output) as ProbeAnswer[];
}

/** Pods can be made: the namespace `default` has its ServiceAccount. */
export function namespaceProbe(layout: Layout): Probe {
  return {
    name: 'namespace default',
    url: apiUrl('/api/v1/namespaces/default/serviceaccounts/default'),
    ...admin(layout),
  };
}

/** The node is Ready. */
export function nodeProbe(layout: Layout): Probe {
  return {
    name: `node ${nodeName}`,
    url: apiUrl(`/api/v1/nodes/${nodeName}`),
    ...admin(layout),
    expect: '"type":\\s*"Ready",\\s*"status":\\s*"True"',
  };
}

/** The API of the metrics answers through the API server. */
export function metricsApiProbe(layout: Layout): Probe {
  return {
    name: 'metrics.k8s.io',
    url: apiUrl('/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io'),
    ...admin(layout),
    expect: '"type":\\s*"Available",\\s*"status":\\s*"True"',
  };
}

function apiUrl(path: string): string {
  return `https://127.0.0.1:${ports.apiserver}${path}`;
}

function admin(layout: Layout): Pick<Probe, 'authority' | 'client'> {
  return { authority: keyPairOf(layout, 'ca').certificate, client: keyPairOf(layout, 'admin') };
}
