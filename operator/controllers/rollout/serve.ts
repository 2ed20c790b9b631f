// SPDX-License-Identifier: Apache-2.0
import type { RouterName } from '../../api/traffic.ts';
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
import type { KindStatus } from '../finish.ts';
import { createConfigReader } from './config-reader.ts';
import { createRolloutController } from './controller.ts';
import type { RolloutTelemetry } from './parts.ts';
import { createFindPods } from './probed-pods.ts';
import type { ServedKind } from './served-kind.ts';
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
  readonly sight: Pick<Sight, 'since' | 'heardSince'>;
  readonly workers: number;
  /** Only this namespace; undefined: all. */
  readonly namespace: string | undefined;
  /** The routers that are served; of the others no kind is read. Absent: all. */
  readonly routers?: readonly RouterName[] | undefined;
}

/** What serves the releases of one scope, to be started and stopped by a manager. */
export interface Serving {
  readonly sources: readonly Source[];
  readonly controllers: readonly Controller[];
  readonly flushables: readonly Flushable[];
}

/** Puts together the stores, and for each kind its controller. */
export function serveRollouts(kinds: readonly ServedKind[], parts: ServeParts): Serving {
  const { stores, sources } = createRolloutStores({
    kinds: kinds.map(({ resource }) => resource),
    client: parts.client,
    log: parts.log,
    clock: parts.clock,
    namespace: parts.namespace,
    routers: parts.routers,
    metrics: parts.metrics.reflector,
  });
  const served = kinds.map((kind) => serveKind(kind, stores, parts));
  return {
    sources,
    controllers: served.map(({ controller }) => controller),
    flushables: served.map(({ sampling }) => sampling),
  };
}

function serveKind(
  kind: ServedKind,
  stores: RolloutStores,
  parts: ServeParts,
): { controller: Controller; sampling: Flushable } {
  const { client, clock, log, metrics } = parts;
  metrics.announce(kind.name);
  const ownWrites = createOwnWrites(clock);
  const objects = stores[kind.resource];
  const queue = createWorkQueue({ name: kind.name, clock, metrics: metrics.queue });
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
  const resource = resources[kind.resource];
  const controller = createRolloutController(
    {
      kind,
      client,
      stores,
      ledger: createWriteLedger(ownWrites, objects, parts.sight),
      sampler,
      config: createConfigReader({ client, stores, clock }),
      clock,
      sight: parts.sight,
      routers: parts.routers,
      finishing: {
        client,
        resource,
        store: objects,
        ownWrites,
        recorder: parts.recorder,
        clock,
        describeFailure,
      },
      telemetry: metrics,
    },
    { queue, clock, log, workers: parts.workers, metrics: metrics.controller },
  );
  return { controller, sampling: { name: `sampler of ${kind.name}`, stop: async () => sampler.stop() } };
}

/** What a failure changes in the status besides its conditions. */
export function describeFailure(status: KindStatus, { kind }: { kind: string }): KindStatus {
  return kind === 'terminal' ? { ...status, phase: 'Invalid' } : status;
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
