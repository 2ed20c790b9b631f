// SPDX-License-Identifier: Apache-2.0
import { Labels, MANAGED_BY } from '../../../api/group.ts';
import { canonicalJson, labelValue } from '../../../engine/names.ts';
import type { RouteOverwrite } from '../types.ts';
import { canaryKeys, isCanaryKey, valueOf } from './annotations.ts';
import { CANARY_INGRESS_ROLE, type CanaryIngress } from './canary-ingress.ts';
import { annotationField, labelField } from './managed-fields.ts';
import type { IngressSnapshot, IngressTarget } from './schema.ts';

const DEFENDED_SPEC = ['spec.rules', 'spec.tls', 'spec.ingressClassName'];

/**
 * Whether Headway made this object for this very Canary: its controller is the Canary's uid. Where somebody took the
 * owner away, the labels and our own entry in managedFields say so instead. A namesake is never adopted.
 */
export function isOurs(target: IngressTarget, ingress: IngressSnapshot): boolean {
  if (ingress.controller) return ingress.controller.uid === target.canary.uid;
  return ingress.owners.ours.length > 0 && hasOurLabels(target, ingress);
}

function hasOurLabels({ canary }: IngressTarget, { labels }: IngressSnapshot): boolean {
  return (
    labels[Labels.managedBy] === MANAGED_BY &&
    labels[Labels.canary] === labelValue(canary.name) &&
    labels[Labels.role] === CANARY_INGRESS_ROLE
  );
}

/**
 * The first field of our Ingress that decides about traffic and that somebody else has changed, the weight before all
 * others. Other annotations and labels are not defended: controllers keep notes there.
 */
export function findOverwrite(target: IngressTarget, live: IngressSnapshot): RouteOverwrite | undefined {
  const [field, ...more] = changedFields(target, live);
  if (field === undefined) return undefined;
  const manager = live.owners.foreign.get(field);
  const isWeight = more.length === 0 && field === weightField(target);
  return { field, ...(manager && { manager }), ...(isWeight && { isWeight }) };
}

function weightField({ annotationPrefix }: IngressTarget): string {
  return annotationField(canaryKeys(annotationPrefix).weight);
}

function changedFields({ annotationPrefix }: IngressTarget, live: IngressSnapshot): string[] {
  const { canary, weight, total } = canaryKeys(annotationPrefix);
  const written = [weight, canary, total];
  const lost = written.filter((key) => !isAsWritten(key, live, annotationPrefix)).map(annotationField);
  const added = foreignCanaryKeys(annotationPrefix, live).map(annotationField);
  const respecified = DEFENDED_SPEC.filter((field) => live.owners.foreign.has(field));
  return [...lost, ...added, ...respecified];
}

/** Still ours, and one of the values that we write. */
function isAsWritten(key: string, live: IngressSnapshot, prefix: string): boolean {
  const keys = canaryKeys(prefix);
  const value = valueOf(live, key);
  if (value === undefined || live.owners.foreign.has(annotationField(key))) return false;
  if (key === keys.canary) return value === 'true';
  return key === keys.total ? value === '100' : /^(0|[1-9][0-9]?|100)$/.test(value);
}

/** Canary annotations that we did not write, such as a header of somebody else's; an empty one does nothing. */
export function foreignCanaryKeys(prefix: string, live: IngressSnapshot): string[] {
  const { canary, weight, total } = canaryKeys(prefix);
  return Object.keys(live.annotations)
    .filter((key) => isCanaryKey(prefix, key) && ![canary, weight, total].includes(key))
    .filter((key) => !live.owners.ours.includes(annotationField(key)))
    .filter((key) => valueOf(live, key) !== '');
}

/** Whether an apply of `desired` would change nothing that matters in `live`. */
export function isUpToDate(target: IngressTarget, desired: CanaryIngress, live: IngressSnapshot): boolean {
  return (
    live.controller !== undefined &&
    // a weight that is as it should be is left to who wrote it
    changedFields(target, live).every((field) => field === weightField(target)) &&
    hasAll(live.annotations, desired.metadata.annotations) &&
    hasAll(live.labels, desired.metadata.labels) &&
    !hasLeftovers(desired, live) &&
    live.spec.ingressClassName === (desired.spec.ingressClassName ?? live.spec.ingressClassName) &&
    canonicalJson(live.spec.rules) === canonicalJson(desired.spec.rules) &&
    canonicalJson(live.spec.tls) === canonicalJson(desired.spec.tls ?? [])
  );
}

function hasAll(live: Readonly<Record<string, string>>, desired: Readonly<Record<string, string>>): boolean {
  return Object.entries(desired).every(([key, value]) => Object.hasOwn(live, key) && live[key] === value);
}

/** Something we applied once and would not apply now; the next apply removes it. */
function hasLeftovers({ metadata, spec }: CanaryIngress, live: IngressSnapshot): boolean {
  const wanted = new Set([
    ...Object.keys(metadata.annotations).map(annotationField),
    ...Object.keys(metadata.labels).map(labelField),
    ...Object.keys(spec).map((name) => `spec.${name}`),
  ]);
  return live.owners.ours.some((field) => !wanted.has(field));
}
