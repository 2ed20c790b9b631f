// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Annotations } from '../../api/group.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { managerOf } from './managed-by.ts';
import { controllerOf, identityOf, optional } from './projections.ts';
import { type ServiceShape, shapeOf } from './service-shape.ts';

export interface ServiceProjection {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly type: string;
  readonly externalTrafficPolicy?: string;
  readonly headless: boolean;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly {
    readonly port?: number | undefined;
    /** Number or name of the port of the pods; absent: as the port. */
    readonly targetPort?: number | string | undefined;
  }[];
  /** What else its canary Service has in common with it. */
  readonly shape: ServiceShape;
  /** On a canary Service: what was written of it last, as a hash. */
  readonly written?: string;
  readonly controllerUid?: string;
  readonly selectorManager?: string;
}

const ServiceShape = z.looseObject({
  spec: z.looseObject({
    type: z.string().default('ClusterIP'),
    externalTrafficPolicy: z.string().optional(),
    clusterIP: z.string().optional(),
    selector: z.record(z.string(), z.string()).nullish(),
    ports: z
      .array(
        z.looseObject({
          port: z.number().optional(),
          targetPort: z.union([z.number(), z.string()]).optional(),
        }),
      )
      .default([]),
  }),
});

export function projectService(object: KubeObject): ServiceProjection {
  const { metadata } = object;
  const { spec } = ServiceShape.parse(object);
  return {
    ...identityOf(metadata),
    resourceVersion: metadata.resourceVersion ?? '',
    type: spec.type,
    ...optional('externalTrafficPolicy', spec.externalTrafficPolicy),
    headless: spec.clusterIP === 'None',
    selector: spec.selector ?? {},
    ports: spec.ports,
    shape: shapeOf(object),
    ...optional('written', metadata.annotations?.[Annotations.written]),
    ...optional('controllerUid', controllerOf(metadata)),
    ...optional('selectorManager', managerOf(metadata.managedFields, ['f:spec', 'f:selector'])),
  };
}

export interface EndpointSliceProjection {
  readonly namespace: string;
  readonly service: string;
  /** Names of the pods that are ready and not about to end. */
  readonly readyPods: readonly string[];
  /** Names of the pods that get requests by it, ready or not. */
  readonly reachedPods: readonly string[];
}

const EndpointConditions = z
  .looseObject({
    ready: z.boolean().nullish(),
    serving: z.boolean().nullish(),
    terminating: z.boolean().nullish(),
  })
  .nullish();

const EndpointSliceShape = z.looseObject({
  endpoints: z
    .array(
      z.looseObject({
        conditions: EndpointConditions,
        targetRef: z.looseObject({ kind: z.string().optional(), name: z.string().optional() }).nullish(),
      }),
    )
    .nullish(),
});

export function projectEndpointSlice(object: KubeObject): EndpointSliceProjection {
  const endpoints = EndpointSliceShape.parse(object).endpoints ?? [];
  const reached = endpoints.filter(({ conditions }) => conditions?.ready !== false);
  const ready = reached.filter(({ conditions }) => isServing(conditions));
  const reachedPods = reached.map(({ targetRef }) => targetRef?.name ?? '');
  return {
    namespace: object.metadata.namespace ?? '',
    service: object.metadata.labels?.['kubernetes.io/service-name'] ?? '',
    readyPods:
      ready.length === reached.length ? reachedPods : ready.map(({ targetRef }) => targetRef?.name ?? ''),
    reachedPods,
  };
}

/** A Service with publishNotReadyAddresses calls every pod ready; whether one is, `serving` says. */
function isServing(conditions: z.infer<typeof EndpointConditions>): boolean {
  return conditions?.serving !== false && conditions?.terminating !== true;
}
