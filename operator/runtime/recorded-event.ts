// SPDX-License-Identifier: Apache-2.0
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** The object that an event is about. */
interface Regarding {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion?: string | undefined;
}

export interface RecordedEvent {
  readonly regarding: Regarding;
  readonly type: 'Normal' | 'Warning';
  /** CamelCase constant, at most 128 characters. */
  readonly reason: string;
  /** What the operator did or tried, CamelCase. Default: the reason. */
  readonly action?: string | undefined;
  /** One sentence; cut at 1 024 bytes. */
  readonly note: string;
}

/** Why an event was not written. */
export type EventDropReason = 'rate' | 'full' | 'refused' | 'unreachable' | 'stopped';

export interface EventRecorderParts {
  readonly client: Pick<KubeClient, 'create' | 'mergePatch'>;
  /** `reportingController`, e.g. `headway.dev/operator`. */
  readonly controller: string;
  /** `reportingInstance`: which process. */
  readonly instance: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onDropped?: ((reason: EventDropReason) => void) | undefined;
}
