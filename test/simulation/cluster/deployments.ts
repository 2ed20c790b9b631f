// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { shortHash } from '../../../operator/engine/names.ts';
import { resources } from '../../../operator/kube/resources.ts';
import type { ApiServer, Change } from '../api/server.ts';
import { isEqual } from '../api/json.ts';
import type { Random } from '../random.ts';
import { keyOfObject, labelsOf, NAMESPACE, ownedBy, replicasOf, specOf, templateOf } from './objects.ts';
import { type Blame, isReady, type Pod, type Pods } from './pods.ts';

const ACTOR = 'deployment-controller';

const REVISION = 'deployment.kubernetes.io/revision';

interface Rollout {
  revision: number;
  readonly key: string;
  readonly sets: ReplicaSet[];
  /** Who set the number of replicas last. */
  scaledBy: Blame;
  isDue: boolean;
}

interface ReplicaSet {
  readonly template: Readonly<Record<string, unknown>>;
  readonly object: KubeObject;
  pods: Pod[];
}

/** The Deployment controller with its ReplicaSets: rolls pods over, keeps their number, tells the status. */
export class Deployments {
  private readonly server: ApiServer;
  private readonly random: Random;
  private readonly pods: Pods;
  private readonly rollouts = new Map<string, Rollout>();

  constructor(server: ApiServer, random: Random, pods: Pods) {
    this.server = server;
    this.random = random;
    this.pods = pods;
    server.listeners.push((change) => this.hear(change));
  }

  /** Pods of a Deployment, by its name. */
  podsOf(name: string): Pod[] {
    const uid = this.server.get(resources.deployments, `${NAMESPACE}/${name}`)?.metadata.uid;
    return (this.rollouts.get(uid ?? '')?.sets ?? []).flatMap(({ pods }) => pods);
  }

  /** Pods that end when a Deployment is scaled to so many: all of them at 0, else the surplus of its newest template. */
  surplusOf(name: string, replicas: number): Pod[] {
    if (replicas === 0) return this.podsOf(name);
    const { pods = [] } = this.newestSet(name) ?? {};
    const left = pods.filter(({ isEnding }) => !isEnding);
    return this.endingOrder(left).slice(0, Math.max(0, left.length - replicas));
  }

  /** Whether a ReplicaSet has the newest template of a Deployment. */
  isNewest(name: string, hash: string): boolean {
    return this.newestSet(name)?.object.metadata.labels?.['pod-template-hash'] === hash;
  }

  private newestSet(name: string): ReplicaSet | undefined {
    const uid = this.server.get(resources.deployments, `${NAMESPACE}/${name}`)?.metadata.uid;
    return this.rollouts.get(uid ?? '')?.sets.at(-1);
  }

  private hear(change: Change): void {
    const { plural } = change.write.resource;
    if (plural === 'deployments') this.hearDeployment(change);
    if (plural === 'pods') this.hearPod(change);
  }

  private hearDeployment({ write, key, before, after }: Change): void {
    const uid = (after ?? before)?.metadata.uid ?? '';
    if (!after) return this.endAll(uid, write.actor);
    const known = this.rollouts.get(uid) ?? {
      key,
      sets: [],
      scaledBy: 'others' as Blame,
      isDue: false,
      revision: 0,
    };
    this.rollouts.set(uid, known);
    if (!before || replicasOf(before) !== replicasOf(after)) known.scaledBy = blameOf(write.actor);
    if (!before || before.metadata.generation !== after.metadata.generation) this.touch(known);
  }

  private hearPod({ write, key, before, after }: Change): void {
    const owner = (after ?? before)?.metadata.ownerReferences?.[0]?.uid;
    for (const rollout of this.rollouts.values()) {
      if (rollout.sets.some(({ object }) => object.metadata.uid === owner)) this.touch(rollout);
    }
    if (write.actor !== 'kubelet' && isAskedToEnd(before, after)) this.endNamed(key, blameOf(write.actor));
  }

  private endNamed(key: string, blame: Blame): void {
    const pod = this.pods.all.get(key.slice(key.indexOf('/') + 1));
    if (pod) this.pods.end(pod, blame);
  }

  private touch(rollout: Rollout): void {
    if (rollout.isDue) return;
    rollout.isDue = true;
    this.server.timeline.after(this.random.int(5, 120), () => {
      rollout.isDue = false;
      const deployment = this.server.get(resources.deployments, rollout.key);
      if (deployment && this.rollouts.get(deployment.metadata.uid ?? '') === rollout)
        this.sync(rollout, deployment);
    });
  }

  private sync(rollout: Rollout, deployment: KubeObject): void {
    for (const set of rollout.sets) set.pods = set.pods.filter(({ isEnding }) => !isEnding);
    const isPaused = specOf(deployment)['paused'] === true;
    const current = isPaused ? newestOf(rollout) : this.currentSet(rollout, deployment);
    if (current) this.roll(rollout, current, replicasOf(deployment));
    this.tell(rollout, deployment, current);
  }

  private currentSet(rollout: Rollout, deployment: KubeObject): ReplicaSet {
    const template = templateOf(deployment);
    const found = rollout.sets.find((set) => isEqual(set.template, template));
    if (found && found === newestOf(rollout)) return found;
    if (found) {
      rollout.sets.splice(rollout.sets.indexOf(found), 1);
      rollout.sets.push(found);
      this.rankNewest(rollout, found);
      return found;
    }
    // a Deployment made anew under the same name meets the sets of the old one
    const hash = shortHash(`${deployment.metadata.uid} ${JSON.stringify(template)}`);
    const object = this.server.create(
      { actor: ACTOR, verb: 'create', resource: resources.replicaSets },
      {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: {
          namespace: NAMESPACE,
          name: `${deployment.metadata.name}-${hash}`,
          labels: { ...labelsOf(template), 'pod-template-hash': hash },
          annotations: { [REVISION]: String(++rollout.revision) },
          ...ownedBy(deployment),
        },
      },
    );
    const made = { template, object, pods: [] };
    rollout.sets.push(made);
    return made;
  }

  private rankNewest(rollout: Rollout, { object }: ReplicaSet): void {
    const revision = String(++rollout.revision);
    this.server.change(
      { actor: ACTOR, verb: 'update', resource: resources.replicaSets },
      keyOfObject(object),
      (set) => ({
        ...set,
        metadata: { ...set.metadata, annotations: { [REVISION]: revision } },
      }),
    );
  }

  /** Surge of a quarter and none unavailable, as far as pods that are not ready do not stand in the way. */
  private roll(rollout: Rollout, current: ReplicaSet, replicas: number): void {
    const old = rollout.sets.filter((set) => set !== current).flatMap(({ pods }) => pods);
    while (current.pods.length > replicas) this.endOne(current, rollout.scaledBy);
    const surge = old.length > 0 ? Math.ceil(replicas / 4) : 0;
    while (current.pods.length < replicas && current.pods.length + old.length < replicas + surge) {
      current.pods.push(this.pods.start(current.object, current.template));
    }
    let available = [...old, ...current.pods].filter((pod) => this.isAvailable(pod)).length;
    for (const set of rollout.sets.filter((one) => one !== current)) {
      for (const pod of [...set.pods].toSorted(
        (a, b) => Number(this.isAvailable(a)) - Number(this.isAvailable(b)),
      )) {
        if (this.isAvailable(pod) && available <= replicas) break;
        if (this.isAvailable(pod)) available -= 1;
        set.pods = set.pods.filter((one) => one !== pod);
        this.pods.end(pod, replicas === 0 ? rollout.scaledBy : 'rollout');
      }
    }
  }

  private endOne(set: ReplicaSet, blame: Blame): void {
    const [victim] = this.endingOrder(set.pods);
    if (!victim) return;
    set.pods = set.pods.filter((pod) => pod !== victim);
    this.pods.end(victim, blame);
  }

  /** As the ReplicaSet controller ranks them: not ready first, then the cheapest, then the youngest. */
  private endingOrder(pods: readonly Pod[]): Pod[] {
    return pods.toSorted((a, b) => this.rankOf(a) - this.rankOf(b) || b.startedMs - a.startedMs);
  }

  private rankOf(pod: Pod): number {
    if (!this.isAvailable(pod)) return Number.NEGATIVE_INFINITY;
    const object = this.server.get(resources.pods, `${NAMESPACE}/${pod.name}`);
    return Number(object?.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0);
  }

  private isAvailable(pod: Pod): boolean {
    const object = this.server.get(resources.pods, `${NAMESPACE}/${pod.name}`);
    return object !== undefined && isReady(object);
  }

  private tell(rollout: Rollout, deployment: KubeObject, current: ReplicaSet | undefined): void {
    const all = rollout.sets.flatMap(({ pods }) => pods);
    const ready = all.filter((pod) => this.isAvailable(pod)).length;
    const status = {
      observedGeneration: deployment.metadata.generation,
      replicas: all.length,
      updatedReplicas: current?.pods.length ?? 0,
      readyReplicas: ready,
      availableReplicas: ready,
    };
    this.server.change(
      { actor: ACTOR, verb: 'update', resource: resources.deployments, subresource: 'status' },
      keyOfObject(deployment),
      (object) => ({ ...object, status }),
    );
    if (!rollout.sets.some((set) => set !== current && set.pods.length > 0)) return;
    this.touch(rollout);
  }

  /** The garbage collector ends what belonged to it. */
  private endAll(uid: string, actor: string): void {
    const rollout = this.rollouts.get(uid);
    if (!rollout) return;
    this.rollouts.delete(uid);
    this.server.timeline.after(this.random.int(20, 800), () => {
      for (const { pods } of rollout.sets) for (const pod of pods) this.pods.end(pod, blameOf(actor));
    });
  }
}

function isAskedToEnd(before: KubeObject | undefined, after: KubeObject | undefined): boolean {
  return after?.metadata.deletionTimestamp !== undefined && !before?.metadata.deletionTimestamp;
}

function newestOf({ sets }: Rollout): ReplicaSet | undefined {
  return sets.at(-1);
}

/** What the garbage collector ends, the operator has let go. */
export function blameOf(actor: string): Blame {
  return actor.startsWith('headway') || actor === 'garbage-collector' ? 'headway' : 'others';
}
