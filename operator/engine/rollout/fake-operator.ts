// SPDX-License-Identifier: Apache-2.0
// Test support: what the operator does with plans, one write after the other, over modelled time.
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { replaceConditions } from '../conditions/conditions.ts';
import { toIso } from '../time.ts';
import { type CleanupPlan, planCleanup } from './cleanup.ts';
import { FakeAuditor } from './fake-auditor.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { FakeSampler, type Metrics } from './fake-sampler.ts';
import { worldOf } from './fake-world.ts';
import { performOn } from './fake-writes.ts';
import { pinText } from './pins.ts';
import { plan } from './plan.ts';
import type { Action, RolloutPlan, RolloutWorld, PlannedEvent } from './types.ts';

const MOST_STEPS = 4000;

type Outcome = { plan: RolloutPlan | CleanupPlan; wrote: number; crashed: boolean };

export class FakeOperator {
  readonly cluster: FakeCluster;
  readonly auditor: FakeAuditor;
  /** Writes to the cluster, in order, as sentences. */
  readonly writes: string[] = [];
  readonly events: PlannedEvent[] = [];
  /** What it sees of the cluster. */
  see: (cluster: FakeCluster) => RolloutWorld = worldOf;
  last: RolloutPlan | CleanupPlan | undefined;
  isGone = false;
  /** Writes so far, those of status too. */
  written = 0;
  /** The operator dies right after every so many writes. */
  crashesEvery = Number.POSITIVE_INFINITY;
  private seenSinceMs = Number.NEGATIVE_INFINITY;
  private heardSinceMs = Number.NEGATIVE_INFINITY;
  private diesAt: number | undefined;
  private readonly sampler = new FakeSampler();

  constructor(cluster: FakeCluster) {
    this.cluster = cluster;
    this.auditor = new FakeAuditor(cluster);
  }

  /** What the metrics provider answers from now on. */
  set metrics(metrics: Metrics) {
    this.sampler.metrics = metrics;
  }

  get status(): RolloutStatus {
    const { status } = this.cluster.canary;
    if (!status) throw new Error('there is no status yet');
    return status;
  }

  /** One reconcile, without any time passing. */
  reconcile(): Outcome {
    const { cluster } = this;
    const { canary: rollout } = cluster;
    const world = {
      ...this.see(cluster),
      results: this.sampler.results,
      seenSinceMs: this.seenSinceMs,
      heardSinceMs: Math.max(this.seenSinceMs, this.heardSinceMs),
    };
    const planned: RolloutPlan | CleanupPlan =
      rollout.metadata.deletionTimestamp === undefined
        ? plan(rollout, world, cluster.now)
        : planCleanup(rollout, world, cluster.now);
    this.last = planned;
    this.auditor.checkPlan(planned);
    let wrote = 0;
    for (const action of planned.actions) {
      this.perform(action, planned);
      wrote++;
      if (this.diesNow()) return { plan: planned, wrote, crashed: true };
    }
    if ('done' in planned && planned.done) {
      this.isGone = true;
      return { plan: planned, wrote, crashed: false };
    }
    const isStored = this.store(planned);
    if (isStored && this.diesNow()) return { plan: planned, wrote: wrote + 1, crashed: true };
    this.sampler.want('queries' in planned ? planned.queries : [], cluster.now);
    if (!isStored) return { plan: planned, wrote, crashed: false };
    this.events.push(...planned.events);
    return { plan: planned, wrote: wrote + 1, crashed: false };
  }

  /** A reconcile, and the time until the next one. False: nothing will ever happen by itself. */
  step(): boolean {
    const { plan: planned, wrote, crashed } = this.reconcile();
    if (this.isGone) return false;
    const { now } = this.cluster;
    if (crashed || wrote > 0) {
      this.advanceTo(now + 1);
      return true;
    }
    if (planned.afterMs === 0)
      throw new Error(`at ${this.cluster.clock}: asks to be called again at once, for nothing`);
    const due = [
      this.cluster.nextEventMs(),
      planned.afterMs === undefined ? undefined : now + planned.afterMs,
      ...this.sampler.dueMs,
    ].filter((ms) => ms !== undefined);
    if (due.length === 0) return false;
    this.advanceTo(Math.min(...due));
    return true;
  }

  /** Until nothing happens any more. Then a look at any later time finds nothing to write. */
  runUntilIdle(): this {
    this.run(() => false, 'to come to rest');
    if (this.isGone) return this;
    for (const laterMs of [1, 60_000, 3_600_000]) {
      this.advanceTo(this.cluster.now + laterMs);
      const before = this.cluster.clock;
      const { wrote, plan: planned } = this.reconcile();
      if (wrote > 0) throw new Error(`at ${before}: writes at rest: ${JSON.stringify(planned)}`);
      if (planned.afterMs !== undefined)
        throw new Error(`at ${before}: not at rest, wakes in ${planned.afterMs} ms`);
    }
    return this;
  }

  runUntil(condition: (status: RolloutStatus) => boolean, what = 'what the test waits for'): this {
    this.run(() => this.cluster.canary.status !== undefined && condition(this.cluster.canary.status), what);
    if (!condition(this.status)) throw new Error(`came to rest before ${what}: ${this.status.message}`);
    return this;
  }

  runFor(ms: number): this {
    const until = this.cluster.now + ms;
    for (let steps = 0; this.cluster.now < until; steps++) {
      if (steps > MOST_STEPS)
        throw new Error(`at ${this.cluster.clock}: does not stop: ${this.status.message}`);
      if (!this.step()) break;
    }
    if (!this.isGone) this.advanceTo(until);
    return this;
  }

  /** The operator dies right after this many more writes, of whatever kind. */
  set crashIn(writes: number) {
    this.diesAt = this.written + writes;
  }

  /** The operator is away for a while, and knows nothing when it is back; nor do others for some time more. */
  restart(awayMs: number, { othersLaterMs = 0 } = {}): this {
    this.sampler.forget();
    this.advanceTo(this.cluster.now + awayMs);
    this.seenSinceMs = this.cluster.now;
    this.heardSinceMs = this.cluster.now + othersLaterMs;
    return this;
  }

  /** Somebody else acts; the auditor sees the cluster before and after. */
  meanwhile(act: (cluster: FakeCluster) => void): this {
    this.auditor.look();
    act(this.cluster);
    this.auditor.look();
    return this;
  }

  /** Writes since the last call. */
  takeWrites(): string[] {
    return this.writes.splice(0);
  }

  private run(isDone: () => boolean, what: string): void {
    for (let steps = 0; steps < MOST_STEPS; steps++) {
      if (isDone() || !this.step()) return;
    }
    throw new Error(`at ${this.cluster.clock}: failed ${what}: ${this.status.message}`);
  }

  private perform(action: Action, planned: RolloutPlan | CleanupPlan): void {
    this.auditor.look();
    this.auditor.checkAction(action, planned);
    performOn(this.cluster, action);
    this.auditor.look();
    this.writes.push(textOf(action));
  }

  /** As finish() does: only what differs is written. True: there was a write. */
  private store({ status, conditions }: RolloutPlan | CleanupPlan): boolean {
    const { canary: rollout, now } = this.cluster;
    const stamp = { generation: rollout.metadata.generation, now: toIso(now) };
    const stored = {
      ...status,
      conditions: replaceConditions(rollout.status?.conditions ?? [], conditions, stamp),
    };
    const text = JSON.stringify(stored);
    if (text === JSON.stringify(rollout.status ?? {})) return false;
    this.cluster.canary = { ...rollout, status: JSON.parse(text) as RolloutStatus };
    return true;
  }

  private diesNow(): boolean {
    this.written += 1;
    const dies = this.written === this.diesAt || this.written % this.crashesEvery === 0;
    if (dies) {
      this.sampler.forget();
      this.seenSinceMs = this.cluster.now;
    }
    return dies;
  }

  private advanceTo(ms: number): void {
    while (this.cluster.now < ms) {
      this.auditor.look();
      this.cluster.advanceTo(Math.min(ms, this.cluster.nextEventMs() ?? ms));
      this.auditor.look();
    }
    this.sampler.askUntil(ms, this.cluster.now);
  }
}

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;

const TEXTS: { readonly [K in Action['kind']]: (action: ActionOf<K>) => string } = {
  copyConfig: ({ config, name, copy }) => `copy ${config} ${name} to ${copy}`,
  createRevision: ({ deployment, replicas }) => `create ${deployment} with ${replicas}`,
  scaleRevision: ({ deployment, replicas }) => `scale ${deployment} to ${replicas}`,
  deleteRevision: ({ deployment }) => `delete ${deployment}`,
  drainPod: ({ pod }) => `drain ${pod}`,
  returnPod: ({ pod }) => `return ${pod}`,
  scaleTarget: ({ replicas }) => `scale web to ${replicas}`,
  setReplicas: ({ replicas }) => `replicas of the Canary: ${replicas}`,
  pinService: ({ pin }) => `checkout -> ${pinText(pin)}`,
  pinCanaryService: ({ revision }) => `checkout-canary -> revision ${revision}`,
  setWeight: weightText,
  restRoute: () => 'rest route',
  removeCanaryService: () => 'remove checkout-canary',
};

/** A write as a line of a story. */
export function textOf<K extends Action['kind']>(action: ActionOf<K> & { kind: K }): string {
  return TEXTS[action.kind](action);
}

function weightText({ weight, matched }: Extract<Action, { kind: 'setWeight' }>): string {
  return matched ? `weight ${weight} and match` : `weight ${weight}`;
}
