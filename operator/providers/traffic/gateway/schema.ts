// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { RouteKind, RouteTemplate } from '../../../api/gateway.ts';
import { Annotations } from '../../../api/group.ts';
import type { KubeObject, ObjectMeta } from '../../../kube/objects.ts';
import type { RouteTarget } from '../types.ts';
import { Backend } from '../weights/backend.ts';
import { type Notes, notesOf } from '../weights/note.ts';
import { lastWriters } from '../weights/writers.ts';

/** Loose everywhere: what the Gateway API adds one day, and what a vendor has added, is written back as it was read. */
const RouteMatch = z.looseObject({
  headers: z.array(z.looseObject({ name: z.string() })).nullish(),
});
export type RouteMatch = z.infer<typeof RouteMatch>;

/** A rule of an HTTPRoute or of a GRPCRoute; what the router touches is the same in both. */
const RouteRule = z.looseObject({
  name: z.string().nullish(),
  matches: z.array(RouteMatch).nullish(),
  backendRefs: z.array(Backend).nullish(),
});
export type RouteRule = z.infer<typeof RouteRule>;

const ParentCondition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
  observedGeneration: z.number().optional(),
});

const ParentRef = z.looseObject({
  group: z.string().default('gateway.networking.k8s.io'),
  kind: z.string().default('Gateway'),
  namespace: z.string().optional(),
  name: z.string(),
  sectionName: z.string().optional(),
  port: z.number().optional(),
});
type ParentRef = z.infer<typeof ParentRef>;

const ParentStatus = z.looseObject({
  parentRef: ParentRef,
  conditions: z.array(ParentCondition).nullish(),
});
export type ParentStatus = z.infer<typeof ParentStatus>;

const RouteShape = z.looseObject({
  spec: z.looseObject({ rules: z.array(RouteRule).nullish() }).default({ rules: [] }),
  status: z.looseObject({ parents: z.array(ParentStatus).nullish() }).nullish(),
});

/** What the stores keep of an HTTPRoute or a GRPCRoute. */
export interface RouteSnapshot extends Notes {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly deleting: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly controllerUid: string | undefined;
  /** The whole spec as stored; its rules once more as `rules`. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly rules: readonly RouteRule[];
  /** What the parents say that the route names; what one says that it no longer names is nobody's to take back. */
  readonly parents: readonly ParentStatus[];
  /** What Headway noted of the spec that it wrote last, on a route of its own. */
  readonly writtenHash: string | undefined;
  /**
   * Field manager that last wrote a field of the spec, by the name of the field: rules, parentRefs and hostnames are
   * one value each for the API server. Headway where it is among them; none where the API server filled the field in.
   */
  readonly writers: ReadonlyMap<string, string>;
}

/** A route that a Canary names, and what was found of it. */
export interface NamedRoute {
  readonly kind: RouteKind;
  readonly name: string;
  /** Undefined while there is none. */
  readonly route: RouteSnapshot | undefined;
  /** Whether the API server knows the kind. */
  readonly isServed: boolean;
}

/** What the router for routes of the user works from. */
export interface UserRoutesTarget extends RouteTarget {
  readonly routes: readonly NamedRoute[];
}

/** What the router for a route of Headway's own works from. */
export interface OwnRouteTarget extends RouteTarget {
  readonly template: RouteTemplate;
  /** What bears the name of the route; undefined while nothing does. */
  readonly route: RouteSnapshot | undefined;
  /** Whether the API server knows HTTPRoutes. */
  readonly isServed: boolean;
  /** Port numbers of the user's Service; undefined while there is no Service. */
  readonly ports: readonly number[] | undefined;
}

/** Reduces a route as the API server sends it to what the routers read. Throws a ZodError for something else. */
export function projectRoute(raw: KubeObject): RouteSnapshot {
  const { metadata } = raw;
  const { spec, status } = RouteShape.parse(raw);
  return {
    ...identityOf(metadata),
    ...notesOf(metadata),
    labels: Object.fromEntries(Object.entries(metadata.labels ?? {})),
    writtenHash: metadata.annotations?.[Annotations.written],
    controllerUid: metadata.ownerReferences?.find((owner) => owner.controller)?.uid,
    spec,
    rules: spec.rules ?? [],
    parents: parentsOf(z.array(ParentRef).parse(spec['parentRefs'] ?? []), status?.parents ?? []),
    writers: lastWriters(metadata.managedFields ?? [], ['spec']),
  };
}

function identityOf({ namespace = '', name = '', uid = '', resourceVersion = '', ...metadata }: ObjectMeta) {
  const { generation = 0, deletionTimestamp } = metadata;
  return { namespace, name, uid, resourceVersion, generation, deleting: deletionTimestamp !== undefined };
}

/** Section and port count only where both sides say them: not every controller repeats them. */
function parentsOf(named: readonly ParentRef[], said: readonly ParentStatus[]): ParentStatus[] {
  return said.filter(({ parentRef: one }) =>
    named.some(
      (other) =>
        one.group === other.group &&
        one.kind === other.kind &&
        one.name === other.name &&
        isSame(one.namespace, other.namespace) &&
        isSame(one.sectionName, other.sectionName) &&
        isSame(one.port, other.port),
    ),
  );
}

function isSame(one: string | number | undefined, other: string | number | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
