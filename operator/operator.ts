// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from './config.ts';
import { type Serving, serveCanaries } from './controllers/canary/serve.ts';
import { createKubeClient } from './kube/create-client.ts';
import type { KubeConfigSource } from './kube/credentials.ts';
import { fenceWrites } from './kube/fence.ts';
import { systemClock } from './runtime/clock.ts';
import { createManager } from './runtime/create-manager.ts';
import { createEventRecorder } from './runtime/event-recorder.ts';
import { createLeaderElection } from './runtime/leader-election.ts';
import { createLogger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { startTelemetryServers } from './telemetry/http-server.ts';
import { version } from './version.ts';

export interface Operator {
  /** Finishes what is in work, gives the Lease back, closes everything. */
  stop(reason: string): Promise<void>;
}

/** Puts the parts together and starts them. Resolves once the servers listen; the controllers follow by themselves. */
export async function startOperator(config: Config, hooks: { onLost: () => void }): Promise<Operator> {
  const log = createLogger(config.log);
  const metrics = createMetrics({ version });
  const client = createKubeClient({
    source: sourceOf(config),
    userAgent: `headway/${version}`,
    observe: metrics.kubeRequest,
  });
  const identity = `${hostname()}_${randomUUID().slice(0, 8)}`;
  const { enabled, namespace, name } = config.leaderElection;
  const election = enabled
    ? createLeaderElection({
        client,
        namespace,
        name,
        identity,
        clock: systemClock,
        log,
        onLeading: metrics.setLeader,
        onLost: (reason) => {
          log.error({ reason }, 'the Lease is lost; this process ends, another one takes over');
          hooks.onLost();
        },
      })
    : undefined;
  if (!election) metrics.setLeader(true);
  const fenced = election ? fenceWrites(client, () => election.assertLeading()) : client;
  const recorder = createEventRecorder({
    client: fenced,
    controller: 'headway.dev/operator',
    instance: identity,
    clock: systemClock,
    log,
  });
  const scopes = config.namespaces.length > 0 ? config.namespaces : [undefined];
  const serving: Serving[] = scopes.map((scope) =>
    serveCanaries({
      client: fenced,
      log,
      metrics,
      recorder,
      clock: systemClock,
      workers: config.workers,
      namespace: scope,
    }),
  );
  const manager = createManager({
    sources: serving.flatMap(({ sources }) => sources),
    controllers: serving.map(({ controller }) => controller),
    flushables: [...serving.map(({ sampling }) => sampling), recorder],
    ...(election ? { election } : {}),
    clock: systemClock,
    log,
    graceMs: config.shutdownGraceMs,
  });
  const servers = await startTelemetryServers({
    healthAddress: config.healthAddress,
    metricsAddress: config.metricsAddress,
    health: { live: () => [], ready: () => (manager.ready() ? [] : waitingFor(manager.pending())) },
    metrics,
    log,
  });
  log.info({ version, identity, namespaces: config.namespaces }, 'headway starts');
  const starting = manager.start();
  starting.catch((error: unknown) => log.info({ err: error }, 'the start was called off'));
  return {
    async stop(reason) {
      log.info({ reason }, 'headway stops');
      await manager.stop();
      await servers.close();
      await client.close();
    },
  };
}

function sourceOf({ kubeconfig }: Config): KubeConfigSource {
  if (kubeconfig !== undefined) return { kind: 'file', path: kubeconfig };
  return process.env['KUBERNETES_SERVICE_HOST'] ? { kind: 'in-cluster' } : { kind: 'default' };
}

function waitingFor(pending: readonly string[]): string[] {
  return pending.length > 0 ? [`waits for the caches of ${pending.join(', ')}`] : ['stops'];
}
