// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../api/rollout-status.ts';
import type { CheckBounds } from '../../engine/rollout/types.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Sampler } from '../../providers/metrics/sampler.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Sight } from '../../runtime/sight.ts';
import type { FinishContext } from '../finish.ts';
import type { ConfigReader } from './config-reader.ts';
import type { RolloutStores } from './stores.ts';
import type { WriteLedger } from './write-ledger.ts';

/** The status of a Canary before and after a reconcile. */
export interface RolloutChange {
  readonly before: RolloutStatus | undefined;
  readonly after: RolloutStatus;
  readonly nowMs: number;
  readonly bounds: readonly CheckBounds[];
}

/** What is told about canaries besides their status. */
export interface RolloutTelemetry {
  recordCanary(key: string, change: RolloutChange): void;
  forgetCanary(key: string): void;
}

/** All that a reconcile of a Canary works with. */
export interface RolloutParts {
  readonly client: KubeClient;
  readonly stores: RolloutStores;
  readonly ledger: WriteLedger;
  readonly sampler: Sampler;
  readonly config: ConfigReader;
  readonly clock: Clock;
  readonly sight: Pick<Sight, 'since'>;
  readonly finishing: FinishContext<RolloutStatus>;
  readonly telemetry: RolloutTelemetry;
}
