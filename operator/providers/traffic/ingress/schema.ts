// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { KubeObject, ManagedFields } from '../../../kube/objects.ts';
import type { RouteTarget } from '../types.ts';
import { lastWriters } from '../weights/writers.ts';
import { type FieldOwners, readFieldOwners } from './managed-fields.ts';

/** Loose everywhere: a field that Kubernetes adds one day is copied, not lost. */
const IngressBackend = z.looseObject({
  service: z
    .looseObject({
      name: z.string(),
      port: z.looseObject({ name: z.string().optional(), number: z.number().optional() }).optional(),
    })
    .optional(),
  resource: z.looseObject({ kind: z.string(), name: z.string() }).optional(),
});

const IngressPath = z.looseObject({
  path: z.string().optional(),
  pathType: z.string().optional(),
  backend: IngressBackend,
});
export type IngressPath = z.infer<typeof IngressPath>;

const IngressRule = z.looseObject({
  host: z.string().optional(),
  http: z.looseObject({ paths: z.array(IngressPath) }).nullish(),
});
export type IngressRule = z.infer<typeof IngressRule>;

const IngressTls = z.looseObject({ hosts: z.array(z.string()).nullish(), secretName: z.string().optional() });
export type IngressTls = z.infer<typeof IngressTls>;

const IngressSpec = z
  .object({
    ingressClassName: z.string().nullish(),
    defaultBackend: IngressBackend.nullish(),
    rules: z.array(IngressRule).nullish(),
    tls: z.array(IngressTls).nullish(),
  })
  .transform(({ ingressClassName, defaultBackend, rules, tls }) => ({
    ingressClassName: ingressClassName ?? undefined,
    defaultBackend: defaultBackend ?? undefined,
    rules: rules ?? [],
    tls: tls ?? [],
  }));

/** What the stores keep of an Ingress: of the user's, of ours, and of those beside them. */
export interface IngressSnapshot {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly deleting: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** The owner with `controller: true`, if there is one. */
  readonly controller: { readonly kind: string; readonly name: string; readonly uid: string } | undefined;
  readonly spec: z.infer<typeof IngressSpec>;
  readonly owners: FieldOwners;
  /** Field manager that last wrote an annotation that says what is done with requests (`<prefix>/actions.<name>`), by its key. */
  readonly actionWriters: ReadonlyMap<string, string>;
}

/** The snapshots and the spec.traffic.ingress of a Canary that the Ingress router works from. */
export interface IngressTarget extends RouteTarget {
  readonly ingressName: string;
  /** Prefix of the canary annotations, without the slash. */
  readonly annotationPrefix: string;
  /** The user's Ingress; undefined while there is none. */
  readonly ingress: IngressSnapshot | undefined;
  /** What bears the name of the canary Ingress; undefined while nothing does. */
  readonly canaryIngress: IngressSnapshot | undefined;
  /** All Ingresses of the namespace; among them the router looks for one that already splits the same paths. */
  readonly neighbours: readonly IngressSnapshot[];
}

/** Written by kubectl apply; it holds the whole object once more. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Reduces an Ingress as the API server sends it to what the router reads. Lists and maps that are null or absent
 * become empty. Throws a ZodError for something that is no networking.k8s.io/v1 Ingress.
 */
export function projectIngress(raw: KubeObject): IngressSnapshot {
  const { metadata } = raw;
  const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => key !== LAST_APPLIED);
  const controller = metadata.ownerReferences?.find((owner) => owner.controller === true);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    deleting: metadata.deletionTimestamp !== undefined,
    labels: Object.fromEntries(Object.entries(metadata.labels ?? {})),
    annotations: Object.fromEntries(annotations),
    controller: controller && { kind: controller.kind, name: controller.name, uid: controller.uid },
    spec: IngressSpec.parse(raw['spec'] ?? {}),
    owners: readFieldOwners(metadata.managedFields ?? []),
    actionWriters: actionWritersOf(metadata.managedFields ?? []),
  };
}

/** Of most Ingresses; there are many, and few have actions. */
const NOBODY: ReadonlyMap<string, string> = new Map();

function actionWritersOf(entries: readonly ManagedFields[]): ReadonlyMap<string, string> {
  const writers = lastWriters(entries, ['metadata', 'annotations']);
  const found = [...writers].filter(([key]) => key.includes('/actions.'));
  return found.length === 0 ? NOBODY : new Map(found);
}
