// SPDX-License-Identifier: Apache-2.0
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type RolloutMetrics, createRolloutMetrics } from './rollout-metrics.ts';
import { createRuntimeMetrics, type RuntimeMetrics } from './runtime-metrics.ts';

/** Everything that /metrics shows, and the ways to report to it. */
export interface Metrics extends RolloutMetrics, RuntimeMetrics {
  /** The text of /metrics. */
  render(): Promise<string>;
  readonly contentType: string;
}

/** Often enough to see a stall of the event loop, seldom enough to cost nothing at rest. */
const EVENT_LOOP_RESOLUTION_MS = 250;

/** A registry of its own for each call; nothing is shared between two. `process: false` leaves out Node's own metrics. */
export function createMetrics(build: { readonly version: string; readonly process?: boolean }): Metrics {
  const registry = new Registry();
  if (build.process ?? true) {
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_RESOLUTION_MS });
  }
  new Gauge({
    name: 'headway_build_info',
    help: 'Always 1: the version of Headway and of Node.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version: build.version, node: process.versions.node }, 1);
  return {
    ...createRolloutMetrics(registry),
    ...createRuntimeMetrics(registry),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
