// SPDX-License-Identifier: Apache-2.0

/** API group and version of every kind of Headway. */
export const GROUP = 'headway.dev';
export const VERSION = 'v1alpha1';
export const API_VERSION = `${GROUP}/${VERSION}`;

/** Field managers: one per writer, so that `kubectl get --show-managed-fields` names who wrote what. */
export const FIELD_MANAGER = 'headway';

/** Blocks the deletion of a Canary until traffic and workload are as they were found. */
export const FINALIZER = `${GROUP}/restore-traffic`;

export const Labels = {
  /** On every object that Headway makes. */
  managedBy: 'app.kubernetes.io/managed-by',
  /** The hash that names a revision; on its Deployment, its pods, and in the pinned Service selector. */
  revision: `${GROUP}/revision`,
  /** The Canary or BlueGreen that a pod or an object belongs to. */
  canary: `${GROUP}/canary`,
  /** On the pods of a revision and in every selector that names them: `true`, or `false` for a pod that was taken out. */
  serving: `${GROUP}/serving`,
  /** What an object is for: `revision`, `canary-service`, `canary-ingress`, `check`. */
  role: `${GROUP}/role`,
  /** On the Job of a check: the name of the check. */
  check: `${GROUP}/check`,
} as const;

export const MANAGED_BY = 'headway';

export const Annotations = {
  /** `<verb>/<revision>/<nonce>`: a person's request. */
  action: `${GROUP}/action`,
  /** On a revision Deployment: the image tags, for people. */
  version: `${GROUP}/version`,
  /** On a pod that was taken out: the pod-deletion-cost that it had before. */
  costBefore: `${GROUP}/pod-deletion-cost-before`,
  /** On a route and a Service of Headway's own: a hash of the spec that it wrote, before the API server and others filled it in. */
  written: `${GROUP}/written`,
  /** On a revision Deployment: the ConfigMaps and Secrets that it has copies of, as JSON. */
  config: `${GROUP}/config`,
} as const;
