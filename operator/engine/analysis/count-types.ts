// SPDX-License-Identifier: Apache-2.0
import type { ArmCounts } from '../../api/evidence-status.ts';

export interface BothCounts {
  readonly canary: ArmCounts;
  readonly stable: ArmCounts;
}

export interface CountedRow extends BothCounts {
  /** Errors of the canary that weigh nothing, because no single moment may decide. */
  readonly surplus: number;
}

/** What a comparison has counted so far; its verdict follows from these numbers alone. */
export interface Evidence {
  /** The newest measurement whose counts are in. */
  readonly until?: string | undefined;
  /** A row for each share of the traffic that the canary has had. */
  readonly counted: readonly CountedRow[];
  /** Counts since not every pod has been scraped. */
  readonly gathering?: (BothCounts & { readonly since: string }) | undefined;
  /** Counts that wait to see whether stable stays as it was before and in them. */
  readonly waiting?: Waiting | undefined;
  /** Times left out because stable changed by itself. */
  readonly unsteady: number;
  readonly noise: Noise;
  /** Stable over its past and this run. */
  readonly usual: ArmCounts;
  /** Whether the past of stable is in. */
  readonly hasHistory: boolean;
}

export interface Waiting extends BothCounts {
  /** Whether stable had changed by itself when these counts began. */
  readonly changed: boolean;
}

export interface Noise {
  /** Sum of the squared changes of an arm from time to time. */
  readonly changes: number;
  /** The mean of that sum if errors came singly. */
  readonly errors: number;
}

/** Exact counts of both arms over the interval before a measurement. */
export interface Tick extends BothCounts {
  /** When the pod that was scraped longest ago was scraped, in ms by the operator's clock. Absent: not known. */
  readonly oldestMs?: number | undefined;
}

export interface Arms {
  readonly canary: ArmCounts;
  readonly stable?: ArmCounts | undefined;
}
