// SPDX-License-Identifier: Apache-2.0
import type { CanaryStatus } from '../../api/canary-status.ts';
import type { CheckBounds } from '../../engine/canary/types.ts';
import type { KubeClient } from '../../kube/client.ts';
import type { Sampler } from '../../providers/metrics/sampler.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Sight } from '../../runtime/sight.ts';
import type { FinishContext } from '../finish.ts';
import type { ConfigReader } from './config-reader.ts';
import type { CanaryStores } from './stores.ts';
import type { WriteLedger } from './write-ledger.ts';

/** The status of a Canary before and after a reconcile. */
export interface CanaryChange {
  readonly before: CanaryStatus | undefined;
  readonly after: CanaryStatus;
  readonly nowMs: number;
  readonly bounds: readonly CheckBounds[];
}

/** What is told about canaries besides their status. */
export interface CanaryTelemetry {
  recordCanary(key: string, change: CanaryChange): void;
  forgetCanary(key: string): void;
}

/** All that a reconcile of a Canary works with. */
export interface CanaryParts {
  readonly client: KubeClient;
  readonly stores: CanaryStores;
  readonly ledger: WriteLedger;
  readonly sampler: Sampler;
  readonly config: ConfigReader;
  readonly clock: Clock;
  readonly sight: Pick<Sight, 'since'>;
  readonly finishing: FinishContext<CanaryStatus>;
  readonly telemetry: CanaryTelemetry;
}
