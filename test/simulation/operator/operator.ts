// SPDX-License-Identifier: Apache-2.0
import { serveRollouts } from '../../../operator/controllers/rollout/serve.ts';
import type { KubeClient } from '../../../operator/kube/client.ts';
import { KubeApiError, KubeConnectionError } from '../../../operator/kube/errors.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { fenceWrites } from '../../../operator/kube/fence.ts';
import { createManager } from '../../../operator/runtime/create-manager.ts';
import { TerminalError, WaitingError } from '../../../operator/runtime/errors.ts';
import { createSight } from '../../../operator/runtime/sight.ts';
import { createLeaderElection, NotLeadingError } from '../../../operator/runtime/leader-election.ts';
import type { Log } from '../../../operator/runtime/log.ts';
import type { Manager } from '../../../operator/runtime/manager.ts';
import { OldListError } from '../../../operator/runtime/reflector-state.ts';
import type { RecordedEvent } from '../../../operator/runtime/recorded-event.ts';
import { createModelClient } from '../api/client.ts';
import type { Faults } from '../api/faults.ts';
import type { ApiServer } from '../api/server.ts';
import type { ServeParts } from '../../../operator/controllers/rollout/serve.ts';
import type { ServedKind } from '../../../operator/controllers/rollout/served-kind.ts';
import type { WatchStream } from '../api/watch.ts';
import type { Prometheus } from '../cluster/prometheus.ts';
import type { Setup } from '../story/story.ts';
import { Process } from './process.ts';

export interface OperatorParts {
  readonly server: ApiServer;
  readonly faults: Faults;
  readonly prometheus: Prometheus;
  readonly streams: Set<WatchStream>;
  /** With a Lease, as several of them need it. */
  readonly isElected: boolean;
  /** What the test puts between the controllers and the API server; for bugs made on purpose. */
  readonly wrapClient?: ((client: KubeClient) => KubeClient) | undefined;
  /** What it serves. */
  readonly kinds: readonly ServedKind[];
  readonly router: Setup['router'];
  /** Absent: nobody counts. */
  readonly metrics?: ServeParts['metrics'] | undefined;
  readonly onEvent: (event: RecordedEvent) => void;
  readonly onLog: (line: object) => void;
  /** A reconcile ended with an error that is none of the API server's. */
  readonly onBug: (error: unknown) => void;
}

/** What stories have. Watches of other kinds would draw lots too, and every story would become another one. */
const PLAYED: ReadonlySet<string> = new Set(
  [
    resources.canaries,
    resources.blueGreens,
    resources.deployments,
    resources.services,
    resources.endpointSlices,
    resources.pods,
    resources.ingresses,
    resources.httpRoutes,
    resources.grpcRoutes,
    resources.configMaps,
    resources.analysisTemplates,
    resources.metricsProviders,
  ].map(({ plural }) => plural),
);

const PLAYED_BESIDE: Readonly<Partial<Record<Setup['router'], readonly string[]>>> = {
  traefik: [resources.traefikServices.plural],
  istio: [resources.virtualServices.plural, resources.destinationRules.plural],
};

const NOT_PLAYED = (): Promise<never> => Promise.reject(new Error('no story has a probe'));
const NO_PROBES: ServeParts['probes'] = { get: NOT_PLAYED, connect: NOT_PLAYED };

const NOBODY = {
  announce() {},
  recordRollout() {},
  stallRollout() {},
  forgetRollout() {},
  controller: {},
  queue: {},
  reflector: {},
};

/** The place of one replica of the operator: the real controllers, in one life after the other. */
export class Operator {
  process: Process;
  private readonly name: string;
  private readonly parts: OperatorParts;
  private manager: Manager | undefined;
  /** By how much the wall clock of its node is wrong, in ms. */
  wallOffsetMs = 0;
  private lives = 0;
  private diesAfter = Number.POSITIVE_INFINITY;

  constructor(name: string, parts: OperatorParts) {
    this.name = name;
    this.parts = parts;
    this.process = new Process(name, parts.server.timeline);
    this.process.kill();
  }

  /** A new process that knows nothing. */
  start(): void {
    if (this.process.isAlive) return;
    const { server, faults, streams, prometheus, onEvent } = this.parts;
    this.lives += 1;
    const process = new Process(this.name, server.timeline, this.wallOffsetMs);
    this.process = process;
    const { clock } = process;
    const log = this.logOf();
    const sight = createSight(clock);
    const plain = createModelClient({
      server,
      faults,
      process,
      streams,
      onWrite: () => this.countWrite(process),
      onAnswer: (status) => sight.note(status),
    });
    const identity = `${this.name}_${this.lives}`;
    const election = this.parts.isElected
      ? createLeaderElection({
          client: plain,
          namespace: 'headway',
          name: 'headway',
          identity,
          clock,
          log,
          onLost: () => this.die(process),
          onTaken: (renewedMs) => sight.seenBefore(renewedMs),
        })
      : undefined;
    const fenced = election ? fenceWrites(plain, () => election.assertLeading()) : plain;
    const serving = serveRollouts(this.parts.kinds, {
      client: this.parts.wrapClient?.(fenced) ?? fenced,
      http: prometheus.portFor(process),
      probes: NO_PROBES,
      log,
      metrics: this.parts.metrics ?? NOBODY,
      recorder: { name: 'events', record: onEvent, stop: () => Promise.resolve() },
      clock,
      sight,
      workers: 2,
      namespace: undefined,
    });
    const besides = PLAYED_BESIDE[this.parts.router] ?? [];
    this.manager = createManager({
      sources: serving.sources.filter(({ name }) => PLAYED.has(name) || besides.includes(name)),
      controllers: serving.controllers,
      flushables: serving.flushables,
      ...(election ? { election } : {}),
      clock,
      log,
    });
    this.manager.start().catch(() => undefined); // stopped before it was ready
  }

  /** The power fails right after so many more writes, answers unheard; it comes back some time later. */
  dieAfter(writes: number, awayMs: number): void {
    this.diesAfter = writes;
    this.awayMs = awayMs;
  }

  private awayMs = 1000;

  die(process: Process): void {
    if (!process.isAlive) return;
    process.kill();
    this.parts.server.timeline.after(this.awayMs, () => this.start());
  }

  /** It runs, and nothing is planned against it any more. */
  calm(): void {
    this.diesAfter = Number.POSITIVE_INFINITY;
    this.wallOffsetMs = 0;
    this.start();
  }

  /** SIGTERM: in good order, and a new one afterwards. */
  restart(awayMs: number): void {
    const { process, manager } = this;
    if (!process.isAlive || !manager) return;
    this.awayMs = awayMs;
    manager.stop().then(
      () => this.die(process),
      (error: unknown) => this.parts.onBug(error),
    );
  }

  private countWrite(process: Process): void {
    if (process !== this.process || !process.isAlive) return;
    this.diesAfter -= 1;
    if (this.diesAfter > 0) return;
    this.diesAfter = Number.POSITIVE_INFINITY;
    this.die(process);
  }

  private logOf(): Log {
    const tell = (fields: object, message: string) => this.parts.onLog({ fields, message });
    const report = (fields: object, message: string) => {
      tell(fields, message);
      const error = 'err' in fields ? fields.err : undefined;
      if (error !== undefined && !isExpected(error)) this.parts.onBug(error);
    };
    const log: Log = {
      debug: tell,
      info: tell,
      warn: report,
      error: report,
      child: () => log,
    };
    return log;
  }
}

function isExpected(error: unknown): boolean {
  return (
    [KubeApiError, KubeConnectionError, NotLeadingError, OldListError, TerminalError, WaitingError].some(
      (kind) => error instanceof kind,
    ) ||
    (error instanceof Error &&
      /^(the reconcile took longer|the watch ended at once|nothing was heard|(canary|blue-green): stopped)/.test(
        error.message,
      )) ||
    (error instanceof Error && error.message.includes('could not be written to the status'))
  );
}
