// SPDX-License-Identifier: Apache-2.0
import type { Probe } from '../../engine/analysis/probe-types.ts';
import type { FindProvider, MetricsProvider } from '../metrics/types.ts';
import { askJob, type AskJobParts } from './ask-job.ts';
import { askPods, type AskPodsParts } from './ask-pods.ts';

export interface FindAskedParts extends AskPodsParts, AskJobParts {
  /** Who answers what is no probe. */
  readonly metrics: FindProvider;
}

/** A Job takes several calls to the API server. */
const JOB_TIMEOUT_MS = 30_000;

/** Sends probes to the pods of the release and to its Jobs, and everything else to the metrics providers. */
export function createFindAsked(parts: FindAskedParts): FindProvider {
  return (query, namespace) => {
    const { probe } = query;
    if (!probe) return parts.metrics(query, namespace);
    const timeoutMs = probe.kind === 'job' ? JOB_TIMEOUT_MS : probe.timeoutMs;
    return { provider: providerOf(probe, parts), timeoutMs };
  };
}

function providerOf(probe: Probe, parts: FindAskedParts): MetricsProvider {
  return {
    query: (_expression, { signal }) =>
      probe.kind === 'job' ? askJob(probe, parts, signal) : askPods(probe, parts, signal),
  };
}
