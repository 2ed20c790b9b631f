// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import type { StructuralSchema } from '../../operator/crd/structural.ts';

const crds = resolve(import.meta.dirname, '../../crds');

interface CrdFile {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly schema: {
        readonly openAPIV3Schema: { readonly properties: { readonly spec: StructuralSchema } };
      };
    }[];
  };
}

/** The schema of `spec` of each kind, as the CRD in crds/ says it to the API server. */
export function specSchemas(): ReadonlyMap<string, StructuralSchema> {
  const files = readdirSync(crds).map((name) => parse(readFileSync(join(crds, name), 'utf8')) as CrdFile);
  return new Map(files.map(({ spec }) => [spec.names.kind, specOf(spec)]));
}

function specOf({ names, versions }: CrdFile['spec']): StructuralSchema {
  const schema = versions[0]?.schema.openAPIV3Schema.properties.spec;
  if (!schema) throw new Error(`the CRD of ${names.kind} has no schema of its spec`);
  return schema;
}
