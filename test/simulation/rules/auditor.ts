// SPDX-License-Identifier: Apache-2.0
import { resources } from '../../../operator/kube/resources.ts';
import { isEqual } from '../api/json.ts';
import type { Change } from '../api/server.ts';
import { specOf } from '../cluster/objects.ts';
import type { Pod } from '../cluster/pods.ts';
import { clockText } from '../story/story.ts';
import type { World } from '../world.ts';
import { checkPreviewClients, checkSwitch } from './blue-green-rules.ts';
import { checkConfig } from './config-rules.ts';
import { checkFirst, Clients } from './first-rules.ts';
import { HEARD_AFTER_MS } from './heard.ts';
import { checkNowhere } from './nowhere-rules.ts';
import { checkOwnership } from './ownership.ts';
import { checkRoute, checkSelector, declaredWeights, Selectors } from './route-rules.ts';
import { checkScale } from './scale-rules.ts';
import { checkSecrets, SecretTraces } from './secret-rules.ts';
import { checkStatus } from './status-rules.ts';

/** Beyond this an operator that writes the same object at one step has lost its way. */
const MOST_WRITES = 4;

/** Looks at every write of the operator and at every request that the data plane sends. */
export class Auditor {
  private readonly world: World;
  private excusedUntilMs = 0;
  private awayUntilMs = 0;
  private previewExcusedUntilMs = 0;
  readonly secrets = new SecretTraces();
  /** Somebody else has had a hand in it. */
  isRivalled = false;
  readonly clients: Clients;
  /** How often somebody else has disturbed. */
  private disturbances = 0;
  private readonly budget = new Map<string, number>();
  private place = '';
  /** When each pod last got a request, while another one, in ms. */
  readonly lastServedMs = new Map<string, number>();
  readonly selectors = new Selectors();
  private shares: ReadonlyMap<string, number> = new Map();
  private formerTotal: { readonly replicas: number; readonly atMs: number } | undefined;
  private former: { readonly weights: readonly number[]; readonly atMs: number } | undefined;

  constructor(world: World) {
    this.world = world;
    this.clients = new Clients(world);
    world.server.listeners.push((change) => this.hear(change));
    world.dataPlane.listeners.push(() => this.lookAtRequests());
    world.pods.listeners.push((pod) => this.lookAtPod(pod));
  }

  /** For a while requests may be lost: somebody else takes pods or traffic away, and it takes an API server to mend. */
  excuse(ms: number): void {
    const { now } = this.world.timeline;
    this.excusedUntilMs = Math.max(this.excusedUntilMs, Math.max(now, this.awayUntilMs) + ms);
  }

  /** The API server is away for a while: nobody can put right what somebody else has done. */
  noteAway(ms: number): void {
    if (this.isExcused) this.excusedUntilMs += ms;
    this.awayUntilMs = Math.max(this.awayUntilMs, this.world.timeline.now + ms);
  }

  /** Somebody points the preview Service elsewhere, which takes nothing from clients. */
  excusePreview(ms: number): void {
    this.previewExcusedUntilMs = this.world.timeline.now + ms;
  }

  get isPreviewExcused(): boolean {
    return this.isExcused || this.world.timeline.now < this.previewExcusedUntilMs;
  }

  disturb(): void {
    this.disturbances += 1;
  }

  get isExcused(): boolean {
    return this.world.timeline.now < this.excusedUntilMs;
  }

  /** Pods in all that the release should have. */
  get total(): number {
    const spec = this.world.rollout?.['spec'] as { replicas?: number } | undefined;
    return spec?.replicas ?? this.world.status?.specReplicas ?? this.world.story.setup.replicas;
  }

  /** The fewer of the pods that the release should have, and should have had before that was changed a moment ago. */
  get leastTotal(): number {
    const { replicas = Number.POSITIVE_INFINITY, atMs = 0 } = this.formerTotal ?? {};
    return this.hasHeardSince(atMs) ? this.total : Math.min(this.total, replicas);
  }

  /** Weights of steps that have been changed, and the operator may not have heard of it. */
  get formerWeights(): readonly number[] {
    const { weights = [], atMs = 0 } = this.former ?? {};
    return this.hasHeardSince(atMs) ? [] : weights;
  }

  /** Whether the operator must have heard of what somebody changed in the spec at a moment. */
  private hasHeardSince(atMs: number): boolean {
    const { faults, resource, timeline } = this.world;
    const stalledMs = faults.stalledUntil.get(resource.plural) ?? 0;
    return timeline.now >= Math.max(atMs, stalledMs) + HEARD_AFTER_MS;
  }

  must(rule: string, holds: boolean, message: () => string): void {
    if (!holds) this.world.violate(rule, message());
  }

  /** I10: what the operator writes or tells to anybody betrays nothing of a Secret. */
  mustTellNothing(where: string, told: unknown): void {
    const found = this.secrets.foundIn(told);
    this.must('I10', found === undefined, () => `${where} shows ${found}`);
  }

  private hear(change: Change): void {
    const { write } = change;
    if (!write.actor.startsWith('headway')) return this.hearOthers(change);
    if (write.resource === resources.leases) return;
    this.checkLease(write.actor);
    checkOwnership(this, this.world, change);
    checkRoute(this, this.world, change);
    checkSelector(this, this.world, change);
    checkSwitch(this, this.world, change);
    checkFirst(this, this.world, change);
    checkScale(this, this.world, change);
    checkStatus(this, this.world, change);
    checkSecrets(this, this.world, change);
    checkConfig(this, this.world, change);
    this.checkBudget(change);
  }

  private hearOthers(change: Change): void {
    const { write, after } = change;
    if (write.resource === resources.secrets && after) this.secrets.learn(after);
    this.noteSpec(change);
    this.selectors.hearOthers(change);
  }

  private noteSpec({ write, before, after }: Change): void {
    if (write.resource !== this.world.resource || !before || !after) return;
    const { now } = this.world.timeline;
    const had = specOf(before)['replicas'];
    if (typeof had === 'number' && had !== specOf(after)['replicas'])
      this.formerTotal = { replicas: had, atMs: now };
    const weights = declaredWeights(before);
    if (isEqual(weights, declaredWeights(after))) return;
    this.former = { weights, atMs: now };
  }

  /** I7: of several operators only the holder of the Lease writes. */
  private checkLease(actor: string): void {
    if (this.world.operators.length === 1) return;
    const lease = this.world.server.get(resources.leases, 'headway/headway');
    const holder = (lease?.['spec'] as { holderIdentity?: string } | undefined)?.holderIdentity ?? '';
    this.must(
      'I7',
      holder.startsWith(`${actor}_`),
      () => `${actor} writes, but the Lease is held by ${holder || 'nobody'}`,
    );
  }

  /** I8: each object is written a few times at one place of a release, and no more. */
  private checkBudget({ write, key }: Change): void {
    const { step, stage, canary } = this.world.status ?? {};
    const place = `${stage} ${canary?.revision} ${step?.index} ${step?.startedAt}`;
    if (place !== this.place) this.budget.clear();
    this.place = place;
    if (write.subresource === 'status' || write.resource === resources.pods) return;
    const id = `${write.resource.plural} ${key}`;
    const count = (this.budget.get(id) ?? 0) + 1;
    this.budget.set(id, count);
    this.must(
      'I8',
      count <= MOST_WRITES + this.disturbances,
      () => `${id} is written for the ${count}th time at ${place}`,
    );
  }

  private lookAtRequests(): void {
    const { served } = this.world.dataPlane;
    const { now } = this.world.timeline;
    this.clients.look();
    for (const [name] of this.shares) this.lastServedMs.set(name, now);
    for (const [name] of served.shares) this.lastServedMs.set(name, Number.POSITIVE_INFINITY);
    for (const name of this.shares.keys()) if (!served.shares.has(name)) this.lastServedMs.set(name, now);
    this.shares = served.shares;
    if (this.world.startMs === 0) return;
    checkNowhere(this, this.world);
    for (const name of served.shares.keys()) this.mustAnswer(name);
    this.mustBeTwo();
    checkPreviewClients(this, this.world);
  }

  private lookAtPod(pod: Pod): void {
    if (this.world.startMs > 0 && !pod.isServing && this.shares.has(pod.name)) this.mustAnswer(pod.name);
  }

  private mustAnswer(name: string): void {
    const { pods, timeline, startMs } = this.world;
    const pod = pods.all.get(name) ?? pods.gone.get(name);
    if (!pod || pod.isServing || pod.blame !== 'headway' || this.isExcused) return;
    const ago = Math.round(timeline.now - (pod.endedMs ?? 0));
    const at = clockText((pod.endedMs ?? 0) - startMs);
    this.world.violate(
      'lost',
      `requests go to pod ${name} (${pod.tag}), which Headway had end at ${at}, ${ago} ms ago`,
    );
  }

  /** I5: never three versions at once. */
  private mustBeTwo(): void {
    const { pods, rollout, status } = this.world;
    if (this.isExcused || rollout?.metadata.deletionTimestamp || !status?.stable) return;
    const revisions = new Set([...this.shares.keys()].map((name) => pods.all.get(name)?.revision));
    revisions.delete(undefined);
    this.must(
      'I5',
      revisions.size <= 2,
      () => `requests go to ${revisions.size} revisions at once: ${[...revisions].join(', ')}`,
    );
  }
}
