// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import { KINDS } from '../../operator/crd/kinds.ts';
import { type StructuralSchema, toStructural } from '../../operator/crd/structural.ts';

/** What is known of a kind of Headway. */
export interface KnownKind {
  readonly kind: string;
  readonly isNamespaced: boolean;
  readonly spec: z.ZodType;
  readonly schema: StructuralSchema;
}

/** By their names. */
export const KNOWN_KINDS: ReadonlyMap<string, KnownKind> = new Map(
  KINDS.map(({ kind, scope, spec }) => [
    kind,
    { kind, isNamespaced: scope === 'Namespaced', spec, schema: toStructural(spec) },
  ]),
);
