// SPDX-License-Identifier: Apache-2.0
// Test support: a Deployment and its pods over time.

/** A pod template. Its hash names the revision; pods of a broken one never get ready. */
export interface FakeTemplate {
  readonly hash: string;
  readonly version?: string;
  readonly broken?: boolean;
}

interface FakePod {
  readonly hash: string;
  readonly readyAtMs: number;
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
  /** The Deployment controller has seen the newest generation. */
  observed = false;
  pods: FakePod[] = [];

  constructor(made: { name: string; uid: string; now: number; template: FakeTemplate; replicas: number }) {
    this.name = made.name;
    this.uid = made.uid;
    this.createdAtMs = made.now;
    this.template = made.template;
    this.replicas = made.replicas;
  }

  /** One look of the Deployment controller: a pod that is not ready goes first, an old one when the new ones serve. */
  reconcile(now: number): void {
    this.observed = true;
    const fresh = this.pods.filter(({ hash }) => hash === this.template.hash);
    const old = this.pods.filter(({ hash }) => hash !== this.template.hash);
    const kept = fresh.toSorted((a, b) => a.readyAtMs - b.readyAtMs).slice(0, this.replicas);
    while (kept.length < this.replicas) kept.push(this.startPod(now));
    const serves = kept.every(({ readyAtMs }) => readyAtMs <= now);
    this.pods = serves ? kept : [...old.slice(0, this.replicas), ...kept];
  }

  available(now: number): number {
    if (!this.observed) return 0;
    return this.readyPods(now).filter(({ hash }) => hash === this.template.hash).length;
  }

  readyPods(now: number): FakePod[] {
    return this.pods.filter(({ readyAtMs }) => readyAtMs <= now);
  }

  private startPod(now: number): FakePod {
    const readyAtMs = this.template.broken ? Number.POSITIVE_INFINITY : now + POD_START_MS;
    return { hash: this.template.hash, readyAtMs };
  }
}
