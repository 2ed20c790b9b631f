// SPDX-License-Identifier: Apache-2.0
import type { MetricsProviderSpec } from '../../api/metrics-provider.ts';
import { durationMs } from '../../api/duration.ts';
import type { HttpPort } from '../../kube/http.ts';
import { createPrometheus } from './prometheus/prometheus.ts';
import type { FindProvider, ProviderLookup } from './types.ts';

/** The spec of a MetricsProvider by name, or what is wrong with it; undefined: there is none. */
export type ReadProvider = (
  name: string,
) => { readonly spec: MetricsProviderSpec } | { readonly problem: string } | undefined;

/** Finds providers among the MetricsProviders of the cluster and keeps to their allowedNamespaces. */
export function createFindProvider(read: ReadProvider, http: Pick<HttpPort, 'fetchText'>): FindProvider {
  return ({ provider: name }, namespace) => {
    const found = read(name);
    if (!found) return problem('not-found', `there is no MetricsProvider ${name}`);
    if ('problem' in found)
      return problem('not-found', `MetricsProvider ${name} is invalid: ${found.problem}`);
    const { address, allowedNamespaces, timeout } = found.spec;
    if (allowedNamespaces && !allowedNamespaces.includes(namespace))
      return problem('not-allowed', `MetricsProvider ${name} does not allow namespace ${namespace}`);
    return { provider: createPrometheus(address, http), timeoutMs: durationMs(timeout) };
  };
}

function problem(kind: 'not-found' | 'not-allowed', detail: string): ProviderLookup {
  return { problem: { kind, detail } };
}
