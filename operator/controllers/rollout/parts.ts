// SPDX-License-Identifier: Apache-2.0
import type { RouterName } from '../../api/traffic.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import type { RolloutKind } from '../../engine/rollout/rollout.ts';
import type { CheckBounds } from '../../engine/rollout/types.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Sampler } from '../../providers/metrics/sampler.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Sight } from '../../runtime/sight.ts';
import type { FinishContext, KindStatus } from '../finish.ts';
import type { ConfigReader } from './config-reader.ts';
import type { ServedKind } from './served-kind.ts';
import type { RolloutStores } from './stores.ts';
import type { WriteLedger } from './write-ledger.ts';

/** What a plan saw as the status, and what it said. */
export interface RolloutChange {
  readonly before: RolloutStatus | undefined;
  readonly after: RolloutStatus;
  readonly nowMs: number;
  readonly bounds: readonly CheckBounds[];
}

/** What is told about releases besides their status. */
export interface RolloutTelemetry {
  recordRollout(kind: RolloutKind, key: string, change: RolloutChange): void;
  /** Of an object that cannot be worked on until somebody changes it. */
  stallRollout(kind: RolloutKind, key: string): void;
  forgetRollout(kind: RolloutKind, key: string): void;
}

/** All that a reconcile works with. */
export interface RolloutParts {
  readonly kind: ServedKind;
  readonly client: KubeClient;
  readonly stores: RolloutStores;
  readonly ledger: WriteLedger;
  readonly sampler: Sampler;
  readonly config: ConfigReader;
  readonly clock: Clock;
  readonly sight: Pick<Sight, 'since' | 'heardSince'>;
  readonly finishing: FinishContext<KindStatus>;
  readonly telemetry: RolloutTelemetry;
  /** The routers that are served. Absent: all. */
  readonly routers?: readonly RouterName[] | undefined;
}
