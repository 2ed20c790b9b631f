// SPDX-License-Identifier: Apache-2.0
// Test support: what must hold when a write is made.
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { halfOf } from './capacity.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { type FakeTrafficRecord, readyPods } from './fake-traffic-record.ts';
import { pinText } from './pins.ts';
import { isSameShare, NO_SHARE, type RouteShare, shareIn, takesAway } from './route-share.ts';
import type { Action } from './types.ts';

const HARMLESS = ['createRevision', 'copyConfig', 'drainPod', 'returnPod'] as const;
type HarmlessAction = Extract<Action, { kind: (typeof HARMLESS)[number] }>;

/** The controllers of the model lag a little. */
export const SLACK_MS = 100;

/** Refuses what does not hold. */
export type Must = (holds: boolean, message: string) => void;

export class FakeWriteRules {
  private readonly cluster: FakeCluster;
  private readonly record: FakeTrafficRecord;
  private readonly must: Must;
  /** As `must`, but for what is not ours once somebody else has changed traffic. */
  private readonly mustUnexcused: Must;

  constructor(cluster: FakeCluster, record: FakeTrafficRecord, rules: { must: Must; mustUnexcused: Must }) {
    this.cluster = cluster;
    this.record = record;
    this.must = rules.must;
    this.mustUnexcused = rules.mustUnexcused;
  }

  check(action: Action, status: RolloutStatus): void {
    if (this.isHarmless(action)) return;
    switch (action.kind) {
      case 'setWeight':
        return this.checkWeight(shareIn(action), status);
      case 'pinService':
        return this.checkFlip(action, status);
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
    const isFirst = replicas > 0 && (known?.replicas ?? 0) === 0;
    this.must(!(isFirst && lacks), `${deployment} gets its first pod before the config that it reads`);
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
      this.record.recentShares().every((share) => isSameShare(share, NO_SHARE)),
      `${what} under weight`,
    );
  }

  /** I1, I2, I4. */
  private checkWeight(share: RouteShare, status: RolloutStatus): void {
    const { weight } = share;
    const { canary: rollout, service, route } = this.cluster;
    const now = shareIn(route);
    const declared = rollout.spec.steps.map(({ setWeight }) => setWeight);
    const isWhole = weight === 100 && ['Promoting', 'Returning'].includes(status.stage ?? '');
    const known = weight === 0 || declared.includes(weight) || isWhole;
    this.must(known, `weight ${weight} at stage ${status.stage} is on no step`);
    if (this.record.total === 0) return;
    if (takesAway(share, now)) this.checkRaise(weight, status);
    const isTaken = weight >= now.weight || readyPods(service?.endpoints) > 0;
    this.must(isTaken, `weight ${weight} to a stable side without ready pods`);
    if (takesAway(now, share)) this.checkReturn(status);
  }

  /** A data plane that has not heard of the flip yet would send what comes back to the old pods. */
  private checkReturn(status: RolloutStatus): void {
    const { canary: rollout, now, service } = this.cluster;
    if (service?.pin.kind !== 'revision' || service.pin.revision !== status.canary?.revision) return;
    const isHeard =
      now - this.record.pinned.atMs >= this.record.settleMs ||
      rollout.metadata.deletionTimestamp !== undefined;
    this.must(isHeard, 'the weight is given back before the route follows the Service');
  }

  private checkRaise(weight: number, status: RolloutStatus): void {
    const { canaryService } = this.cluster;
    const revision = canaryService?.revision ?? '';
    const ready = canaryService?.endpoints[revision] ?? 0;
    this.must(revision === status.canary?.revision, `weight for revision ${revision}, not the one in flight`);
    this.must(ready > 0, `weight ${weight} to a canary without ready pods`);
    const need =
      status.stage === 'Returning' ? halfOf(this.record.total) : (this.record.total * weight) / 100;
    this.must(
      this.isRouteHeard(status),
      'the weight goes up before the route has heard of the canary Service',
    );
    const isStrong = ready >= need || this.isDeclared(status);
    this.mustUnexcused(isStrong, `too few pods for ${weight}%`);
  }

  /**
   * A data plane that hears of the weight first finds no pod, or those that the canary Service had before. A return
   * beside a route that names it comes from pods that stay.
   */
  private isRouteHeard({ stage }: RolloutStatus): boolean {
    const { now, route } = this.cluster;
    if (!isSameShare(shareIn(route), NO_SHARE)) return true;
    if (stage === 'Returning' && route?.exists && !route.placeFirst) return true;
    return now - this.record.routed.atMs >= this.record.settleMs;
  }

  private isDeclared(status: RolloutStatus): boolean {
    const index = status.step?.index ?? 0;
    return this.cluster.canary.spec.steps.slice(0, index + 1).some(({ replicas }) => replicas !== undefined);
  }

  /** Never under weight; and the pods that it will name are ready. */
  private checkFlip(action: Extract<Action, { kind: 'pinService' }>, status: RolloutStatus): void {
    const { service, route, canary: rollout } = this.cluster;
    if (action.pin.kind === 'nobody') {
      const isUnserved = readyPods(service?.endpoints) === 0;
      return this.mustUnexcused(isUnserved, 'the Service loses pods that serve to a first version');
    }
    const named = this.cluster.podsOf(action.pin);
    this.must(
      this.record.total === 0 || readyPods(named) > 0 || action.pin.kind === 'none',
      `Service pinned to ${pinText(action.pin)}, which has no ready pod`,
    );
    const isRestore = service?.manager !== 'headway';
    if (
      !route ||
      isRestore ||
      rollout.metadata.deletionTimestamp !== undefined ||
      status.stage === 'Adopting' ||
      service.pin.kind === 'nobody'
    )
      return;
    const isAway = this.record.recentShares().every(({ weight }) => weight === 100);
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
    const age = this.cluster.now - (this.record.carriedAt.get(revision) ?? 0);
    const drained = age + SLACK_MS >= this.record.drainMs;
    this.must(drained || this.record.total === 0, `${what} ${age} ms after its last traffic`);
  }
}
