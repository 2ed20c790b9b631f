// SPDX-License-Identifier: Apache-2.0
// Test support: where traffic has gone so far, and since when.
import { durationMs } from '../../api/duration.ts';
import { settleOf } from '../../api/traffic.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { pinText } from './pins.ts';
import { isSameShare, lacksPlace, NO_SHARE, type RouteShare, shareIn } from './route-share.ts';

interface Sample {
  readonly atMs: number;
  readonly share: RouteShare;
}

export class FakeTrafficRecord {
  /** When each revision last carried traffic. */
  readonly carriedAt = new Map<string, number>();
  /** The revision whose pods the canary Service has, and since when. */
  routed: { revision: string | undefined; atMs: number } = { revision: undefined, atMs: 0 };
  /** What the Service names, and since when. */
  pinned: { pin: string | undefined; atMs: number } = { pin: undefined, atMs: 0 };
  /** Service checkout has had a ready pod. */
  hasServed = false;
  private readonly cluster: FakeCluster;
  private shares: Sample[] = [];
  /** Since when a Gateway has not taken up what the route says. */
  private pendingSinceMs: number | undefined;

  constructor(cluster: FakeCluster) {
    this.cluster = cluster;
  }

  /** Notes what is so now. */
  note(): void {
    const { now, route, service } = this.cluster;
    const share = shareIn(route);
    const last = this.shares.at(-1);
    if (!last || !isSameShare(last.share, share)) this.shares.push({ atMs: now, share });
    this.pendingSinceMs = route?.pending === undefined ? undefined : (this.pendingSinceMs ?? now);
    for (const revision of [...this.carriers(), ...this.previewed()]) this.carriedAt.set(revision, now);
    if (readyPods(service?.endpoints) > 0) this.hasServed = true;
    const pin = service && pinText(service.pin);
    if (pin !== this.pinned.pin) this.pinned = { pin, atMs: now };
    this.noteCanaryService();
  }

  /** Revisions that the preview Service finds: who looks at a preview is a client, too. */
  private previewed(): string[] {
    const { canary: rollout, canaryService } = this.cluster;
    const isKept = rollout.spec.previewed && rollout.metadata.deletionTimestamp === undefined;
    return isKept ? Object.keys(canaryService?.endpoints ?? {}) : [];
  }

  private noteCanaryService(): void {
    const { canaryService, now, route } = this.cluster;
    const isKnown = readyPods(canaryService?.endpoints) > 0 && !lacksPlace(route);
    const revision = isKnown ? canaryService?.revision : undefined;
    if (revision !== this.routed.revision) this.routed = { revision, atMs: now };
  }

  /** What a data plane may still go by which lags by the settle time, or has not yet said that it follows. */
  recentShares(): RouteShare[] {
    return this.sharesSince(this.cluster.now - this.settleMs);
  }

  private sharesSince(ms: number): RouteShare[] {
    const since = Math.min(ms, (this.pendingSinceMs ?? ms + 1) - 1);
    const first = this.shares.findLastIndex(({ atMs }) => atMs <= since);
    return this.shares.slice(Math.max(0, first)).map(({ share }) => share);
  }

  /** Revisions that traffic goes to. */
  carriers(): string[] {
    const { service, canaryService, route } = this.cluster;
    const shares = route ? this.sharesSince(this.cluster.now) : [NO_SHARE];
    const toStable = shares.some(({ weight }) => weight < 100);
    const toCanary = shares.some((share) => !isSameShare(share, NO_SHARE));
    return [
      ...(toStable ? Object.keys(service?.endpoints ?? {}) : []),
      ...(toCanary ? Object.keys(canaryService?.endpoints ?? {}) : []),
    ];
  }

  /** How long a data plane takes to follow the route. */
  get settleMs(): number {
    const { traffic } = this.cluster.canary.spec;
    return traffic ? durationMs(settleOf(traffic)) : 0;
  }

  /** How long a pod outlives its last traffic. */
  get drainMs(): number {
    const { spec } = this.cluster.canary;
    return Math.max(this.settleMs, durationMs(spec.scaleDownDelay), 3000);
  }

  /** Pods in all that the release should have. */
  get total(): number {
    const { canary: rollout } = this.cluster;
    return rollout.spec.replicas ?? rollout.status?.specReplicas ?? this.cluster.target?.replicas ?? 0;
  }
}

/** How many pods a Service has. */
export function readyPods(endpoints: Readonly<Record<string, number>> | undefined): number {
  return Object.values(endpoints ?? {}).reduce((sum, ready) => sum + ready, 0);
}
