// SPDX-License-Identifier: Apache-2.0
import type { CanaryStatus } from '../../api/canary-status.ts';
import type { CheckBounds } from '../../engine/canary/types.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Sampler } from '../../providers/metrics/sampler.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Controller, WatchTarget } from '../../runtime/controller.ts';
import { type ControllerParts, createController } from '../../runtime/create-controller.ts';
import type { Lane } from '../../runtime/work-queue.ts';
import type { FinishContext } from '../finish.ts';
import type { CanaryProjection } from './canary-projection.ts';
import { reconcileCanary } from './reconcile.ts';
import type { CanaryStores } from './stores.ts';
import type { WriteLedger } from './write-ledger.ts';

/** The status of a Canary before and after a reconcile. */
export interface CanaryChange {
  readonly before: CanaryStatus | undefined;
  readonly after: CanaryStatus;
  readonly nowMs: number;
  readonly bounds: readonly CheckBounds[];
}

/** What is told about canaries besides their status. */
export interface CanaryTelemetry {
  recordCanary(key: string, change: CanaryChange): void;
  forgetCanary(key: string): void;
}

/** All that a reconcile of a Canary works with. */
export interface CanaryController {
  readonly client: KubeClient;
  readonly stores: CanaryStores;
  readonly ledger: WriteLedger;
  readonly sampler: Sampler;
  readonly clock: Clock;
  readonly finishing: FinishContext<CanaryStatus>;
  readonly telemetry: CanaryTelemetry;
}

/** The controller of Canaries, and what wakes it: every object that a Canary names or owns. */
export function createCanaryController(
  parts: CanaryController,
  runtime: Omit<ControllerParts, 'name' | 'reconcile'>,
): Controller {
  const controller = createController({
    ...runtime,
    name: 'canary',
    reconcile: (key, run) => reconcileCanary(parts, key, run),
  });
  const { stores } = parts;

  function named(index: string, value: string, wake: { lane?: Lane; reason: string }): WatchTarget[] {
    return stores.canaries.byIndex(index, value).map((canary) => ({ key: keyOfCanary(canary), ...wake }));
  }

  controller.watch(stores.canaries, ({ key }) => [{ key, lane: 'step', reason: 'canary' }]);
  controller.watch(stores.deployments, ({ key, value }) => [
    ...named('target', key, { lane: 'step', reason: 'target' }),
    ...(value.controllerUid ? named('uid', value.controllerUid, { lane: 'step', reason: 'revision' }) : []),
  ]);
  controller.watch(stores.services, ({ key }) => named('service', key, { lane: 'step', reason: 'service' }));
  controller.watch(stores.endpointSlices, ({ value }) =>
    named('service', `${value.namespace}/${value.service}`, { lane: 'step', reason: 'endpoints' }),
  );
  controller.watch(stores.pods, ({ value }) =>
    named('label', `${value.namespace}/${value.canary}`, { lane: 'status', reason: 'pod' }),
  );
  controller.watch(stores.ingresses, ({ key }) => named('ingress', key, { lane: 'step', reason: 'route' }));
  controller.watch(stores.templates, ({ key }) =>
    named('template', key, { lane: 'step', reason: 'analysis template' }),
  );
  return controller;
}

function keyOfCanary({ namespace, name }: CanaryProjection): string {
  return `${namespace}/${name}`;
}
