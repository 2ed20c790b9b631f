// SPDX-License-Identifier: Apache-2.0
// Test support: a Deployment and its pods over time.
import type { Pin } from './types.ts';

/** A pod template. Its hash names the revision; pods of a broken one never get ready. */
export interface FakeTemplate {
  readonly hash: string;
  readonly version?: string;
  readonly broken?: boolean;
  /** ConfigMaps that its pods read from. */
  readonly config?: readonly string[];
}

export interface FakePod {
  readonly name: string;
  readonly hash: string;
  readonly createdAtMs: number;
  readonly readyAtMs: number;
  serving: boolean;
  /** As the EndpointSlices have it; and until when they had, for one that left them. */
  reached: boolean;
  reachedUntilMs: number;
}

/** How long a pod takes until it is ready. */
export const POD_START_MS = 2000;

export class FakeDeployment {
  readonly name: string;
  readonly uid: string;
  readonly createdAtMs: number;
  template: FakeTemplate;
  replicas: number;
  /** Who set replicas last. */
  manager = 'headway';
  /** Its rollout was paused: a new template is not rolled out, but its pods are scaled. */
  paused = false;
  /** How long a pod has to be ready until it counts as available. */
  minReadyMs = 0;
  /** The Deployment controller has seen the newest generation. */
  observed = false;
  pods: FakePod[] = [];
  /** Pods that were ended since somebody looked. */
  ended: FakePod[] = [];
  private made = 0;
  /** Hash of the revision that it runs; undefined for the target. */
  revision: string | undefined;
  /** Its copies of ConfigMaps: their contents by the names of the originals. */
  readonly copies = new Map<string, string>();

  constructor(made: { name: string; uid: string; now: number; template: FakeTemplate; replicas: number }) {
    this.name = made.name;
    this.uid = made.uid;
    this.createdAtMs = made.now;
    this.template = made.template;
    this.replicas = made.replicas;
  }

  /** One look of the Deployment controller: what is not ready goes first, then what is cheap, then what is young. */
  reconcile(now: number): void {
    this.observed = true;
    const fresh = this.pods.filter(({ hash }) => hash === this.template.hash);
    const old = this.pods.filter(({ hash }) => hash !== this.template.hash);
    const isReady = ({ readyAtMs }: FakePod): number => Number(readyAtMs <= now);
    const kept = fresh
      .toSorted(
        (a, b) =>
          isReady(b) - isReady(a) ||
          Number(b.serving) - Number(a.serving) ||
          a.readyAtMs - b.readyAtMs ||
          a.createdAtMs - b.createdAtMs,
      )
      .slice(0, this.replicas);
    while (kept.length < this.replicas) kept.push(this.startPod(now));
    const serves = kept.every(({ readyAtMs }) => readyAtMs <= now);
    const before = this.pods;
    this.pods = serves ? kept : [...old.slice(0, this.replicas), ...kept];
    this.ended.push(...before.filter((pod) => !this.pods.includes(pod)));
  }

  /** Its pods cannot start: a copy that they read from is not there. */
  get lacksConfig(): boolean {
    return this.revision !== undefined && (this.template.config ?? []).some((name) => !this.copies.has(name));
  }

  /** Of the newest template, ready and not taken out. */
  available(now: number): number {
    if (!this.observed) return 0;
    return this.readyPods(now - this.minReadyMs).filter(
      ({ hash, serving }) => hash === this.template.hash && serving,
    ).length;
  }

  readyPods(now: number): FakePod[] {
    return this.pods.filter(({ readyAtMs }) => readyAtMs <= now);
  }

  private startPod(now: number): FakePod {
    const readyAtMs =
      this.template.broken || this.lacksConfig ? Number.POSITIVE_INFINITY : now + POD_START_MS;
    const { hash } = this.template;
    return {
      name: `${this.name}-${++this.made}`,
      hash,
      createdAtMs: now,
      readyAtMs,
      serving: true,
      reached: false,
      reachedUntilMs: Number.NEGATIVE_INFINITY,
    };
  }
}

/** Whether a selector finds a pod of a revision, if it is ready. */
export function isNaming(pin: Pin, revision: string, { serving }: FakePod): boolean {
  if (pin.kind === 'none') return true;
  if (pin.kind === 'replica-set' || pin.kind === 'nobody') return false;
  const isIncluded = serving || pin.whole === true;
  return isIncluded && (pin.kind === 'all' || pin.revision === revision);
}
