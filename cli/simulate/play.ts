// SPDX-License-Identifier: Apache-2.0
import { Annotations } from '../../operator/api/group.ts';
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { replaceConditions } from '../../operator/engine/conditions/conditions.ts';
import { plan } from '../../operator/engine/rollout/plan.ts';
import type { PlannedEvent, RolloutPlan } from '../../operator/engine/rollout/types.ts';
import { toIso } from '../../operator/engine/time.ts';
import { type Answers, Asker } from './answers.ts';
import type { ModelCluster } from './model-cluster.ts';

/** A release after one plan and its writes. */
export interface Look {
  readonly atMs: number;
  readonly status: RolloutStatus;
  /** That the plan has told. */
  readonly events: readonly PlannedEvent[];
  readonly pods: { readonly canary: number; readonly stable: number };
}

/** Rounds at one moment; more would be a circle. */
const MOST_ROUNDS = 1000;

/** The planner of the operator over a modelled cluster, moved from one moment at which it wants to look to the next. */
export class Play {
  readonly cluster: ModelCluster;
  private readonly asker: Asker;
  private readonly isSteady: boolean;
  private nonces = 0;

  constructor(cluster: ModelCluster, answers: Answers) {
    this.cluster = cluster;
    this.asker = new Asker(answers);
    this.isSteady = answers.isSteady;
  }

  /** Plans and writes until nothing is left to do now; says when to look again, undefined: never. */
  settle(note: (look: Look) => void): number | undefined {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { planned, isQuiet } = this.round(note);
      if (isQuiet) return this.nextMs(planned);
    }
    throw new Error(`the plan does not come to rest: ${this.status.message}`);
  }

  private round(note: (look: Look) => void): { planned: RolloutPlan; isQuiet: boolean } {
    const { cluster, asker } = this;
    const planned = plan(cluster.rollout, { ...cluster.world(), results: asker.results }, cluster.now);
    for (const action of planned.actions) cluster.perform(action);
    const isStored = this.store(planned);
    if (isStored || planned.actions.length > 0) note(this.lookAt(isStored ? planned.events : []));
    const isAsked = asker.want(planned.queries, cluster.now);
    return { planned, isQuiet: planned.actions.length === 0 && !isStored && !isAsked };
  }

  /** As the operator: only what differs is written. */
  private store({ status, conditions }: RolloutPlan): boolean {
    const { rollout, now } = this.cluster;
    const stamp = { generation: rollout.metadata.generation, now: toIso(now) };
    const held = rollout.status?.conditions ?? [];
    const text = JSON.stringify({ ...status, conditions: replaceConditions(held, conditions, stamp) });
    if (text === JSON.stringify(rollout.status ?? {})) return false;
    this.cluster.rollout = { ...rollout, status: JSON.parse(text) as RolloutStatus };
    return true;
  }

  private nextMs({ afterMs }: RolloutPlan): number | undefined {
    const { now } = this.cluster;
    const wakeMs = afterMs === undefined ? undefined : now + afterMs;
    const askMs = wakeMs !== undefined && this.mayPassBy() ? undefined : this.asker.nextMs();
    const moments = [this.cluster.nextMs(), wakeMs, askMs].filter((ms) => ms !== undefined);
    return moments.length === 0 ? undefined : Math.min(...moments);
  }

  /** Only in a step that judges does every single measurement count. */
  private mayPassBy(): boolean {
    const { stage, step } = this.status;
    const { steps } = this.cluster.rollout.spec;
    const isJudging = stage === 'Stepping' && steps[step?.index ?? 0]?.analysis !== undefined;
    return this.isSteady && !isJudging;
  }

  advanceTo(ms: number): void {
    this.cluster.now = ms;
    this.asker.askDue(ms);
  }

  get status(): RolloutStatus {
    return this.cluster.rollout.status ?? { observedGeneration: -1 };
  }

  /** A person asks for something, of the release that is on its way. */
  ask(verb: string): void {
    const { rollout } = this.cluster;
    const { stable, canary, stage } = this.status;
    const revision = (stage === 'Baking' ? stable : (canary ?? stable))?.revision ?? '';
    this.nonces += 1;
    rollout.metadata.annotations = {
      ...rollout.metadata.annotations,
      [Annotations.action]: `${verb}/${revision}/${this.nonces}`,
    };
  }

  private lookAt(events: readonly PlannedEvent[]): Look {
    const { cluster } = this;
    const pods = { canary: cluster.podsOf('new'), stable: cluster.podsOf('old') };
    return { atMs: cluster.now, status: this.status, events, pods };
  }
}
