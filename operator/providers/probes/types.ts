// SPDX-License-Identifier: Apache-2.0
import type { JudgedPods } from '../../engine/analysis/probe-types.ts';

/** A ready pod of the judged revision, and where the question goes. */
export interface ProbedPod {
  readonly name: string;
  /** As the kubelet has reported it. */
  readonly address: string;
  readonly port: number;
}

/** The pods to ask, each of them ready; or why there are none, in words. */
export type FoundPods = { readonly pods: readonly ProbedPod[] } | { readonly none: string };

/** Finds the pods of a question, as things stand now. It is all that a probe knows of addresses. */
export type FindPods = (judged: JudgedPods) => FoundPods;
