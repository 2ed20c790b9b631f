// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import type { CelRule } from '../api/rules.ts';

/** A column of `kubectl get`. Priority 1: only with `-o wide`. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description?: string;
  readonly priority?: 0 | 1;
}

/** What a CRD says around its schemas. */
export interface KindDefinition {
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortName: string;
  readonly categories: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  readonly description: string;
  readonly spec: z.ZodType;
  readonly specDescription: string;
  readonly status?: {
    readonly schema: z.ZodType;
    readonly description: string;
    /** What an object says that no operator has seen yet. */
    readonly initial?: object;
  };
  readonly scale?: {
    readonly specReplicasPath: string;
    readonly statusReplicasPath: string;
    readonly labelSelectorPath: string;
  };
  readonly columns: readonly PrinterColumn[];
  /** Of the whole object, where spec and status are looked at together. */
  readonly rules?: readonly CelRule[];
}

export const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
