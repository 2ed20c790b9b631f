// SPDX-License-Identifier: Apache-2.0
import { specErrors } from '../../operator/api/spec-errors.ts';
import type { Manifest } from '../manifests/manifests.ts';
import type { KnownKind } from './kinds.ts';
import { type Problem, problemAt } from './problem.ts';
import { unknownFields } from './unknown-fields.ts';

export interface LintedSpec {
  /** With its defaults; undefined: it is not good. */
  readonly spec: unknown;
  readonly problems: readonly Problem[];
}

/** What the schema says of a spec, in the words of the operator, and which of its fields there are not. */
export function lintSpec(manifest: Manifest, { spec: Spec, schema }: KnownKind): LintedSpec {
  const { spec: value } = manifest.value;
  const unknown = unknownFields(manifest, { value, schema, path: ['spec'] });
  const { data, error } = Spec.safeParse(value);
  if (!error) return { spec: data, problems: unknown };
  const refused = specErrors(error, value).map(({ path, message }) =>
    problemAt(manifest, ['spec', ...path], { message }),
  );
  return { spec: undefined, problems: [...refused, ...unknown] };
}
