// SPDX-License-Identifier: Apache-2.0
// Test support: what an API server and the controllers of Kubernetes would make of the writes of a Canary.
import type { Rollout, RolloutKind, RolloutSpec } from './rollout.ts';
import { BlueGreenSpec } from '../../api/blue-green.ts';
import { CanarySpec } from '../../api/canary.ts';
import { specOfBlueGreen } from '../blue-green/rollout-of.ts';
import { specOfCanary } from '../canary/rollout-of.ts';
import { fromIso, toIso } from '../time.ts';
import { FakeDeployment, type FakePod, type FakeTemplate } from './fake-deployment.ts';
import { FakeRoute, type FakeRouteKind, trafficOf } from './fake-route.ts';
import {
  type FakeCanaryService,
  type FakeService,
  markReached,
  podsBehind,
  revisionPin,
} from './fake-services.ts';
import type { RolloutWorld, Pin } from './types.ts';

export const START = fromIso('2026-11-21T14:00:00Z');
export const NAMESPACE = 'shop';

/** What the Deployment controller and the EndpointSlice controller lag behind. */
const DEPLOYMENT_LAG_MS = 20;
const ENDPOINTS_LAG_MS = 40;

export const V1: FakeTemplate = { hash: 'aaa', version: '1.0' };
export const V2: FakeTemplate = { hash: 'bbb', version: '2.0' };
export const V3: FakeTemplate = { hash: 'ccc', version: '3.0' };
export const BROKEN: FakeTemplate = { hash: 'bad', version: '2.1', broken: true };

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

export interface FakeClusterOptions {
  readonly kind?: RolloutKind;
  readonly spec?: Record<string, unknown>;
  readonly route?: FakeRouteKind;
  readonly replicas?: number;
  /** The Deployment has just been made, so that none of its pods is ready yet. */
  readonly unserved?: boolean;
}

/** The spec of a Canary that steps to 20 % and 50 %, with quick delays. */
export function specOf(more: Record<string, unknown> = {}, route: FakeRouteKind = true): RolloutSpec {
  const steps = [
    { setWeight: 20 },
    { pause: { duration: '10s' } },
    { setWeight: 50 },
    { pause: { duration: '10s' } },
  ];
  return specOfCanary(
    CanarySpec.parse({
      targetRef: { kind: 'Deployment', name: 'web' },
      service: { name: 'checkout' },
      ...trafficOf(route),
      ...('weights' in more ? {} : { steps }),
      scaleDownDelay: '5s',
      progressDeadline: '1m',
      ...more,
    }),
  );
}

/** The spec of a BlueGreen that is promoted as soon as its pods are ready, with quick delays. */
export function blueGreenSpecOf(
  more: Record<string, unknown> = {},
  route: FakeRouteKind = true,
): RolloutSpec {
  return specOfBlueGreen(
    BlueGreenSpec.parse({
      targetRef: { kind: 'Deployment', name: 'web' },
      service: { name: 'checkout' },
      ...trafficOf(route),
      scaleDownDelay: '5s',
      progressDeadline: '1m',
      ...more,
    }),
  );
}

const SPECS = { Canary: specOf, BlueGreen: blueGreenSpecOf };

export class FakeCluster {
  now = START;
  canary: Rollout;
  target: FakeDeployment | undefined;
  service: FakeService | undefined = { pin: { kind: 'none' }, endpoints: {} };
  canaryService: FakeCanaryService | undefined;
  readonly route: FakeRoute | undefined;
  ingressExists = true;
  readonly revisions = new Map<string, FakeDeployment>();
  templates: RolloutWorld['templates'] = {};
  readonly takenNames: string[] = [];
  /** Contents of the ConfigMaps that templates name. */
  readonly configMaps = new Map<string, string>();
  /** How long the EndpointSlice controller takes. */
  endpointsLagMs = ENDPOINTS_LAG_MS;
  rivals: RolloutWorld['rivals'] = [];
  overlaps: RolloutWorld['overlaps'] = [];
  private timers: Timer[] = [];
  private uids = 0;
  /** The spec as people wrote it, but for the names. */
  written: Record<string, unknown>;

  constructor(options: FakeClusterOptions = {}) {
    const { kind = 'Canary', spec = {}, route = true, replicas = 5, unserved = false } = options;
    this.route = route === false ? undefined : new FakeRoute(route);
    this.written = { ...trafficOf(route), ...spec };
    this.canary = {
      kind,
      metadata: {
        name: 'web',
        namespace: NAMESPACE,
        uid: 'uid-canary',
        generation: 1,
        resourceVersion: '',
        creationTimestamp: '',
        finalizers: [],
        labels: {},
        annotations: {},
      },
      spec: SPECS[kind](spec, route),
    };
    this.createTarget(V1, replicas);
    if (!unserved) this.advanceTo(this.now + 5000);
  }

  /** As by kubectl: the generation goes up. */
  changeSpec(change: Record<string, unknown>): void {
    const { canary: rollout } = this;
    const metadata = { ...rollout.metadata, generation: rollout.metadata.generation + 1 };
    this.written = { ...this.written, ...change };
    this.canary = { ...rollout, spec: SPECS[rollout.kind](this.written, false), metadata };
  }

  /** Lets the time pass; the controllers act on the way. */
  advanceTo(ms: number): void {
    for (let next = this.nextEventMs(); next !== undefined && next <= ms; next = this.nextEventMs()) {
      this.now = Math.max(this.now, next);
      const due = this.timers.filter(({ atMs }) => atMs <= this.now);
      this.timers = this.timers.filter(({ atMs }) => atMs > this.now);
      for (const { run } of due) run();
    }
    this.now = Math.max(this.now, ms);
  }

  nextEventMs(): number | undefined {
    return this.timers.length === 0 ? undefined : Math.min(...this.timers.map(({ atMs }) => atMs));
  }

  createTarget(template: FakeTemplate, replicas: number): void {
    const uid = `uid-web-${++this.uids}`;
    this.target = new FakeDeployment({ name: 'web', uid, now: this.now, template, replicas });
    this.touch(this.target);
  }

  setTemplate(template: FakeTemplate): void {
    if (!this.target) throw new Error('there is no Deployment to change');
    this.target.template = template;
    this.touch(this.target);
  }

  scale(deployment: FakeDeployment | undefined, replicas: number, manager: string): void {
    if (!deployment || deployment.replicas === replicas) return;
    deployment.replicas = replicas;
    deployment.manager = manager;
    this.touch(deployment);
  }

  pin(pin: Pin, manager: string): void {
    if (!this.service) return;
    this.service.pin = pin;
    this.service.manager = manager;
    this.syncEndpoints();
  }

  pinCanary(revision: string, selectorManager: string): void {
    const { endpoints = {}, ours = true } = this.canaryService ?? {};
    this.canaryService = { endpoints, ours, revision, selectorManager };
    this.syncEndpoints();
  }

  /** Somebody else changes the weight. */
  overwriteWeight(weight: number, manager: string): void {
    if (!this.route?.exists) throw new Error('there is no route to change');
    this.route.weight = weight;
    const field = 'the canary-weight annotation of Ingress web-canary';
    this.route.overwritten = { field, manager, isWeight: true };
  }

  deleteRevision(name: string): void {
    this.revisions.delete(name);
    this.syncNow();
  }

  /** All pods of a Deployment die; the Deployment controller starts new ones, unless they are broken. */
  losePods(deployment: FakeDeployment | undefined, broken: boolean): void {
    if (!deployment) return;
    deployment.template = { ...deployment.template, broken };
    deployment.pods = [];
    this.syncNow();
    this.touch(deployment);
  }

  /** The label by which a pod is let into the Services or taken out of them; who has gone has none. */
  labelPod(name: string, serving: boolean): void {
    const pods = [...this.revisions.values()].flatMap((deployment) => deployment.pods);
    const pod = pods.find((candidate) => candidate.name === name);
    if (pod) pod.serving = serving;
    this.syncEndpoints();
  }

  /** Somebody deletes a pod, or its node is drained. */
  endPod(deployment: FakeDeployment, pod: FakePod): void {
    deployment.pods = deployment.pods.filter((candidate) => candidate !== pod);
    this.syncNow();
    this.after(DEPLOYMENT_LAG_MS, () => this.reconcile(deployment));
  }

  /** A revision is made from what the target's template is now. */
  makeRevision({ name, revision, replicas }: { name: string; revision: string; replicas: number }): void {
    const { target } = this;
    if (!target || this.revisions.has(name)) throw new Error(`${name} cannot be made`);
    const uid = `uid-${name}-${++this.uids}`;
    const made = new FakeDeployment({ name, uid, now: this.now, template: target.template, replicas });
    made.revision = revision;
    made.minReadyMs = target.minReadyMs;
    this.revisions.set(name, made);
    this.touch(made);
  }

  private touch(deployment: FakeDeployment): void {
    deployment.observed = false;
    this.after(DEPLOYMENT_LAG_MS, () => this.reconcile(deployment));
  }

  private reconcile(deployment: FakeDeployment): void {
    deployment.reconcile(this.now);
    this.syncEndpoints();
    const { minReadyMs } = deployment;
    const moments = deployment.pods.flatMap(({ readyAtMs }) => [readyAtMs, readyAtMs + minReadyMs]);
    const starting = moments.filter((at) => at > this.now);
    const next = Math.min(...starting);
    if (Number.isFinite(next)) this.after(next - this.now, () => this.reconcile(deployment));
  }

  private syncEndpoints(): void {
    this.after(this.endpointsLagMs, () => this.syncNow());
  }

  private syncNow(): void {
    const { service, canaryService } = this;
    if (service) service.endpoints = this.podsOf(service.pin);
    const canaryPin = canaryService && revisionPin(canaryService.revision);
    if (canaryService && canaryPin) canaryService.endpoints = this.podsOf(canaryPin);
    const pins = [service?.pin, canaryPin].filter((pin) => pin !== undefined);
    markReached(this.revisions.values(), pins, this.now);
  }

  /** Ready pods that a selector with this pin finds, by revision. */
  podsOf(pin: Pin): Record<string, number> {
    return podsBehind(pin, this);
  }

  after(ms: number, run: () => void): void {
    this.timers.push({ atMs: this.now + ms, run });
  }

  /** For messages of failed tests. */
  get clock(): string {
    return toIso(this.now).slice(11, 23);
  }
}
