// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from './config.ts';
import { blueGreenKind } from './controllers/blue-green/kind.ts';
import { canaryKind } from './controllers/canary/kind.ts';
import { serveRollouts } from './controllers/rollout/serve.ts';
import type { KubeClient } from './kube/client.ts';
import { createKubeClient } from './kube/create-client.ts';
import type { KubeConfigSource } from './kube/kubeconfig.ts';
import { fenceWrites } from './kube/fence.ts';
import { createHttpPort } from './kube/http.ts';
import { createProbePort } from './kube/probe-port.ts';
import { systemClock } from './runtime/clock.ts';
import { createManager } from './runtime/create-manager.ts';
import type { Log } from './runtime/log.ts';
import type { Manager } from './runtime/manager.ts';
import { createEventRecorder } from './runtime/event-recorder.ts';
import { createSight, type Sight } from './runtime/sight.ts';
import { createLeaderElection, type LeaderElection } from './runtime/leader-election.ts';
import { createLogger } from './telemetry/logger.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import { startTelemetryServers } from './telemetry/http-server.ts';
import { version } from './version.ts';

/** Every kind that is served. */
const KINDS = [canaryKind, blueGreenKind];

export interface Operator {
  /** Finishes what is in work, gives the Lease back, closes everything. */
  stop(reason: string): Promise<void>;
}

/** Puts the parts together and starts them. Resolves once the servers listen; the controllers follow by themselves. */
export async function startOperator(config: Config, hooks: { onLost: () => void }): Promise<Operator> {
  const log = createLogger(config.log);
  const metrics = createMetrics({ version });
  const sight = createSight(systemClock);
  const client = createKubeClient({
    source: sourceOf(config),
    userAgent: `headway/${version}`,
    observe: (verb, kind, status, seconds) => {
      sight.note(status);
      metrics.kubeRequest(verb, kind, status, seconds);
    },
  });
  const identity = `${hostname()}_${randomUUID().slice(0, 8)}`;
  const election = electionOf(config, { client, identity, log, metrics, sight, onLost: hooks.onLost });
  const manager = manage(config, { client, identity, log, metrics, sight, election });
  const servers = await startTelemetryServers({
    healthAddress: config.healthAddress,
    metricsAddress: config.metricsAddress,
    health: { live: () => [], ready: () => (manager.ready() ? [] : waitingFor(manager.pending())) },
    metrics,
    log,
  });
  log.info({ version, identity, namespaces: config.namespaces }, 'headway starts');
  manager.start().catch((error: unknown) => log.info({ err: error }, 'the start was called off'));
  return {
    async stop(reason) {
      log.info({ reason }, 'headway stops');
      await manager.stop();
      await servers.close();
      await client.close();
    },
  };
}

interface Parts {
  readonly client: KubeClient;
  /** Different for every process. */
  readonly identity: string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly sight: Sight;
}

function electionOf(config: Config, parts: Parts & { onLost: () => void }): LeaderElection | undefined {
  const { client, identity, log, metrics, sight, onLost } = parts;
  const { enabled, namespace, name } = config.leaderElection;
  if (!enabled) {
    metrics.setLeader(true);
    return undefined;
  }
  return createLeaderElection({
    client,
    namespace,
    name,
    identity,
    clock: systemClock,
    log,
    onLeading: metrics.setLeader,
    onTaken: (renewedMs) => sight.seenBefore(renewedMs),
    onLost: (reason) => {
      log.error({ reason }, 'the Lease is lost; this process ends, another one takes over');
      onLost();
    },
  });
}

interface Managed extends Parts {
  readonly election: LeaderElection | undefined;
}

/** One set of stores and one controller for each namespace that is served, or one for all. */
function manage(config: Config, parts: Managed): Manager {
  const { identity, log, metrics, sight, election } = parts;
  const clock = systemClock;
  const client = election ? fenceWrites(parts.client, () => election.assertLeading()) : parts.client;
  const recorder = createEventRecorder({
    client,
    controller: 'headway.dev/operator',
    instance: identity,
    clock,
    log,
  });
  const http = createHttpPort();
  const probes = createProbePort();
  const scopes = config.namespaces.length > 0 ? config.namespaces : [undefined];
  const serving = scopes.map((namespace) =>
    serveRollouts(KINDS, {
      client,
      http,
      probes,
      log,
      metrics,
      recorder,
      clock,
      sight,
      workers: config.workers,
      namespace,
      routers: config.routers,
    }),
  );
  return createManager({
    sources: serving.flatMap(({ sources }) => sources),
    controllers: serving.flatMap(({ controllers }) => controllers),
    flushables: [...serving.flatMap(({ flushables }) => flushables), recorder],
    ...(election ? { election } : {}),
    clock,
    log,
    graceMs: config.shutdownGraceMs,
  });
}

function sourceOf({ kubeconfig }: Config): KubeConfigSource {
  if (kubeconfig !== undefined) return { kind: 'file', path: kubeconfig };
  return process.env['KUBERNETES_SERVICE_HOST'] ? { kind: 'in-cluster' } : { kind: 'default' };
}

function waitingFor(pending: readonly string[]): string[] {
  return pending.length > 0 ? [`waits for the caches of ${pending.join(', ')}`] : ['stops'];
}
