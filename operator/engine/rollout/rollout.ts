// SPDX-License-Identifier: Apache-2.0
import type { StepAnalysis } from '../../api/analysis-source.ts';
import type { BackgroundAnalysis, CanarySpec, CanaryStep } from '../../api/canary.ts';
import type { ObjectMeta } from '../../api/object-meta.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';

/** The kinds that release one Deployment behind one Service. */
export type RolloutKind = 'Canary' | 'BlueGreen';

/** One step of the way from 0 to 100 percent. */
export interface RolloutStep extends CanaryStep {
  /** As many new pods as the release should have in all, whatever the weight. */
  readonly whole?: true;
}

type OfEveryKind = Omit<CanarySpec, 'steps' | 'weights' | 'interval' | 'analysis'>;

/**
 * What a release of one Deployment goes by, in whatever kind it was written. The plans never ask which kind it was:
 * where kinds differ, they differ in what is said here.
 */
export interface RolloutSpec extends OfEveryKind {
  readonly steps: readonly RolloutStep[];
  /** The way of a first version that is judged before it gets traffic, so that no step of it needs any. */
  readonly firstSteps: readonly RolloutStep[];
  /** Judged beside the steps and the promotion. */
  readonly analysis?: BackgroundAnalysis | undefined;
  /** Judged in the bake. */
  readonly bakeAnalysis?: Pick<StepAnalysis, 'templateRef' | 'checks' | 'args'> | undefined;
  /** Name of the Service that finds the new pods alone. */
  readonly canaryService: string;
  /** The new pods are reached by that Service before the promotion, also without a route, and it always finds some. */
  readonly previewed: boolean;
  /** What people call the new side. */
  readonly side: 'canary' | 'preview';
  /** What they call the side that serves meanwhile. */
  readonly oldSide: 'stable' | 'active';
  /** What they call the new side in a bake, where all traffic is on it. */
  readonly sideInBake: 'canary' | 'new version';
}

/** The object of a release, as plans see it. */
export interface Rollout {
  readonly kind: RolloutKind;
  readonly metadata: ObjectMeta;
  readonly spec: RolloutSpec;
  status?: RolloutStatus;
}
