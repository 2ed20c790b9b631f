// SPDX-License-Identifier: Apache-2.0
import { ourLabels, ownerReference } from '../../../engine/ownership.ts';
import { childName } from '../../../engine/names.ts';
import { withoutTracking } from '../tracking.ts';
import type { RouteSplit } from '../types.ts';
import { canaryKeys, headerAnnotations, isCanaryKey } from './annotations.ts';
import type { IngressPath, IngressRule, IngressSnapshot, IngressTarget, IngressTls } from './schema.ts';

const MAX_NAME = 253;
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/**
 * Annotations of controllers that would take the copy for a second original: cert-manager would order its certificate
 * once more, Rancher keeps the endpoints of the original there.
 */
const CLAIMING_PREFIXES = ['cert-manager.io/', 'acme.cert-manager.io/', 'field.cattle.io/'];

/** The value of the role label of the canary Ingress. */
export const CANARY_INGRESS_ROLE = 'canary-ingress';

/** Name of the Ingress that carries the weight for the Ingress `ingressName`; at most 253 characters. */
export function canaryIngressName(ingressName: string): string {
  return childName(ingressName, '-canary', MAX_NAME);
}

/** The canary Ingress as it is sent to the API server. */
export interface CanaryIngress {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'Ingress';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly object[];
    readonly [field: string]: unknown;
  };
  readonly spec: {
    readonly ingressClassName?: string;
    readonly rules: readonly IngressRule[];
    readonly tls?: readonly IngressTls[];
  };
  readonly [field: string]: unknown;
}

/**
 * The Ingress that takes a share of what `ingress` routes to the Service. A controller pairs it with the
 * original by namespace, host, path and path type, so these are copied as they are; only the backend differs. A
 * default backend is never copied: Traefik cannot split one, so what it takes stays on stable.
 */
export function buildCanaryIngress(
  target: IngressTarget,
  ingress: IngressSnapshot,
  split: RouteSplit,
): CanaryIngress {
  const { ingressClassName } = ingress.spec;
  const rules = canaryRules(target, ingress.spec.rules);
  const tls = tlsFor(ingress.spec.tls, new Set(rules.map((rule) => rule.host ?? '')));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: canaryIngressName(target.ingressName),
      namespace: target.namespace,
      labels: labelsFor(target, ingress),
      annotations: annotationsFor(target, ingress, split),
      ownerReferences: [ownerReference(target.canary)],
    },
    spec: {
      ...(ingressClassName === undefined ? {} : { ingressClassName }),
      rules,
      ...(tls.length === 0 ? {} : { tls }),
    },
  };
}

/** Whether a path leads to the Service. */
export function namesService(path: IngressPath, service: string): boolean {
  return path.backend.service?.name === service;
}

function canaryRules(
  { service, canaryService }: IngressTarget,
  rules: readonly IngressRule[],
): IngressRule[] {
  return rules.flatMap((rule) => {
    const paths = rule.http?.paths.filter((path) => namesService(path, service)) ?? [];
    if (paths.length === 0) return [];
    return [{ ...rule, http: { ...rule.http, paths: paths.map((path) => toCanary(path, canaryService)) } }];
  });
}

function toCanary(path: IngressPath, canaryService: string): IngressPath {
  return { ...path, backend: { ...path.backend, service: { ...path.backend.service, name: canaryService } } };
}

function tlsFor(entries: readonly IngressTls[], kept: ReadonlySet<string>): IngressTls[] {
  if (kept.has('')) return [...entries]; // a rule for every host
  return entries.flatMap((entry) => {
    if (!entry.hosts || entry.hosts.length === 0) return [entry];
    const hosts = entry.hosts.filter((host) => [...kept].some((name) => hostsMeet(host, name)));
    return hosts.length === 0 ? [] : [{ ...entry, hosts }];
  });
}

function hostsMeet(a: string, b: string): boolean {
  return a === b || covers(a, b) || covers(b, a);
}

/** `*.shop.example.com` stands for exactly one more label. */
function covers(wildcard: string, host: string): boolean {
  return wildcard.startsWith('*.') && host.slice(host.indexOf('.')) === wildcard.slice(1);
}

function labelsFor({ canary }: IngressTarget, ingress: IngressSnapshot): Record<string, string> {
  return {
    ...withoutTracking(ingress.labels),
    ...ourLabels(canary.name, CANARY_INGRESS_ROLE),
  };
}

function annotationsFor(
  { annotationPrefix, match }: IngressTarget,
  ingress: IngressSnapshot,
  { weight, matched }: RouteSplit,
): Record<string, string> {
  const keys = canaryKeys(annotationPrefix);
  const kept = Object.entries(withoutTracking(ingress.annotations)).filter(
    ([key]) => !isCanaryKey(annotationPrefix, key) && !isClaim(key) && !isDoubledClass(key, ingress),
  );
  return {
    ...Object.fromEntries(kept),
    [keys.canary]: 'true',
    [keys.weight]: String(weight),
    [keys.total]: '100',
    ...(matched ? headerAnnotations(keys, match) : {}),
  };
}

function isClaim(key: string): boolean {
  return CLAIMING_PREFIXES.some((prefix) => key.startsWith(prefix));
}

/** The API server refuses to create an Ingress that names its class twice. */
function isDoubledClass(key: string, ingress: IngressSnapshot): boolean {
  return key === CLASS_ANNOTATION && ingress.spec.ingressClassName !== undefined;
}
