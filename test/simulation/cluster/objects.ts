// SPDX-License-Identifier: Apache-2.0
import type { KubeObject, ObjectMeta } from '../../../operator/kube/objects.ts';
import { isRecord } from '../api/json.ts';

/** Reads what the controllers of the model need of an object. */

export const NAMESPACE = 'shop';

export function specOf(object: KubeObject): Readonly<Record<string, unknown>> {
  return isRecord(object['spec']) ? object['spec'] : {};
}

/** With other fields in its spec. */
export function specified(object: KubeObject, more: Readonly<Record<string, unknown>>): KubeObject {
  return { ...object, spec: { ...specOf(object), ...more } };
}

export function replicasOf(deployment: KubeObject): number {
  const { replicas } = specOf(deployment);
  return typeof replicas === 'number' ? replicas : 1;
}

export function templateOf(deployment: KubeObject): Readonly<Record<string, unknown>> {
  const { template } = specOf(deployment);
  return isRecord(template) ? template : {};
}

export function selectorOf(service: KubeObject): Record<string, string> {
  const { selector } = specOf(service);
  return isRecord(selector) ? (selector as Record<string, string>) : {};
}

export function labelsOf(template: Readonly<Record<string, unknown>>): Record<string, string> {
  const { metadata } = template;
  return isRecord(metadata) && isRecord(metadata['labels'])
    ? (metadata['labels'] as Record<string, string>)
    : {};
}

export function containerOf(template: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const spec = isRecord(template['spec']) ? template['spec'] : {};
  const containers: unknown[] = Array.isArray(spec['containers']) ? spec['containers'] : [];
  const [first] = containers;
  return isRecord(first) ? first : {};
}

/** Tag of the first image: how the pods of a template behave hangs on it. */
export function tagOf(template: Readonly<Record<string, unknown>>): string {
  const { image } = containerOf(template);
  return typeof image === 'string' ? image.slice(image.indexOf(':') + 1) : '';
}

export function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
) {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

export function ownedBy(owner: KubeObject): Pick<ObjectMeta, 'ownerReferences'> {
  const { apiVersion, kind, metadata } = owner;
  const { name = '', uid = '' } = metadata;
  return { ownerReferences: [{ apiVersion, kind, name, uid, controller: true }] };
}

export function keyOfObject({ metadata }: KubeObject): string {
  return `${metadata.namespace}/${metadata.name}`;
}
