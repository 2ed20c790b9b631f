// SPDX-License-Identifier: Apache-2.0
import type { ProbeTarget } from '../../api/probes.ts';

/** Whose pods a probe asks: those of one revision, and never any other. */
export interface JudgedPods {
  readonly namespace: string;
  /** Name of the object that releases, as the label headway.dev/canary of the pods has it. */
  readonly canary: string;
  readonly revision: string;
  /** canary: a port of their containers. Otherwise a port of this Service; asked is where that leads to. */
  readonly target:
    | { readonly kind: Exclude<ProbeTarget, 'canary'>; readonly service: string }
    | { readonly kind: 'canary' };
  readonly port: number;
}

export interface HttpQuestion {
  readonly kind: 'http';
  readonly pods: JudgedPods;
  readonly scheme: 'http' | 'https';
  /** Path and query, beginning with "/". */
  readonly path: string;
  /** Good codes; absent: 200 to 399. */
  readonly status?: readonly number[] | undefined;
  /** Text that a good body contains. */
  readonly body?: string | undefined;
  readonly timeoutMs: number;
}

export interface TcpQuestion {
  readonly kind: 'tcp';
  readonly pods: JudgedPods;
  readonly timeoutMs: number;
}

/** A Job that is there once for each run of an analysis. */
export interface JobQuestion {
  readonly kind: 'job';
  readonly namespace: string;
  /** The same for the same check of the same run, so that a new process finds the Job of the one before it. */
  readonly name: string;
  readonly cronJob: string;
  /** Labels that tell the Jobs of one check of one object from all others. */
  readonly labels: Readonly<Record<string, string>>;
  readonly owner: JobOwner;
  /** What the containers learn. */
  readonly env: Readonly<Record<string, string>>;
  /** From when a pod of it runs. */
  readonly timeoutMs: number;
}

/** The object that releases; its Jobs go with it. */
export interface JobOwner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/** What a check asks when it asks no metrics provider. */
export type Probe = HttpQuestion | TcpQuestion | JobQuestion;

/** What a probe has found out, in words for the verdict sentence. */
export interface ProbeOutcome {
  readonly isGood: boolean;
  /** Without a full stop; bounded. */
  readonly detail: string;
}
