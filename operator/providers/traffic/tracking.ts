// SPDX-License-Identifier: Apache-2.0

/**
 * Labels and annotations by which a deployment tool finds what it manages. On a copy they would make the tool adopt,
 * overwrite or prune it.
 */
const TRACKING_PREFIXES = [
  'argocd.argoproj.io/',
  'kustomize.toolkit.fluxcd.io/',
  'helm.toolkit.fluxcd.io/',
  'meta.helm.sh/',
  'helm.sh/',
  'applyset.kubernetes.io/',
  'config.k8s.io/',
  'kapp.k14s.io/',
  'objectset.rio.cattle.io/',
];

const TRACKING_KEYS = new Set([
  'app.kubernetes.io/instance',
  'app.kubernetes.io/managed-by',
  'kubectl.kubernetes.io/last-applied-configuration',
]);

/** Whether a label or an annotation belongs to a tool that tracks the object it was written for. */
export function isTrackingKey(key: string): boolean {
  return TRACKING_KEYS.has(key) || TRACKING_PREFIXES.some((prefix) => key.startsWith(prefix));
}

/**
 * The labels or annotations that a copy of a user's object may carry: all but those of Argo CD, Flux, Helm, kapp,
 * Fleet, kubectl apply and apply sets. Keys such as `__proto__` stay what they are: keys.
 */
export function withoutTracking(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !isTrackingKey(key)));
}
