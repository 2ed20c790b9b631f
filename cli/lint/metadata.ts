// SPDX-License-Identifier: Apache-2.0
import { ObjectName } from '../../operator/api/names.ts';
import { specErrors } from '../../operator/api/spec-errors.ts';
import { isJson, type Manifest } from '../manifests/manifests.ts';
import type { KnownKind } from './kinds.ts';
import { type Problem, problemAt } from './problem.ts';
import { unknown } from './unknown-fields.ts';

/** Fields of metadata that people write, and those that the API server fills in. */
const FIELDS = [
  'name',
  'generateName',
  'namespace',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'selfLink',
  'uid',
];

const TOP_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];
const WITHOUT_STATUS = TOP_FIELDS.filter((name) => name !== 'status');
const HAVE_STATUS = ['Canary', 'BlueGreen'];

const Name = ObjectName('');

/** What is wrong around the spec: the name, the namespace, labels, annotations, unknown fields. */
export function lintMetadata(manifest: Manifest, kind: KnownKind): Problem[] {
  const top = HAVE_STATUS.includes(kind.kind) ? TOP_FIELDS : WITHOUT_STATUS;
  const unknownTop = Object.keys(manifest.value)
    .filter((name) => !top.includes(name))
    .map((name) => unknown(manifest, [name], top));
  return [...unknownTop, ...statusOf(manifest), ...ofMetadata(manifest, kind)];
}

function statusOf(manifest: Manifest): Problem[] {
  if (manifest.value['status'] === undefined || !HAVE_STATUS.includes(manifest.kind)) return [];
  const message = 'only the operator writes it, so the API server ignores it here; leave it out';
  return [problemAt(manifest, ['status'], { severity: 'warning', message })];
}

function ofMetadata(manifest: Manifest, kind: KnownKind): Problem[] {
  const { metadata } = manifest.value;
  if (!isJson(metadata))
    return [problemAt(manifest, ['metadata'], { message: 'is required: an object with a name' })];
  const unknownFields = Object.keys(metadata)
    .filter((name) => !FIELDS.includes(name))
    .map((name) => unknown(manifest, ['metadata', name], FIELDS.slice(0, 7)));
  return [
    ...nameOf(manifest, metadata),
    ...namespaceOf(manifest, metadata, kind),
    ...['labels', 'annotations'].flatMap((field) => textsIn(manifest, metadata, field)),
    ...unknownFields,
  ];
}

function nameOf(manifest: Manifest, { name, generateName }: Readonly<Record<string, unknown>>): Problem[] {
  if (name === undefined && generateName !== undefined) return [];
  const { error } = Name.safeParse(name);
  if (!error) return [];
  return specErrors(error, name).map(({ message }) => problemAt(manifest, ['metadata', 'name'], { message }));
}

function namespaceOf(
  manifest: Manifest,
  { namespace }: Readonly<Record<string, unknown>>,
  { kind, isNamespaced }: KnownKind,
): Problem[] {
  if (namespace === undefined) return [];
  if (typeof namespace !== 'string') {
    return [problemAt(manifest, ['metadata', 'namespace'], { message: 'must be a string' })];
  }
  if (isNamespaced) return [];
  const message = `a ${kind} belongs to the cluster, and is in no namespace; leave it out`;
  return [problemAt(manifest, ['metadata', 'namespace'], { severity: 'warning', message })];
}

function textsIn(manifest: Manifest, metadata: Readonly<Record<string, unknown>>, field: string): Problem[] {
  const value = metadata[field];
  if (value === undefined) return [];
  if (!isJson(value))
    return [problemAt(manifest, ['metadata', field], { message: 'must be an object of texts' })];
  return Object.entries(value)
    .filter(([, text]) => typeof text !== 'string')
    .map(([name, text]) => {
      const message = `${JSON.stringify(text)}: must be a string; put it into quotes`;
      return problemAt(manifest, ['metadata', field, name], { message });
    });
}
