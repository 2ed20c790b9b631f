// SPDX-License-Identifier: Apache-2.0
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { CallObserver } from '../kube/client.ts';
import type { ControllerMetrics } from '../runtime/controller.ts';
import type { ReflectorMetrics } from '../runtime/reflector.ts';
import { LANES, type WorkQueueMetrics } from '../runtime/work-queue.ts';

/** What the machinery reports; each part is handed to the thing of the same name. */
export interface RuntimeMetrics {
  readonly controller: Required<ControllerMetrics>;
  readonly queue: Required<WorkQueueMetrics>;
  readonly reflector: Required<ReflectorMetrics>;
  readonly kubeRequest: CallObserver;
  /** Whether this process may write. */
  setLeader(leading: boolean): void;
  /** Creates the series of a controller and its queue at 0, so that the first error is a rise and not a beginning. */
  announce(controller: string): void;
}

const REQUEST_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const RECONCILE_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const WAIT_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10, 60];

export function createRuntimeMetrics(registry: Registry): RuntimeMetrics {
  const reconciles = createReconcileMetrics(registry);
  const queues = createQueueMetrics(registry);
  const requests = new Histogram({
    name: 'headway_kube_request_seconds',
    help: 'Attempts of calls to the API server, by verb, kind and answer (the HTTP code, timeout, connection or protocol).',
    labelNames: ['verb', 'kind', 'code'],
    buckets: REQUEST_BUCKETS,
    registers: [registry],
  });
  const leader = new Gauge({
    name: 'headway_leader',
    help: '1 while this process holds the Lease, else 0.',
    registers: [registry],
  });
  leader.set(0);
  return {
    controller: reconciles.metrics,
    queue: queues.metrics,
    reflector: createReflectorMetrics(registry),
    kubeRequest: (verb, kind, code, seconds) => requests.observe({ verb, kind, code }, seconds),
    setLeader: (leading) => leader.set(leading ? 1 : 0),
    announce(controller) {
      reconciles.announce(controller);
      queues.announce(controller);
    },
  };
}

const ERROR_OUTCOMES = ['error', 'terminal'] as const;

function createReconcileMetrics(registry: Registry) {
  const registers = [registry];
  const seconds = new Histogram({
    name: 'headway_reconcile_seconds',
    help: 'Reconciles by controller and outcome (done, requeue, waiting, terminal, error).',
    labelNames: ['controller', 'outcome'],
    buckets: RECONCILE_BUCKETS,
    registers,
  });
  const errors = new Counter({
    name: 'headway_reconcile_errors_total',
    help: 'Reconciles that threw, by controller and outcome: error (tried again with back-off) or terminal.',
    labelNames: ['controller', 'outcome'],
    registers,
  });
  const mapperErrors = new Counter({
    name: 'headway_mapper_errors_total',
    help: 'Changes that could not be mapped to keys, by controller and store.',
    labelNames: ['controller', 'store'],
    registers,
  });
  const metrics: Required<ControllerMetrics> = {
    reconciled(controller, outcome, duration) {
      seconds.observe({ controller, outcome }, duration);
      if (outcome === 'error' || outcome === 'terminal') errors.inc({ controller, outcome });
    },
    mapperFailed: (controller, store) => mapperErrors.inc({ controller, store }),
  };
  const announce = (controller: string) => {
    for (const outcome of ERROR_OUTCOMES) errors.inc({ controller, outcome }, 0);
  };
  return { metrics, announce };
}

function createQueueMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['queue', 'lane'];
  const depth = new Gauge({
    name: 'headway_workqueue_depth',
    help: 'Keys that are ready to be worked on, by queue and lane.',
    labelNames,
    registers,
  });
  const adds = new Counter({
    name: 'headway_workqueue_adds_total',
    help: 'Keys that became ready, by queue and lane.',
    labelNames,
    registers,
  });
  const waits = new Histogram({
    name: 'headway_workqueue_wait_seconds',
    help: 'How long keys were ready before a worker took them, by queue and lane.',
    labelNames,
    buckets: WAIT_BUCKETS,
    registers,
  });
  const retries = new Counter({
    name: 'headway_workqueue_retries_total',
    help: 'Keys that were put into back-off, by queue.',
    labelNames: ['queue'],
    registers,
  });
  const metrics: Required<WorkQueueMetrics> = {
    depth: (queue, lane, keys) => depth.set({ queue, lane }, keys),
    added: (queue, lane) => adds.inc({ queue, lane }),
    waited: (queue, lane, seconds) => waits.observe({ queue, lane }, seconds),
    retried: (queue) => retries.inc({ queue }),
  };
  const announce = (queue: string) => {
    retries.inc({ queue }, 0);
    for (const lane of LANES) {
      depth.set({ queue, lane }, 0);
      adds.inc({ queue, lane }, 0);
    }
  };
  return { metrics, announce };
}

function createReflectorMetrics(registry: Registry): Required<ReflectorMetrics> {
  const counter = (name: string, help: string, more: string[] = []) =>
    new Counter({ name, help, labelNames: ['resource', ...more], registers: [registry] });
  const lists = counter('headway_lists_total', 'Full lists that were taken in, by resource.');
  const events = counter('headway_watch_events_total', 'Watch events, by resource and type.', ['type']);
  const restarts = counter(
    'headway_watch_restarts_total',
    'Watches that ended and were taken up again, by resource and end (closed, idle, expired, failed).',
    ['end'],
  );
  const failures = counter('headway_watch_failures_total', 'Lists and watches that failed, by resource.');
  return {
    listed: (resource) => lists.inc({ resource }),
    event: (resource, type) => events.inc({ resource, type }),
    watchEnded: (resource, end) => restarts.inc({ resource, end }),
    failed: (resource) => failures.inc({ resource }),
  };
}
