// SPDX-License-Identifier: Apache-2.0
import { stringify } from 'yaml';
import { GROUP, VERSION } from '../api/group.ts';
import type { KindDefinition } from './kind-definition.ts';
import { permissive } from './permissive.ts';
import { type StructuralSchema, toStructural } from './structural.ts';
import { checkSpec, checkStatus } from './structural-check.ts';

/**
 * Of JSON without white space, as etcd holds it and `kubectl apply` keeps it in an annotation: far below the 1.5 MB and the
 * 256 KB that they may hold. Half of the file is indentation.
 */
const MAX_BYTES = 100_000;

const HEADER =
  '# SPDX-License-Identifier: Apache-2.0\n# Made from operator/api by `make generate`. Do not edit.\n';

/** The CustomResourceDefinition of a kind. Throws an Error that lists every field which breaks a rule of the house. */
export function customResourceDefinition(kind: KindDefinition): object {
  const { plural, singular, shortName, categories } = kind;
  const names = { kind: kind.kind, listKind: `${kind.kind}List`, plural, singular };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: kind.scope,
      names: { ...names, shortNames: [shortName], categories },
      versions: [
        {
          name: VERSION,
          served: true,
          storage: true,
          ...subresources(kind),
          additionalPrinterColumns: kind.columns,
          schema: { openAPIV3Schema: rootSchema(kind) },
        },
      ],
    },
  };
}

/** Quotes what readers of YAML 1.1 would take for a time or a boolean. */
const STYLE = { lineWidth: 0, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;

/** The file of a kind, the same for the same schemas. Throws as customResourceDefinition, or when it is too large. */
export function renderCrd(kind: KindDefinition): string {
  const definition = customResourceDefinition(kind);
  const bytes = Buffer.byteLength(JSON.stringify(definition));
  if (bytes > MAX_BYTES) throw new Error(`${kind.kind}: its CRD has ${bytes} bytes, over ${MAX_BYTES}`);
  return HEADER + stringify(definition, STYLE);
}

export function crdFileName(kind: KindDefinition): string {
  return `${kind.plural}.yaml`;
}

function subresources({ status, scale }: KindDefinition): object {
  if (status === undefined) return {};
  return { subresources: { status: {}, ...(scale && { scale }) } };
}

/** The schema of a whole object of the kind. Throws as customResourceDefinition. */
export function rootSchema(kind: KindDefinition): StructuralSchema {
  const spec: StructuralSchema = { description: kind.specDescription, ...toStructural(kind.spec) };
  const status = kind.status && statusSchema(kind.status);
  const problems = [...checkSpec(spec), ...(status ? checkStatus(status) : [])];
  if (problems.length > 0) throw new Error(`${kind.kind}:\n${problems.join('\n')}`);
  return {
    description: kind.description,
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec,
      ...(status && { status }),
    },
    ...(kind.rules && { 'x-kubernetes-validations': [...kind.rules] }),
  };
}

/** With a default, so that a new object already says -1: its generation has been seen by nobody. */
function statusSchema({
  schema,
  description,
  initial,
}: NonNullable<KindDefinition['status']>): StructuralSchema {
  return { description, default: schema.parse(initial ?? {}), ...permissive(toStructural(schema)) };
}
