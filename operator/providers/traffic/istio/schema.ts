// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { FIELD_MANAGER } from '../../../api/group.ts';
import type { VirtualServiceRef } from '../../../api/istio.ts';
import type { KubeObject, ObjectMeta } from '../../../kube/objects.ts';
import type { RouteTarget } from '../types.ts';
import { type Notes, notesOf } from '../weights/note.ts';
import { lastWriters } from '../weights/writers.ts';

/** Loose everywhere: what Istio adds one day is written back as it was read. */
export const Destination = z.looseObject({
  destination: z.looseObject({ host: z.string(), subset: z.string().nullish() }),
  weight: z.number().nullish(),
});
export type Destination = z.infer<typeof Destination>;

const HttpMatch = z.looseObject({ headers: z.record(z.string(), z.unknown()).nullish() });
export type HttpMatch = z.infer<typeof HttpMatch>;

const HttpRoute = z.looseObject({
  name: z.string().nullish(),
  match: z.array(HttpMatch).nullish(),
  route: z.array(Destination).nullish(),
  delegate: z.looseObject({ name: z.string().nullish(), namespace: z.string().nullish() }).nullish(),
});
export type HttpRoute = z.infer<typeof HttpRoute>;

const StreamRoutes = z.array(z.looseObject({ route: z.array(Destination).nullish() })).nullish();

const VirtualService = z.looseObject({
  spec: z
    .looseObject({ http: z.array(HttpRoute).nullish(), tls: StreamRoutes, tcp: StreamRoutes })
    .default({}),
});

interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly deleting: boolean;
}

/** What the stores keep of a VirtualService. */
export interface VirtualServiceSnapshot extends Identity, Notes {
  /** Its http routes, in order. */
  readonly http: readonly HttpRoute[];
  /** Field manager that last wrote them, which are one value for the API server. */
  readonly writer: string | undefined;
  /** Hosts that each of its tls and tcp routes leads to. */
  readonly streams: Readonly<Record<'tls' | 'tcp', readonly (readonly string[])[]>>;
}

/** Reduces a VirtualService to what the router reads. Throws a ZodError for something else. */
export function projectVirtualService(raw: KubeObject): VirtualServiceSnapshot {
  const { metadata } = raw;
  const { http, tls, tcp } = VirtualService.parse(raw).spec;
  return {
    ...identityOf(metadata),
    ...notesOf(metadata),
    http: http ?? [],
    writer: lastWriters(metadata.managedFields ?? [], ['spec']).get('http'),
    streams: { tls: hostsOf(tls), tcp: hostsOf(tcp) },
  };
}

function identityOf({ namespace = '', name = '', uid = '', resourceVersion = '', ...metadata }: ObjectMeta) {
  return { namespace, name, uid, resourceVersion, deleting: metadata.deletionTimestamp !== undefined };
}

function hostsOf(routes: z.infer<typeof StreamRoutes>): string[][] {
  return (routes ?? []).map(({ route }) => (route ?? []).map(({ destination }) => destination.host));
}

const Subset = z.looseObject({
  name: z.string(),
  labels: z.record(z.string(), z.string()).nullish(),
});

const DestinationRule = z.looseObject({
  spec: z.looseObject({ host: z.string(), subsets: z.array(Subset).nullish() }),
});

/** What the stores keep of a DestinationRule. */
export interface DestinationRuleSnapshot extends Identity {
  readonly createdAt: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: it has none. */
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly controllerUid: string | undefined;
  readonly host: string;
  readonly subsets: readonly z.infer<typeof Subset>[];
  /** The whole spec as stored. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** The field manager other than Headway that wrote any of it last; undefined where there is none. */
  readonly otherWriter: string | undefined;
}

/** Reduces a DestinationRule to what the router reads. Throws a ZodError for something else. */
export function projectDestinationRule(raw: KubeObject): DestinationRuleSnapshot {
  const { metadata } = raw;
  const { spec } = DestinationRule.parse(raw);
  const writers = lastWriters(metadata.managedFields ?? [], ['spec']);
  return {
    ...identityOf(metadata),
    createdAt: metadata.creationTimestamp ?? '',
    labels: { ...metadata.labels },
    annotations: metadata.annotations && { ...metadata.annotations },
    controllerUid: metadata.ownerReferences?.find((owner) => owner.controller)?.uid,
    host: spec.host,
    subsets: spec.subsets ?? [],
    spec,
    otherWriter: [...writers.values()].find((manager) => manager !== FIELD_MANAGER),
  };
}

/** A VirtualService that a Canary names, and what was found of it. */
export interface NamedVirtualService extends VirtualServiceRef {
  /** Undefined while there is none. */
  readonly found: VirtualServiceSnapshot | undefined;
}

/** What the router for Istio works from. */
export interface IstioTarget extends RouteTarget {
  readonly virtualServices: readonly NamedVirtualService[];
  /** All of the namespace. */
  readonly destinationRules: readonly DestinationRuleSnapshot[];
  /** Whether the API server knows VirtualServices. */
  readonly isServed: boolean;
  /** Labels of the pods that a release would make; undefined while there is no Deployment. */
  readonly podLabels: Readonly<Record<string, string>> | undefined;
}
