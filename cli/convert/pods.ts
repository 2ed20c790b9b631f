// SPDX-License-Identifier: Apache-2.0
import { isJson, type Json, type Manifest } from '../manifests/manifests.ts';
import type { Workshop } from './workshop.ts';

/** Labels of the pods of a Deployment; undefined where they are not known. */
export function podLabelsOf(deployment: Json | undefined): Json | undefined {
  const labels = within(deployment, 'spec', 'template', 'metadata', 'labels');
  return isJson(labels) ? labels : undefined;
}

/** Names of the Services of the input that find pods with these labels. */
export function servicesFor(workshop: Workshop, near: Manifest, labels: Json | undefined): string[] {
  if (!labels) return [];
  return workshop
    .near(near, 'Service')
    .filter(({ value }) => finds(within(value, 'spec', 'selector'), labels))
    .map(({ name }) => name);
}

function finds(selector: unknown, labels: Json): boolean {
  if (!isJson(selector)) return false;
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}

/** A field deep in an object. */
export function within(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inside, part) => (isJson(inside) ? inside[part] : undefined), value);
}
