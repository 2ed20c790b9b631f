// SPDX-License-Identifier: Apache-2.0
import type { Rollout, RolloutSpec, RolloutStep } from './rollout.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import { durationMs } from '../../api/duration.ts';
import type { EventReason } from '../../api/reasons.ts';
import { settleOf } from '../../api/traffic.ts';
import type { CheckQuery } from '../analysis/query-types.ts';
import { toIso } from '../time.ts';
import { objectOf } from './actions.ts';
import { totalReplicas } from './count.ts';
import { withoutFuture } from './set-back.ts';
import type { Action, RolloutWorld, CheckBounds, PlannedEvent } from './types.ts';

/**
 * How long a pod is kept after its last traffic at least, in milliseconds: kube-proxy and clients have then heard that
 * it is gone, and short requests are over (docs/benchmarks).
 */
const LEAST_DRAIN_MS = 3000;

/** What every part of a plan may look at. */
export interface PlanContext {
  readonly rollout: Rollout;
  readonly spec: RolloutSpec;
  readonly steps: readonly RolloutStep[];
  readonly world: RolloutWorld;
  readonly now: number;
  /** Since when the cluster has been seen without a break, in ms. What may have happened before is not counted on. */
  readonly seenSinceMs: number;
  /** Since when everybody else has, too: routers, kube-proxy, who makes pods. In the future after a break. */
  readonly heardSinceMs: number;
  /** Pods in all that the release should have. */
  readonly total: number;
  /** Milliseconds after which the data plane surely follows the route; 0 without a route. */
  readonly settleMs: number;
  /** Milliseconds after which pods that carry nothing any more may go: the longest of scaleDownDelay, settle and 3 s. */
  readonly drainMs: number;
}

/** What a plan gathers: the status to be, the writes, the events, the next moment that matters. */
export class PlanDraft {
  readonly actions: Action[] = [];
  readonly events: PlannedEvent[] = [];
  /** What the metrics providers shall be asked. */
  readonly queries: CheckQuery[] = [];
  readonly bounds: CheckBounds[] = [];
  status: RolloutStatus;
  afterMs: number | undefined;

  constructor(status: RolloutStatus) {
    this.status = status;
  }

  /** Stages of one plan see the same world; where two of them write to one object, the later one knows more. */
  act(action: Action): void {
    const earlier = this.actions.findIndex((known) => objectOf(known) === objectOf(action));
    if (earlier < 0) this.actions.push(action);
    else this.actions[earlier] = action;
  }

  /** Leaves out what earlier parts of the plan wanted to do. */
  drop(isLeftOut: (action: Action) => boolean): void {
    const kept = this.actions.filter((action) => !isLeftOut(action));
    this.actions.splice(0, this.actions.length, ...kept);
  }

  emit(reason: EventReason, message: string, type: PlannedEvent['type'] = 'Normal'): void {
    this.events.push({ type, reason, message });
  }

  /** Look again after `ms` at the latest. */
  wakeIn(ms: number): void {
    this.afterMs = Math.max(0, Math.min(this.afterMs ?? Number.POSITIVE_INFINITY, ms));
  }
}

export function newDraft({ status }: Rollout, now: number): PlanDraft {
  return new PlanDraft(status ? withoutFuture(status, now) : { observedGeneration: -1 });
}

export function newContext(rollout: Rollout, world: RolloutWorld, now: number): PlanContext {
  const { spec } = rollout;
  const settleMs = spec.traffic ? durationMs(settleOf(spec.traffic)) : 0;
  return {
    rollout,
    spec,
    steps: spec.steps,
    world,
    now,
    seenSinceMs: world.seenSinceMs ?? Number.NEGATIVE_INFINITY,
    heardSinceMs: world.heardSinceMs ?? world.seenSinceMs ?? Number.NEGATIVE_INFINITY,
    total: totalReplicas(rollout, world),
    settleMs,
    drainMs: Math.max(settleMs, durationMs(spec.scaleDownDelay), LEAST_DRAIN_MS),
  };
}

/** The text of now, for status. */
export function nowIso(context: PlanContext): string {
  return toIso(context.now);
}
