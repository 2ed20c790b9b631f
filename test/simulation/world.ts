// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import type { KubeClient } from '../../operator/kube/client.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { type Resource, resources } from '../../operator/kube/resources.ts';
import { createMetrics, type Metrics } from '../../operator/telemetry/metrics.ts';
import { Faults } from './api/faults.ts';
import { ApiServer, type Change, type Write } from './api/server.ts';
import { isEqual } from './api/json.ts';
import type { WatchStream } from './api/watch.ts';
import { DataPlane } from './cluster/data-plane.ts';
import { Deployments } from './cluster/deployments.ts';
import { EndpointSlices } from './cluster/endpoint-slices.ts';
import { collectGarbage } from './cluster/garbage.ts';
import { CANARY_SERVICE } from './cluster/names.ts';
import { NAMESPACE } from './cluster/objects.ts';
import { Pods } from './cluster/pods.ts';
import { Prometheus } from './cluster/prometheus.ts';
import { ROUTES } from './cluster/routes.ts';
import { Gateways } from './cluster/gateways.ts';
import { Operator } from './operator/operator.ts';
import { createRandom, type Random } from './random.ts';
import { Auditor } from './rules/auditor.ts';
import type { Violation } from './rules/violation.ts';
import { servedKinds, statusOf } from './story/kinds.ts';
import { initialObjects } from './story/objects.ts';
import { Journal } from './story/journal.ts';
import type { Story } from './story/story.ts';
import { settle, Timeline } from './timeline.ts';

export interface WorldOptions {
  /** Keeps a journal. */
  readonly isTold?: boolean;
  /** Stands between the controllers and the API server; for bugs made on purpose. */
  readonly wrapClient?: ((client: KubeClient, world: World) => KubeClient) | undefined;
}

/** The pods of the user's Deployment run before the story begins, but for one whose first version is judged. */
const BEFORE_MS = 20_000;

/** A whole modelled cluster with the real controllers in it. */
export class World {
  readonly story: Story;
  readonly random: Random;
  readonly timeline: Timeline;
  readonly server: ApiServer;
  readonly faults: Faults;
  readonly pods: Pods;
  readonly deployments: Deployments;
  readonly slices: EndpointSlices;
  readonly gateways: Gateways;
  readonly dataPlane: DataPlane;
  readonly prometheus: Prometheus;
  readonly operators: Operator[];
  readonly auditor: Auditor;
  readonly journal: Journal | undefined;
  /** Kept where a story has a Secret that they could show. */
  readonly metrics: Metrics | undefined;
  readonly streams = new Set<WatchStream>();
  /** The first rule that did not hold. */
  violation: Violation | undefined;
  /** Writes of the operator. */
  writes = 0;
  lastWriteMs = 0;
  startMs = 0;

  constructor(story: Story, options: WorldOptions = {}) {
    const { setup, seed } = story;
    this.story = story;
    this.random = createRandom(seed);
    this.timeline = new Timeline(this.random.fork('order'));
    const { timeline } = this;
    this.server = new ApiServer(timeline);
    this.faults = new Faults(this.random.fork('faults'), timeline);
    this.pods = new Pods(this.server, this.random.fork('pods'), setup.graceMs);
    this.deployments = new Deployments(this.server, this.random.fork('deployments'), this.pods);
    this.slices = new EndpointSlices(this.server, this.random.fork('slices'), {
      isHandedOver: setup.blueGreen !== undefined,
    });
    this.gateways = new Gateways(this.server, this.random.fork('gateways'));
    collectGarbage(this.server, this.random.fork('garbage'));
    this.dataPlane = new DataPlane({
      server: this.server,
      random: this.random.fork('data plane'),
      lag: setup,
      readRoute: ROUTES[setup.router],
      previewService: setup.blueGreen && CANARY_SERVICE,
      isLateWithPods: setup.router === 'alb' || setup.router === 'istio',
    });
    this.prometheus = new Prometheus(timeline, this.pods, this.dataPlane);
    this.server.listeners.push((change) => this.hear(change));
    this.journal = options.isTold ? new Journal(this) : undefined;
    this.auditor = new Auditor(this);
    this.metrics = setup.config && createMetrics({ version: 'simulated', process: false });
    this.operators = Array.from(
      { length: setup.operators },
      (_, index) =>
        new Operator(`headway-${index + 1}`, {
          server: this.server,
          faults: this.faults,
          prometheus: this.prometheus,
          kinds: servedKinds(setup),
          router: setup.router,
          streams: this.streams,
          isElected: setup.operators > 1,
          wrapClient: options.wrapClient && ((client) => options.wrapClient?.(client, this) ?? client),
          metrics: this.metrics,
          onEvent: (event) => this.auditor.mustTellNothing('an event', event),
          onLog: (line) => this.auditor.mustTellNothing('a line of the log', line),
          onBug: (error) =>
            this.violate('bug', error instanceof Error ? (error.stack ?? error.message) : String(error)),
        }),
    );
  }

  /** The objects are there and their pods run; the operator starts. */
  async begin(): Promise<void> {
    const { rollout, target, others } = initialObjects(this.story.setup);
    const isFirst = this.story.setup.first !== undefined;
    for (const { resource, object } of isFirst ? others : [target, ...others]) this.create(resource, object);
    await this.runUntil(BEFORE_MS);
    this.startMs = this.timeline.now;
    this.create(this.resource, rollout);
    if (isFirst) this.create(target.resource, target.object);
    for (const operator of this.operators) operator.start();
  }

  /** Milliseconds since the Canary or the BlueGreen was made. */
  get sinceMs(): number {
    return this.timeline.now - this.startMs;
  }

  /** Lets everything happen that is due until then, or until a rule is broken. */
  async runUntil(ms: number): Promise<void> {
    const { timeline } = this;
    while (timeline.nextMs <= ms && !this.violation) {
      timeline.step();
      await settle();
    }
    timeline.now = Math.max(timeline.now, ms);
  }

  violate(rule: string, message: string): void {
    this.violation ??= { rule, message, atMs: this.sinceMs };
  }

  get(resource: Resource, name: string): KubeObject | undefined {
    return this.server.get(resource, resource.namespaced ? `${NAMESPACE}/${name}` : name);
  }

  /** The kind of what the story releases by. */
  get resource(): Resource {
    return this.story.setup.blueGreen ? resources.blueGreens : resources.canaries;
  }

  /** The Canary or the BlueGreen. */
  get rollout(): KubeObject | undefined {
    return this.get(this.resource, 'web');
  }

  get status(): RolloutStatus | undefined {
    return statusOf(this.rollout);
  }

  /** Somebody writes by hand. */
  change(actor: string, resource: Resource, name: string, make: (object: KubeObject) => KubeObject): void {
    this.server.change(this.writeOf(actor, resource), `${NAMESPACE}/${name}`, make);
  }

  remove(actor: string, resource: Resource, name: string): void {
    if (!this.get(resource, name)) return;
    this.server.delete({ ...this.writeOf(actor, resource), verb: 'delete' }, `${NAMESPACE}/${name}`);
  }

  create(resource: Resource, object: KubeObject): void {
    this.server.create({ ...this.writeOf('user', resource), verb: 'create' }, object);
  }

  private writeOf(actor: string, resource: Resource): Write {
    return { actor, verb: 'update', resource, manager: actor === 'user' ? 'kubectl' : actor };
  }

  private hear(change: Change): void {
    const { actor, resource } = change.write;
    if (actor.startsWith('headway') && resource !== resources.leases) {
      this.writes += 1;
      if (!isMeasurement(change)) this.lastWriteMs = this.timeline.now;
    }
    for (const stream of this.streams) {
      if (stream.isClosed) this.streams.delete(stream);
      else if (stream.resource === resource) stream.take(change);
    }
  }
}

/** A release that waits for a person goes on being judged, and what is measured is told. */
function isMeasurement({ write, before, after }: Change): boolean {
  if (write.subresource !== 'status' || !after) return false;
  const [was, is] = [statusOf(before), statusOf(after)];
  return is?.phase === was?.phase && is?.phase !== 'Healthy' && !isEqual(is?.analysis, was?.analysis);
}
