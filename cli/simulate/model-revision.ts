// SPDX-License-Identifier: Apache-2.0
import type { Pin, PodFacts, RevisionFacts } from '../../operator/engine/rollout/types.ts';

interface ModelPod {
  readonly name: string;
  readonly createdAtMs: number;
  readonly readyAtMs: number;
  serving: boolean;
}

export interface PodTimes {
  /** From when a pod is made until it is ready. */
  readonly startMs: number;
  /** How long it has to be ready until it counts as available. */
  readonly minReadyMs: number;
}

/** The Deployment of a revision, whose pods come and go as its ReplicaSet would have it, at once. */
export class ModelRevision {
  readonly revision: string;
  readonly deployment: string;
  replicas = 0;
  private pods: ModelPod[] = [];
  private made = 0;
  private readonly createdAtMs: number;
  private readonly version: string;
  private readonly times: PodTimes;

  constructor(made: { revision: string; version: string; deployment: string; now: number; times: PodTimes }) {
    this.revision = made.revision;
    this.version = made.version;
    this.deployment = made.deployment;
    this.createdAtMs = made.now;
    this.times = made.times;
  }

  /** Pods that are not ready go first, then those that were taken out, then the youngest. */
  scale(replicas: number, now: number): void {
    this.replicas = replicas;
    const isReady = ({ readyAtMs }: ModelPod) => Number(readyAtMs <= now);
    this.pods = this.pods
      .toSorted(
        (a, b) =>
          isReady(b) - isReady(a) ||
          Number(b.serving) - Number(a.serving) ||
          a.createdAtMs - b.createdAtMs ||
          a.name.localeCompare(b.name),
      )
      .slice(0, replicas);
    while (this.pods.length < replicas) this.pods.push(this.startPod(now));
  }

  private startPod(now: number): ModelPod {
    this.made += 1;
    const name = `${this.deployment}-${String(this.made).padStart(5, '0')}`;
    return { name, createdAtMs: now, readyAtMs: now + this.times.startMs, serving: true };
  }

  label(pod: string, serving: boolean): void {
    const found = this.pods.find(({ name }) => name === pod);
    if (found) found.serving = serving;
  }

  /** When the next pod gets ready, or available. */
  nextMs(now: number): number | undefined {
    const moments = this.pods.flatMap(({ readyAtMs }) => [readyAtMs, readyAtMs + this.times.minReadyMs]);
    const coming = moments.filter((ms) => ms > now);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }

  /** Ready pods that a Service with this pin finds. */
  behind(pin: Pin, now: number): number {
    return this.pods.filter((pod) => pod.readyAtMs <= now && isNamed(pin, this.revision, pod)).length;
  }

  /** Pods that exist. */
  get size(): number {
    return this.pods.length;
  }

  facts(pins: readonly Pin[], now: number): RevisionFacts {
    const available = this.pods.filter(
      ({ readyAtMs, serving }) => serving && readyAtMs + this.times.minReadyMs <= now,
    );
    return {
      revision: this.revision,
      deployment: this.deployment,
      uid: `uid of ${this.deployment}`,
      createdAtMs: this.createdAtMs,
      template: this.revision,
      version: this.version,
      replicas: this.replicas,
      available: available.length,
      pods: this.pods.length,
      current: true,
      members: this.pods.map((pod) => this.podFacts(pod, pins, now)),
    };
  }

  private podFacts(pod: ModelPod, pins: readonly Pin[], now: number): PodFacts {
    const ready = pod.readyAtMs <= now;
    return {
      name: pod.name,
      uid: `uid of ${pod.name}`,
      createdAtMs: pod.createdAtMs,
      ready,
      serving: pod.serving,
      reached: ready && pins.some((pin) => isNamed(pin, this.revision, pod)),
      cost: 0,
    };
  }
}

function isNamed(pin: Pin, revision: string, { serving }: ModelPod): boolean {
  if (pin.kind === 'none') return true;
  if (pin.kind === 'replica-set' || pin.kind === 'nobody') return false;
  const isIncluded = serving || pin.whole === true;
  return isIncluded && (pin.kind === 'all' || pin.revision === revision);
}
