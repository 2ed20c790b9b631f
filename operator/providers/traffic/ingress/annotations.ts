// SPDX-License-Identifier: Apache-2.0
import type { RequestMatch } from '../../../api/match.ts';
import { escapeRegex } from '../regex.ts';
import type { IngressSnapshot } from './schema.ts';

/**
 * The canary annotations under one prefix, as ingress-nginx defined them
 * (https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary) and Traefik >= 3.7,
 * Higress and others read them.
 */
export interface CanaryKeys {
  readonly canary: string;
  readonly weight: string;
  readonly total: string;
  readonly header: string;
  readonly headerValue: string;
  readonly headerPattern: string;
  readonly passthrough: string;
}

export function canaryKeys(prefix: string): CanaryKeys {
  return {
    canary: `${prefix}/canary`,
    weight: `${prefix}/canary-weight`,
    total: `${prefix}/canary-weight-total`,
    header: `${prefix}/canary-by-header`,
    headerValue: `${prefix}/canary-by-header-value`,
    headerPattern: `${prefix}/canary-by-header-pattern`,
    passthrough: `${prefix}/ssl-passthrough`,
  };
}

/** `<prefix>/canary` or `<prefix>/canary-...`. */
export function isCanaryKey(prefix: string, key: string): boolean {
  const { canary } = canaryKeys(prefix);
  return key === canary || key.startsWith(`${canary}-`);
}

/** The Ingress is the second one of a pair, not the one that clients use. */
export function isCanaryIngress(ingress: IngressSnapshot, prefix: string): boolean {
  return valueOf(ingress, canaryKeys(prefix).canary)?.toLowerCase() === 'true';
}

/** The value of an annotation; never something inherited. */
export function valueOf(ingress: IngressSnapshot, key: string): string | undefined {
  return Object.hasOwn(ingress.annotations, key) ? ingress.annotations[key] : undefined;
}

const WHOLE_NUMBER = /^[+-]?[0-9]{1,9}$/;

/**
 * The percent that a controller makes of the annotations: a weight that is no number counts as 0, a total below 100 as
 * 100, and the weight is cut to 0..total (Traefik 3.7, pkg/provider/kubernetes/ingress-nginx/build.go). Rounded, but
 * neither down to 0 nor up to 100: some is not none and most is not all.
 */
export function readWeight(ingress: IngressSnapshot, prefix: string): number {
  const keys = canaryKeys(prefix);
  const total = Math.max(wholeNumber(valueOf(ingress, keys.total)), 100);
  const weight = Math.min(Math.max(wholeNumber(valueOf(ingress, keys.weight)), 0), total);
  if (weight === 0 || weight === total) return weight === 0 ? 0 : 100;
  return Math.min(Math.max(Math.round((weight * 100) / total), 1), 99);
}

function wholeNumber(text: string | undefined): number {
  return text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : 0;
}

/**
 * What sends requests with a header to the canary. The annotations know one header: a value, which is compared as it is,
 * or a pattern, which may match anywhere. Without either, "always" and "never" would decide, so one is always there.
 */
export function headerAnnotations(keys: CanaryKeys, match: readonly RequestMatch[]): Record<string, string> {
  const [[name, { exact, regex, prefix }] = ['', {}]] = Object.entries(match[0]?.headers ?? {});
  if (name === '') return {};
  if (exact !== undefined) return { [keys.header]: name, [keys.headerValue]: exact };
  return { [keys.header]: name, [keys.headerPattern]: regex ?? `^${escapeRegex(prefix ?? '')}` };
}

/** Whether a header sends requests to the canary. */
export function readMatched(ingress: IngressSnapshot, prefix: string): boolean {
  return (valueOf(ingress, canaryKeys(prefix).header) ?? '') !== '';
}
