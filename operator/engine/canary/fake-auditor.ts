// SPDX-License-Identifier: Apache-2.0
// Test support: the invariants of moving traffic, checked at every write and every moment.
import type { CanaryStatus } from '../../api/canary-status.ts';
import { durationMs } from '../../api/duration.ts';
import { objectOf } from './actions.ts';
import { halfOf } from './capacity.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { pinText } from './pins.ts';
import { isSameShare, NO_SHARE, type RouteShare, shareIn, takesAway } from './route-share.ts';
import { expandSteps } from './steps.ts';
import type { Action, PlannedCondition } from './types.ts';

/** The controllers of the model lag a little. */
const SLACK_MS = 100;

interface Sample {
  readonly atMs: number;
  readonly share: RouteShare;
}

const HARMLESS = ['createRevision', 'copyConfig', 'drainPod', 'returnPod'] as const;
type HarmlessAction = Extract<Action, { kind: (typeof HARMLESS)[number] }>;

/** What every plan has, of a release or of a deletion. */
export interface AuditedPlan {
  readonly actions: readonly Action[];
  readonly status: CanaryStatus;
  readonly conditions: readonly PlannedCondition[];
}

export class FakeAuditor {
  /** Pods died, or somebody else has changed traffic: a hole in it is not ours. Writes are judged all the same. */
  excused = false;
  private readonly cluster: FakeCluster;
  private readonly carriedAt = new Map<string, number>();
  private shares: Sample[] = [];
  /** Since when a Gateway has not taken up what the route says. */
  private pendingSinceMs: number | undefined;
  /** The revision whose pods the canary Service has, and since when. */
  private routed: { revision: string | undefined; atMs: number } = { revision: undefined, atMs: 0 };
  private pinned: { pin: string | undefined; atMs: number } = { pin: undefined, atMs: 0 };

  constructor(cluster: FakeCluster) {
    this.cluster = cluster;
    this.look();
  }

  /** To be called before and after everything that changes the cluster or the time. */
  look(): void {
    const { now, route, service } = this.cluster;
    const share = shareIn(route);
    const last = this.shares.at(-1);
    if (!last || !isSameShare(last.share, share)) this.shares.push({ atMs: now, share });
    this.pendingSinceMs = route?.pending === undefined ? undefined : (this.pendingSinceMs ?? now);
    for (const revision of this.carriers()) this.carriedAt.set(revision, now);
    const pin = service && pinText(service.pin);
    if (pin !== this.pinned.pin) this.pinned = { pin, atMs: now };
    if (!this.excused) this.findHole();
    this.checkEnded();
    this.findCrowd();
    this.lookAtCanaryService();
  }

  private lookAtCanaryService(): void {
    const { canaryService, now } = this.cluster;
    const revision = count(canaryService?.endpoints) > 0 ? canaryService?.revision : undefined;
    if (revision !== this.routed.revision) this.routed = { revision, atMs: now };
  }

  /** I3 by the pod: none is ended before the Services have long let go of it, whatever its app does on SIGTERM. */
  private checkEnded(): void {
    for (const deployment of this.cluster.revisions.values()) {
      for (const pod of deployment.ended.splice(0)) {
        // A Service that names it may carry nothing, as the canary Service at weight 0.
        const carriedAtMs = this.carriedAt.get(deployment.revision ?? pod.hash) ?? Number.NEGATIVE_INFINITY;
        const lastMs = pod.reached ? carriedAtMs : Math.min(carriedAtMs, pod.reachedUntilMs);
        const age = this.cluster.now - lastMs;
        const isDrained = age + SLACK_MS >= this.drainMs;
        this.must(this.excused || isDrained, `pod ${pod.name} ended ${age} ms after its last traffic`);
      }
    }
  }

  private get drainMs(): number {
    const { spec } = this.cluster.canary;
    const settle = spec.traffic ? durationMs(spec.traffic.settle) : 0;
    return Math.max(settle, durationMs(spec.scaleDownDelay), 3000);
  }

  /** I9 and the status contract. */
  checkPlan(plan: AuditedPlan): void {
    const { conditions, status, actions } = plan;
    const types = conditions.map(({ type }) => type);
    this.must(new Set(types).size === types.length, `conditions twice: ${types.join(', ')}`);
    this.must(types.includes('Ready'), 'no Ready condition');
    this.must(
      !(types.includes('Reconciling') && types.includes('Stalled')),
      'Reconciling and Stalled together',
    );
    const untrue = conditions.filter(({ type, status: value }) => type !== 'Ready' && value !== 'True');
    this.must(untrue.length === 0, `present but not True: ${untrue.map(({ type }) => type).join(', ')}`);
    this.must(
      status.observedGeneration <= this.cluster.canary.metadata.generation,
      'observedGeneration is ahead of the object',
    );
    const objects = actions.map(objectOf);
    this.must(new Set(objects).size === objects.length, `two writes to one object: ${objects.join(', ')}`);
    this.checkStable(status);
  }

  /** I5: stable changes only at the end of a promotion, once it was known. */
  private checkStable(status: CanaryStatus): void {
    const { stage, stable: before } = this.cluster.canary.status ?? {};
    const after = status.stable?.revision;
    if (before === undefined || before.revision === after) return;
    const [newest] = status.history ?? [];
    const isReturn = stage === 'Returning' && newest?.revision === before.revision;
    const isPromotion = newest?.outcome === 'Promoted' && newest.revision === after;
    this.must(
      isReturn || isPromotion,
      `stable changed from ${before.revision} to ${after} without a promotion`,
    );
  }

  checkAction(action: Action, plan: AuditedPlan): void {
    if (this.isHarmless(action)) return;
    switch (action.kind) {
      case 'setWeight':
        return this.checkWeight(shareIn(action), plan.status);
      case 'pinService':
        return this.checkFlip(action, plan.status);
      case 'pinCanaryService':
        return this.checkCanaryFlip(action.revision);
      case 'restRoute':
      case 'removeCanaryService':
        return this.checkCanarySide(action.kind);
      case 'scaleRevision':
        return this.checkScale(action.deployment, action.replicas);
      case 'deleteRevision':
        return this.checkScale(action.deployment, -1);
      case 'scaleTarget':
        return this.checkTarget(action.replicas);
      case 'setReplicas':
        this.must(this.cluster.canary.spec.replicas === undefined, 'replicas of a person are written over');
    }
  }

  /** No traffic hangs on it. Pods that cannot start are not asked for all the same. */
  private isHarmless(action: Action): action is HarmlessAction {
    this.checkConfig(action);
    return HARMLESS.some((kind) => kind === action.kind);
  }

  private checkConfig(action: Action): void {
    if (action.kind !== 'createRevision' && action.kind !== 'scaleRevision') return;
    const { deployment, replicas } = action;
    const known = this.cluster.revisions.get(deployment);
    const lacks =
      action.kind === 'createRevision' ? action.config !== undefined : known?.lacksConfig === true;
    const isMore = replicas > (known?.replicas ?? 0);
    this.must(!(isMore && lacks), `${deployment} gets pods before the config that they read`);
  }

  private checkCanarySide(kind: 'restRoute' | 'removeCanaryService'): void {
    if (kind === 'restRoute') this.mustCarryNothing('the route is removed');
    else this.must(!this.cluster.route?.exists, 'the canary Service is removed before its route');
  }

  private checkTarget(replicas: number): void {
    if (replicas === 0) this.mustBeDrained('', 'Deployment web is scaled to 0');
  }

  private checkCanaryFlip(revision: string): void {
    const { canaryService } = this.cluster;
    if (canaryService && canaryService.revision !== revision)
      this.mustCarryNothing('the canary Service is flipped');
  }

  private mustCarryNothing(what: string): void {
    this.must(
      this.recentShares().every((share) => isSameShare(share, NO_SHARE)),
      `${what} under weight`,
    );
  }

  /** I1, I2, I4. */
  private checkWeight(share: RouteShare, status: CanaryStatus): void {
    const { weight } = share;
    const { canary, service, route } = this.cluster;
    const now = shareIn(route);
    const declared = expandSteps(canary.spec).map(({ setWeight }) => setWeight);
    const isWhole = weight === 100 && ['Promoting', 'Returning'].includes(status.stage ?? '');
    const known = weight === 0 || declared.includes(weight) || isWhole;
    this.must(known, `weight ${weight} at stage ${status.stage} is on no step`);
    if (this.total === 0) return;
    if (takesAway(share, now)) this.checkRaise(weight, status);
    const isTaken = weight >= now.weight || count(service?.endpoints) > 0;
    this.must(isTaken, `weight ${weight} to a stable side without ready pods`);
    if (takesAway(now, share)) this.checkReturn(status);
  }

  /** A data plane that has not heard of the flip yet would send what comes back to the old pods. */
  private checkReturn(status: CanaryStatus): void {
    const { canary, now, service } = this.cluster;
    if (service?.pin.kind !== 'revision' || service.pin.revision !== status.canary?.revision) return;
    const settle = durationMs(canary.spec.traffic?.settle ?? '0s');
    const isHeard = now - this.pinned.atMs >= settle || canary.metadata.deletionTimestamp !== undefined;
    this.must(isHeard, 'the weight is given back before the route follows the Service');
  }

  private checkRaise(weight: number, status: CanaryStatus): void {
    const { canaryService } = this.cluster;
    const revision = canaryService?.revision ?? '';
    const ready = canaryService?.endpoints[revision] ?? 0;
    this.must(revision === status.canary?.revision, `weight for revision ${revision}, not the one in flight`);
    this.must(ready > 0, `weight ${weight} to a canary without ready pods`);
    const need = status.stage === 'Returning' ? halfOf(this.total) : (this.total * weight) / 100;
    this.must(
      this.isRouteHeard(status),
      'the weight goes up before the route has heard of the canary Service',
    );
    const isStrong = ready >= need || this.isDeclared(status);
    this.must(this.excused || isStrong, `too few pods for ${weight}%`);
  }

  /**
   * A data plane that hears of the weight first finds no pod, or those that the canary Service had before. A return
   * beside a route that names it comes from pods that stay.
   */
  private isRouteHeard({ stage }: CanaryStatus): boolean {
    const { canary, now, route } = this.cluster;
    if (!isSameShare(shareIn(route), NO_SHARE)) return true;
    if (stage === 'Returning' && route?.exists) return true;
    return now - this.routed.atMs >= durationMs(canary.spec.traffic?.settle ?? '0s');
  }

  private isDeclared(status: CanaryStatus): boolean {
    const index = status.step?.index ?? 0;
    return expandSteps(this.cluster.canary.spec)
      .slice(0, index + 1)
      .some(({ replicas }) => replicas !== undefined);
  }

  /** Never under weight; and the pods that it will name are ready. */
  private checkFlip(action: Extract<Action, { kind: 'pinService' }>, status: CanaryStatus): void {
    const { service, route, canary } = this.cluster;
    const named = this.cluster.podsOf(action.pin);
    this.must(
      this.total === 0 || count(named) > 0 || action.pin.kind === 'none',
      `Service pinned to ${pinText(action.pin)}, which has no ready pod`,
    );
    const isRestore = service?.manager !== 'headway';
    if (!route || isRestore || canary.metadata.deletionTimestamp !== undefined || status.stage === 'Adopting')
      return;
    const isAway = this.recentShares().every(({ weight }) => weight === 100);
    this.must(isAway, `Service pinned to ${pinText(action.pin)} while it carries traffic`);
  }

  /** I3. While pods behind one Service are the split, taking some of a side away is the step itself. */
  private checkScale(deployment: string, replicas: number): void {
    const known = this.cluster.revisions.get(deployment);
    this.must(known !== undefined, `Deployment ${deployment} is not there`);
    if (!known || replicas >= known.replicas || known.available(this.cluster.now) === 0) return;
    if (replicas > 0) return this.checkSurplus(deployment, replicas);
    this.mustBeDrained(
      known.revision ?? known.template.hash,
      `${deployment} is scaled from ${known.replicas} to ${replicas}`,
    );
  }

  /** What is to go was taken out before, so that no pod that serves can be meant. */
  private checkSurplus(deployment: string, replicas: number): void {
    const { pods = [] } = this.cluster.revisions.get(deployment) ?? {};
    const serving = pods.filter((pod) => pod.serving && pod.readyAtMs <= this.cluster.now).length;
    this.must(
      serving <= replicas,
      `${deployment} is scaled to ${replicas} while ${serving} of its pods serve`,
    );
  }

  private mustBeDrained(revision: string, what: string): void {
    const age = this.cluster.now - (this.carriedAt.get(revision) ?? 0);
    const drained = age + SLACK_MS >= this.drainMs;
    this.must(drained || this.total === 0, `${what} ${age} ms after its last traffic`);
  }

  /** I5: never three versions at once. */
  private findCrowd(): void {
    const { canary } = this.cluster;
    if (this.excused || canary.metadata.deletionTimestamp !== undefined) return;
    const revisions = new Set(this.carriers().filter((revision) => revision !== ''));
    this.must(revisions.size <= 2, `${[...revisions].join(', ')} carry traffic at once`);
  }

  /** Nobody is sent where nobody answers. */
  private findHole(): void {
    const { service, canaryService, route } = this.cluster;
    if (!service || this.total === 0) return;
    const shares = route ? this.recentShares() : [NO_SHARE];
    const toStable = shares.some(({ weight }) => weight < 100);
    const toCanary = shares.some((share) => !isSameShare(share, NO_SHARE));
    this.must(
      !toStable || count(service.endpoints) > 0,
      'Service checkout carries traffic and has no ready pod',
    );
    this.must(
      !toCanary || count(canaryService?.endpoints) > 0,
      'the canary Service carries traffic and has no ready pod',
    );
  }

  /** What a data plane may still go by which lags by the settle time, or has not yet said that it follows. */
  private recentShares(): RouteShare[] {
    const { spec } = this.cluster.canary;
    return this.sharesSince(this.cluster.now - (spec.traffic ? durationMs(spec.traffic.settle) : 0));
  }

  private sharesSince(ms: number): RouteShare[] {
    const since = Math.min(ms, (this.pendingSinceMs ?? ms + 1) - 1);
    const first = this.shares.findLastIndex(({ atMs }) => atMs <= since);
    return this.shares.slice(Math.max(0, first)).map(({ share }) => share);
  }

  private carriers(): string[] {
    const { service, canaryService, route } = this.cluster;
    const shares = route ? this.sharesSince(this.cluster.now) : [NO_SHARE];
    const toStable = shares.some(({ weight }) => weight < 100);
    const toCanary = shares.some((share) => !isSameShare(share, NO_SHARE));
    return [
      ...(toStable ? Object.keys(service?.endpoints ?? {}) : []),
      ...(toCanary ? Object.keys(canaryService?.endpoints ?? {}) : []),
    ];
  }

  private get total(): number {
    const { canary } = this.cluster;
    return canary.spec.replicas ?? canary.status?.specReplicas ?? this.cluster.target?.replicas ?? 0;
  }

  private must(holds: boolean, message: string): void {
    if (holds) return;
    throw new Error(`at ${this.cluster.clock}: ${message}`);
  }
}

function count(endpoints: Readonly<Record<string, number>> | undefined): number {
  return Object.values(endpoints ?? {}).reduce((sum, ready) => sum + ready, 0);
}
