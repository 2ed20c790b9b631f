// SPDX-License-Identifier: Apache-2.0
// Test support: the invariants of moving traffic, checked at every write and every moment.
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { objectOf } from './actions.ts';
import type { FakeCluster } from './fake-cluster.ts';
import { FakeTrafficRecord, readyPods } from './fake-traffic-record.ts';
import { isFirst, isLetIn } from './first-version.ts';
import { FakeWriteRules, SLACK_MS } from './fake-write-rules.ts';
import { isSameShare, NO_SHARE } from './route-share.ts';
import type { Action, PlannedCondition } from './types.ts';

/** What every plan has, of a release or of a deletion. */
export interface AuditedPlan {
  readonly actions: readonly Action[];
  readonly status: RolloutStatus;
  readonly conditions: readonly PlannedCondition[];
  readonly events: readonly { readonly message: string }[];
}

/** Words of a Canary, which a BlueGreen has others for; not in names. */
const OF_A_CANARY = /(?<![\w-])(canary|stable|weight held)(?![\w-])| at \d+%/;

export class FakeAuditor {
  /** Pods died, or somebody else has changed traffic: a hole in it is not ours. Writes are judged all the same. */
  excused = false;
  private readonly cluster: FakeCluster;
  private readonly record: FakeTrafficRecord;
  private readonly writes: FakeWriteRules;
  private wasPreviewed = false;

  constructor(cluster: FakeCluster) {
    this.cluster = cluster;
    this.record = new FakeTrafficRecord(cluster);
    this.writes = new FakeWriteRules(cluster, this.record, {
      must: (holds, message) => this.must(holds, message),
      mustUnexcused: (holds, message) => this.must(this.excused || holds, message),
    });
    this.look();
  }

  /** To be called before and after everything that changes the cluster or the time. */
  look(): void {
    this.record.note();
    if (!this.excused) this.findHole();
    if (!this.excused) this.findUnjudged();
    this.checkEnded();
    this.findCrowd();
    this.findPreviewHole();
  }

  checkAction(action: Action, { status }: AuditedPlan): void {
    this.writes.check(action, status);
  }

  /** I3 by the pod: none is ended before the Services have long let go of it, whatever its app does on SIGTERM. */
  private checkEnded(): void {
    for (const deployment of this.cluster.revisions.values()) {
      for (const pod of deployment.ended.splice(0)) {
        // A Service that names it may carry nothing, as the canary Service at weight 0.
        const carriedAtMs =
          this.record.carriedAt.get(deployment.revision ?? pod.hash) ?? Number.NEGATIVE_INFINITY;
        const lastMs = pod.reached ? carriedAtMs : Math.min(carriedAtMs, pod.reachedUntilMs);
        const age = this.cluster.now - lastMs;
        const isDrained = age + SLACK_MS >= this.record.drainMs;
        this.must(this.excused || isDrained, `pod ${pod.name} ended ${age} ms after its last traffic`);
      }
    }
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
    this.checkWords(plan);
  }

  private checkWords({ conditions, events, status }: AuditedPlan): void {
    if (this.cluster.canary.kind !== 'BlueGreen') return;
    const said = [...conditions, ...events].map(({ message }) => message);
    const foreign = [...said, status.next ?? ''].filter((text) => OF_A_CANARY.test(text));
    this.must(foreign.length === 0, `a BlueGreen says: ${foreign.join(' | ')}`);
  }

  /** I5: stable changes only at the end of a promotion, once it was known. */
  private checkStable(status: RolloutStatus): void {
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

  /** I5: never three versions at once. */
  private findCrowd(): void {
    const { canary: rollout } = this.cluster;
    if (this.excused || rollout.metadata.deletionTimestamp !== undefined) return;
    const revisions = new Set(this.record.carriers().filter((revision) => revision !== ''));
    this.must(revisions.size <= 2, `${[...revisions].join(', ')} carry traffic at once`);
  }

  /** Nobody is sent where nobody answers. */
  private findHole(): void {
    const { service, canaryService, route } = this.cluster;
    // before anybody has served nobody has been promised an answer
    if (!service || this.record.total === 0 || !this.record.hasServed) return;
    const shares = route ? this.record.recentShares() : [NO_SHARE];
    const toStable = shares.some(({ weight }) => weight < 100);
    const toCanary = shares.some((share) => !isSameShare(share, NO_SHARE));
    this.must(
      !toStable || readyPods(service.endpoints) > 0,
      'Service checkout carries traffic and has no ready pod',
    );
    this.must(
      !toCanary || readyPods(canaryService?.endpoints) > 0,
      'the canary Service carries traffic and has no ready pod',
    );
  }

  /** Whoever asks a preview Service finds a pod, from its first one on and until a deletion; or until the first is refused. */
  private findPreviewHole(): void {
    const { canary: rollout, canaryService } = this.cluster;
    if (!rollout.spec.previewed || rollout.metadata.deletionTimestamp !== undefined) return;
    if (rollout.status?.stage === 'Refused') this.wasPreviewed = false;
    const isFound = readyPods(canaryService?.endpoints) > 0;
    const mayBeEmpty = !this.wasPreviewed || this.excused || this.record.total === 0;
    this.must(isFound || mayBeEmpty, 'the preview Service has no ready pod');
    this.wasPreviewed ||= isFound;
  }

  /** A first version gets no request before it has passed, and none when it was refused. */
  private findUnjudged(): void {
    const { canary: rollout, service } = this.cluster;
    const { status } = rollout;
    if (!status || !isFirst(status) || isLetIn(status)) return;
    if (rollout.metadata.deletionTimestamp !== undefined) return;
    this.must(
      readyPods(service?.endpoints) === 0,
      'Service checkout finds pods of a version that is not judged',
    );
  }

  private must(holds: boolean, message: string): void {
    if (holds) return;
    throw new Error(`at ${this.cluster.clock}: ${message}`);
  }
}
