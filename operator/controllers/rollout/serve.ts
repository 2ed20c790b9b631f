// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../api/rollout-status.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { HttpPort } from '../../kube/http.ts';
import type { ProbePort } from '../../kube/probe-port.ts';
import { resources } from '../../kube/resources.ts';
import { createFindProvider } from '../../providers/metrics/find-provider.ts';
import { createSampler } from '../../providers/metrics/sampler.ts';
import { createFindAsked } from '../../providers/probes/find-asked.ts';
import { type Clock, NO_LONGER_NEEDED } from '../../runtime/clock.ts';
import type { Controller, ControllerMetrics } from '../../runtime/controller.ts';
import { createWorkQueue } from '../../runtime/create-work-queue.ts';
import type { EventRecorder } from '../../runtime/event-recorder.ts';
import type { Log } from '../../runtime/log.ts';
import type { Flushable, Source } from '../../runtime/manager.ts';
import { createOwnWrites } from '../../runtime/own-writes.ts';
import type { ReflectorMetrics } from '../../runtime/reflector.ts';
import type { Sight } from '../../runtime/sight.ts';
import type { WorkQueueMetrics } from '../../runtime/work-queue.ts';
import { createConfigReader } from './config-reader.ts';
import { createRolloutController } from './controller.ts';
import type { RolloutTelemetry } from './parts.ts';
import { createFindPods } from './probed-pods.ts';
import { type RolloutStores, createRolloutStores } from './stores.ts';
import { createWriteLedger } from './write-ledger.ts';

export interface ServeParts {
  readonly client: KubeClient;
  /** The way to the metrics providers. */
  readonly http: Pick<HttpPort, 'fetchText'>;
  /** The way to the pods of a release. */
  readonly probes: ProbePort;
  readonly log: Log;
  readonly metrics: RolloutTelemetry & {
    readonly controller: ControllerMetrics;
    readonly queue: WorkQueueMetrics;
    readonly reflector: ReflectorMetrics;
    announce(controller: string): void;
  };
  readonly recorder: EventRecorder;
  readonly clock: Clock;
  readonly sight: Pick<Sight, 'since'>;
  readonly workers: number;
  /** Only this namespace; undefined: all. */
  readonly namespace: string | undefined;
}

/** What serves the Canaries of one scope, to be started and stopped by a manager. */
export interface Serving {
  readonly sources: readonly Source[];
  readonly controller: Controller;
  readonly sampling: Flushable;
}

/** Puts stores, sampler and controller of Canaries together. */
export function serveCanaries(parts: ServeParts): Serving {
  const { client, clock, log, metrics } = parts;
  metrics.announce('canary');
  const { stores, sources } = createRolloutStores({
    client,
    log,
    clock,
    namespace: parts.namespace,
    metrics: metrics.reflector,
  });
  const ownWrites = createOwnWrites(clock);
  const queue = createWorkQueue({ name: 'canary', clock, metrics: metrics.queue });
  const onResult = (owner: string) => queue.add(owner, { lane: 'rollback', reason: 'metrics' });
  const sampler = createSampler({
    clock: { now: clock.now, setTimer: (ms, run) => setTimer(clock, ms, run) },
    providers: createFindAsked({
      metrics: createFindProvider((name) => readProvider(stores, name), parts.http),
      findPods: createFindPods(stores),
      port: parts.probes,
      client,
      now: clock.now,
    }),
    onResult,
  });
  const finishing = {
    client,
    resource: resources.canaries,
    store: stores.canaries,
    ownWrites,
    recorder: parts.recorder,
    clock,
    describeFailure: (status: RolloutStatus, failure: { kind: string }): RolloutStatus =>
      failure.kind === 'terminal' ? { ...status, phase: 'Invalid' } : status,
  };
  const controller = createRolloutController(
    {
      client,
      stores,
      ledger: createWriteLedger(ownWrites, stores.canaries, parts.sight),
      sampler,
      config: createConfigReader({ client, stores, clock }),
      clock,
      sight: parts.sight,
      finishing,
      telemetry: metrics,
    },
    { queue, clock, log, workers: parts.workers, metrics: metrics.controller },
  );
  return { sources, controller, sampling: { name: 'sampler', stop: async () => sampler.stop() } };
}

function readProvider(stores: RolloutStores, name: string) {
  const found = stores.providers.get(name);
  if (!found) return undefined;
  return found.spec ? { spec: found.spec } : { problem: found.problem ?? 'its spec cannot be read' };
}

function setTimer(clock: Clock, ms: number, run: () => void): () => void {
  const cancelled = new AbortController();
  clock.sleep(ms, cancelled.signal).then(run, () => undefined); // cancelled
  return () => cancelled.abort(NO_LONGER_NEEDED);
}
