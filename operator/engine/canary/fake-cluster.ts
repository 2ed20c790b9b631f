// SPDX-License-Identifier: Apache-2.0
// Test support: what an API server and the controllers of Kubernetes would make of the writes of a Canary.
import { CanarySpec } from '../../api/canary.ts';
import type { Canary } from '../../api/kinds.ts';
import { fromIso, toIso } from '../time.ts';
import { revisionConfig, targetConfig } from './fake-config.ts';
import { FakeDeployment, type FakePod, type FakeTemplate, isNaming } from './fake-deployment.ts';
import { FakeRoute, type FakeRouteKind, trafficOf } from './fake-route.ts';
import { shareIn } from './route-share.ts';
import type { Action, CanaryWorld, Pin } from './types.ts';

export const START = fromIso('2026-11-21T14:00:00Z');
export const NAMESPACE = 'shop';

/** What the Deployment controller and the EndpointSlice controller lag behind. */
const DEPLOYMENT_LAG_MS = 20;
const ENDPOINTS_LAG_MS = 40;

export const V1: FakeTemplate = { hash: 'aaa', version: '1.0' };
export const V2: FakeTemplate = { hash: 'bbb', version: '2.0' };
export const V3: FakeTemplate = { hash: 'ccc', version: '3.0' };
export const BROKEN: FakeTemplate = { hash: 'bad', version: '2.1', broken: true };

interface FakeService {
  pin: Pin;
  endpoints: Record<string, number>;
  manager?: string;
  problem?: string;
}

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

interface FakeCanaryService {
  revision: string;
  endpoints: Record<string, number>;
  ours: boolean;
  /** The user's Service has changed since. */
  outdated?: boolean;
}

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

type TrafficAction = Extract<Action, { kind: (typeof ON_TRAFFIC)[number] }>;

export interface FakeClusterOptions {
  readonly spec?: Record<string, unknown>;
  readonly route?: FakeRouteKind;
  readonly replicas?: number;
}

/** The spec of a Canary that steps to 20 % and 50 %, with quick delays. */
export function specOf(more: Record<string, unknown> = {}, route: FakeRouteKind = true): CanarySpec {
  const steps = [
    { setWeight: 20 },
    { pause: { duration: '10s' } },
    { setWeight: 50 },
    { pause: { duration: '10s' } },
  ];
  return CanarySpec.parse({
    targetRef: { kind: 'Deployment', name: 'web' },
    service: { name: 'checkout' },
    ...trafficOf(route),
    ...('weights' in more ? {} : { steps }),
    scaleDownDelay: '5s',
    progressDeadline: '1m',
    ...more,
  });
}

export class FakeCluster {
  now = START;
  canary: Canary;
  target: FakeDeployment | undefined;
  service: FakeService | undefined = { pin: { kind: 'none' }, endpoints: {} };
  canaryService: FakeCanaryService | undefined;
  readonly route: FakeRoute | undefined;
  ingressExists = true;
  readonly revisions = new Map<string, FakeDeployment>();
  templates: CanaryWorld['templates'] = {};
  readonly takenNames: string[] = [];
  /** Contents of the ConfigMaps that templates name. */
  readonly configMaps = new Map<string, string>();
  /** How long the EndpointSlice controller takes. */
  endpointsLagMs = ENDPOINTS_LAG_MS;
  rivals: CanaryWorld['rivals'] = [];
  overlaps: CanaryWorld['overlaps'] = [];
  private timers: Timer[] = [];
  private uids = 0;

  constructor({ spec, route = true, replicas = 5 }: FakeClusterOptions = {}) {
    this.route = route === false ? undefined : new FakeRoute(route);
    this.canary = {
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
      spec: specOf(spec, route),
    };
    this.createTarget(V1, replicas);
    this.advanceTo(this.now + 5000);
  }

  /** What a plan is given. */
  world(): CanaryWorld {
    const { target, service, canaryService } = this;
    const podHash = target?.observed ? target.template.hash : undefined;
    return {
      ...(target && {
        target: {
          uid: target.uid,
          replicas: target.replicas,
          ...factsOf(target.template),
          ...targetConfig(target.template, this.configMaps),
          available: target.available(this.now),
          ...(target.paused && { paused: true }),
          replicasManager: target.manager,
          ...(podHash && { podHash }),
        },
      }),
      ...(service && {
        service: {
          pin: service.pin,
          endpoints: { ...service.endpoints },
          ...(service.manager && { selectorManager: service.manager }),
          ...(service.problem && { problem: service.problem }),
        },
      }),
      ...(canaryService && {
        canaryService: { ...canaryService, endpoints: { ...canaryService.endpoints } },
      }),
      ...(this.route && { route: this.route.state(this.ingressExists) }),
      revisions: [...this.revisions.values()].map((deployment) => this.revisionFacts(deployment)),
      takenNames: this.takenNames,
      rivals: this.rivals,
      overlaps: this.overlaps,
      templates: this.templates,
      results: [],
    };
  }

  /** One write, as the API server takes it. Doing it a second time changes nothing. */
  perform(action: Action): void {
    if (action.kind === 'createRevision') return this.createRevision(action);
    if (action.kind === 'copyConfig') return this.copyConfig(action.deployment, action.name);
    if ('pod' in action) return this.labelPod(action.pod, action.kind === 'returnPod');
    if (isOnTraffic(action)) return this.performOnTraffic(action);
    switch (action.kind) {
      case 'scaleRevision':
        return this.scale(this.revisions.get(action.deployment), action.replicas, 'headway');
      case 'deleteRevision':
        return this.deleteRevision(action.deployment);
      case 'scaleTarget':
        return this.scale(this.target, action.replicas, 'headway');
      case 'setReplicas':
        return this.changeSpec({ replicas: action.replicas });
    }
  }

  private performOnTraffic(action: TrafficAction): void {
    switch (action.kind) {
      case 'pinService':
        return this.pin(action.pin, 'headway');
      case 'pinCanaryService':
        return this.pinCanary(action.revision);
      case 'setWeight':
      case 'restRoute':
        return this.moveRoute(action);
      case 'removeCanaryService':
        this.canaryService = undefined;
    }
  }

  /** As by kubectl: the generation goes up. */
  changeSpec(change: Record<string, unknown>): void {
    const { canary } = this;
    const metadata = { ...canary.metadata, generation: canary.metadata.generation + 1 };
    this.canary = { ...canary, spec: specOf({ ...canary.spec, ...change }, false), metadata };
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

  private pinCanary(revision: string): void {
    const { endpoints = {}, ours = true } = this.canaryService ?? {};
    this.canaryService = { endpoints, ours, revision };
    this.syncEndpoints();
  }

  /** Somebody else changes the weight. */
  overwriteWeight(weight: number, manager: string): void {
    if (!this.route?.exists) throw new Error('there is no route to change');
    this.route.weight = weight;
    this.route.overwritten = { field: 'the canary-weight annotation of Ingress web-canary', manager };
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

  private copyConfig(deployment: string, name: string): void {
    const content = this.configMaps.get(name);
    if (content === undefined) throw new Error(`ConfigMap ${name} cannot be copied`);
    this.revisions.get(deployment)?.copies.set(name, content);
  }

  private createRevision({ deployment: name, replicas, revision }: ActionOf<'createRevision'>): void {
    const { target } = this;
    if (!target || this.revisions.has(name)) throw new Error(`${name} cannot be made`);
    const uid = `uid-${name}-${++this.uids}`;
    const made = new FakeDeployment({ name, uid, now: this.now, template: target.template, replicas });
    made.revision = revision;
    made.minReadyMs = target.minReadyMs;
    this.revisions.set(name, made);
    this.touch(made);
  }

  private moveRoute(action: Extract<Action, { kind: 'setWeight' | 'restRoute' }>): void {
    if (action.kind === 'restRoute') this.route?.rest(this);
    else this.route?.setShare(shareIn(action), { clock: this, isThere: this.ingressExists });
  }

  private revisionFacts(deployment: FakeDeployment) {
    const { name, uid, createdAtMs, template, replicas } = deployment;
    const { hash, ...facts } = factsOf(template);
    return {
      ...facts,
      ...revisionConfig(deployment),
      revision: deployment.revision ?? hash,
      deployment: name,
      uid,
      createdAtMs,
      replicas,
      available: deployment.available(this.now),
      pods: deployment.pods.length,
      current: deployment.observed,
      members: deployment.pods
        .map((pod) => ({
          name: pod.name,
          uid: `uid-${pod.name}`,
          createdAtMs: pod.createdAtMs,
          ready: pod.readyAtMs <= this.now,
          serving: pod.serving,
          reached: pod.reached,
          cost: 0,
        }))
        .toSorted((a, b) => a.createdAtMs - b.createdAtMs),
      ...(template.broken && deployment.pods.length > 0 ? { complaint: 'ImagePullBackOff' } : {}),
    };
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
    const canaryPin = canaryService && ({ kind: 'revision', revision: canaryService.revision } as const);
    if (service) service.endpoints = this.podsOf(service.pin);
    if (canaryService && canaryPin) canaryService.endpoints = this.podsOf(canaryPin);
    for (const { template, pods, revision = template.hash } of this.revisions.values()) {
      for (const pod of pods) {
        const isNamed = [service?.pin, canaryPin].some((pin) => pin && isNaming(pin, revision, pod));
        const isReached = isNamed && pod.readyAtMs <= this.now;
        if (pod.reached && !isReached) pod.reachedUntilMs = this.now;
        pod.reached = isReached;
      }
    }
  }

  /** Ready pods that a selector with this pin finds, by revision. */
  podsOf(pin: Pin): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { template, pods, revision = template.hash } of this.revisions.values()) {
      const named = pods.filter((pod) => isNaming(pin, revision, pod) && pod.readyAtMs <= this.now);
      if (named.length > 0) counts[revision] = named.length;
    }
    const own = (this.target?.readyPods(this.now) ?? []).filter(
      ({ hash }) => pin.kind === 'none' || (pin.kind === 'replica-set' && pin.podHash === hash),
    );
    if (own.length > 0) counts[''] = own.length;
    return counts;
  }

  after(ms: number, run: () => void): void {
    this.timers.push({ atMs: this.now + ms, run });
  }

  /** For messages of failed tests. */
  get clock(): string {
    return toIso(this.now).slice(11, 23);
  }
}

const ON_TRAFFIC = [
  'pinService',
  'pinCanaryService',
  'setWeight',
  'restRoute',
  'removeCanaryService',
] as const;

function isOnTraffic(action: Action): action is TrafficAction {
  return ON_TRAFFIC.some((kind) => kind === action.kind);
}

function factsOf({ hash, version }: FakeTemplate) {
  return { template: `template ${hash}`, hash, ...(version && { version }) };
}
