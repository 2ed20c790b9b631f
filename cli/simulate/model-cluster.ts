// SPDX-License-Identifier: Apache-2.0
import type { AnalysisTemplateSpec } from '../../operator/api/analysis.ts';
import type { Rollout } from '../../operator/engine/rollout/rollout.ts';
import type { Action, Pin, RolloutWorld, RouteState } from '../../operator/engine/rollout/types.ts';
import { ModelRevision, type PodTimes } from './model-revision.ts';

export interface ModelSetup {
  readonly rollout: Rollout;
  readonly replicas: number;
  readonly times: PodTimes;
  readonly templates: Readonly<Record<string, AnalysisTemplateSpec>>;
  /** What people call a template, by its hash. */
  readonly versions: Readonly<Record<string, string>>;
  readonly now: number;
}

const ON_TRAFFIC = [
  'pinService',
  'pinCanaryService',
  'removeCanaryService',
  'setWeight',
  'restRoute',
] as const;

type TrafficAction = Extract<Action, { kind: (typeof ON_TRAFFIC)[number] }>;

function isOnTraffic(action: Action): action is TrafficAction {
  return ON_TRAFFIC.some((kind) => kind === action.kind);
}

interface ModelRoute {
  exists: boolean;
  weight: number;
  matched: boolean;
}

/**
 * A cluster in which every write is followed at once: by who makes pods, by EndpointSlices, by routers. What is left is
 * the time that a release takes by itself.
 */
export class ModelCluster {
  rollout: Rollout;
  now: number;
  private template = 'old';
  private targetReplicas: number;
  private pin: Pin = { kind: 'none' };
  private canaryService: string | undefined;
  private readonly route: ModelRoute | undefined;
  private readonly revisions = new Map<string, ModelRevision>();
  private readonly setup: ModelSetup;

  constructor(setup: ModelSetup) {
    this.setup = setup;
    this.rollout = setup.rollout;
    this.now = setup.now;
    this.targetReplicas = setup.replicas;
    this.route = setup.rollout.spec.traffic && { exists: false, weight: 0, matched: false };
  }

  /** Somebody changes the pod template of the Deployment. */
  change(template: string): void {
    this.template = template;
  }

  /** When something happens by itself. */
  nextMs(): number | undefined {
    const moments = [...this.revisions.values()].map((revision) => revision.nextMs(this.now));
    const coming = moments.filter((ms) => ms !== undefined);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  /** Pods of a revision that exist, ready or not. */
  podsOf(revision: string): number {
    return this.find(revision)?.size ?? 0;
  }

  /** What a plan may know, but for what metrics say. */
  world(): Omit<RolloutWorld, 'results'> {
    const { pin, canaryService, setup } = this;
    const canaryPin: Pin | undefined =
      canaryService === undefined ? undefined : { kind: 'revision', revision: canaryService };
    const pins = canaryPin ? [pin, canaryPin] : [pin];
    return {
      target: {
        uid: 'uid of the target',
        replicas: this.targetReplicas,
        template: this.template,
        hash: this.template,
        version: setup.versions[this.template] ?? this.template,
        available: this.targetReplicas,
      },
      service: { pin, endpoints: this.endpointsOf(pin) },
      ...(canaryPin && {
        canaryService: {
          revision: canaryPin.revision,
          ours: true,
          endpoints: this.endpointsOf(canaryPin),
        },
      }),
      ...(this.route && { route: this.routeState(this.route) }),
      revisions: [...this.revisions.values()].map((revision) => revision.facts(pins, this.now)),
      takenNames: [],
      rivals: [],
      overlaps: [],
      templates: setup.templates,
    };
  }

  private endpointsOf(pin: Pin): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const revision of this.revisions.values()) {
      const found = revision.behind(pin, this.now);
      if (found > 0) counts[revision.revision] = found;
    }
    if (pin.kind === 'none' && this.targetReplicas > 0) counts[''] = this.targetReplicas;
    return counts;
  }

  private routeState({ exists, weight, matched }: ModelRoute): RouteState {
    const { alb, gateway } = this.rollout.spec.traffic ?? {};
    return {
      exists,
      weight,
      ...(matched && { matched }),
      ...(gateway?.template && { owned: true }),
      ...(alb && { placeFirst: true }),
      outdated: false,
      problems: [],
    };
  }

  /** One write. Doing it a second time changes nothing. */
  perform(action: Action): void {
    if (isOnTraffic(action)) return this.move(action);
    switch (action.kind) {
      case 'createRevision':
        return this.create(action);
      case 'scaleRevision':
        return this.revisions.get(action.deployment)?.scale(action.replicas, this.now);
      case 'deleteRevision':
        return void this.revisions.delete(action.deployment);
      case 'drainPod':
      case 'returnPod':
        return this.label(action.pod, action.kind === 'returnPod');
      case 'scaleTarget':
        return void (this.targetReplicas = action.replicas);
      case 'setReplicas':
        return this.setReplicas(action.replicas);
      case 'copyConfig':
        throw new Error('no template names config here');
    }
  }

  private move(action: TrafficAction): void {
    switch (action.kind) {
      case 'pinService':
        return void (this.pin = action.pin);
      case 'pinCanaryService':
        return void (this.canaryService = action.revision);
      case 'removeCanaryService':
        return void (this.canaryService = undefined);
      case 'setWeight':
        return this.share({ exists: true, weight: action.weight, matched: action.matched ?? false });
      case 'restRoute':
        return this.share({ exists: false, weight: 0, matched: false });
    }
  }

  private share(route: ModelRoute): void {
    if (this.route) Object.assign(this.route, route);
  }

  private create({ revision, deployment, replicas }: Extract<Action, { kind: 'createRevision' }>): void {
    if (this.revisions.has(deployment)) return;
    const { versions, times } = this.setup;
    const version = versions[revision] ?? revision;
    const made = new ModelRevision({ revision, version, deployment, now: this.now, times });
    this.revisions.set(deployment, made);
    made.scale(replicas, this.now);
  }

  private label(pod: string, serving: boolean): void {
    for (const revision of this.revisions.values()) revision.label(pod, serving);
  }

  private setReplicas(replicas: number): void {
    const { metadata, spec } = this.rollout;
    const generation = metadata.generation + 1;
    this.rollout = { ...this.rollout, metadata: { ...metadata, generation }, spec: { ...spec, replicas } };
  }

  private find(revision: string): ModelRevision | undefined {
    return [...this.revisions.values()].find((known) => known.revision === revision);
  }
}
