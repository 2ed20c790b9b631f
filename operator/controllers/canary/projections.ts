// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Labels } from '../../api/group.ts';
import { canonicalJson, shortHash } from '../../engine/names.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { managerOf } from './managed-by.ts';
import { stripTemplate, versionOf } from './templates.ts';

/** What the stores keep of each object: the fields that a plan reads, and no more. */

export interface DeploymentProjection {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAtMs: number;
  /** Name of the Canary that the revision belongs to, by its label. */
  readonly canary?: string;
  readonly revision?: string;
  readonly controllerUid?: string;
  /** Fingerprint of the template without what Headway adds; the template itself is read live where it is copied. */
  readonly template: string;
  readonly hash: string;
  readonly version?: string;
  readonly replicas: number;
  readonly available: number;
  readonly pods: number;
  readonly selector: Readonly<Record<string, string>>;
  readonly replicasManager?: string;
  readonly problem?: string;
}

const DeploymentShape = z.looseObject({
  spec: z.looseObject({
    replicas: z.number().default(1),
    selector: z.looseObject({
      matchLabels: z.record(z.string(), z.string()).optional(),
      matchExpressions: z.array(z.unknown()).optional(),
    }),
    template: z.looseObject({}),
  }),
  status: z
    .looseObject({
      observedGeneration: z.number().optional(),
      replicas: z.number().optional(),
      updatedReplicas: z.number().optional(),
      availableReplicas: z.number().optional(),
    })
    .default({}),
});

export function projectDeployment(object: KubeObject): DeploymentProjection {
  const { metadata } = object;
  const { spec, status } = DeploymentShape.parse(object);
  const template = canonicalJson(stripTemplate(spec.template));
  const current = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  const controller = metadata.ownerReferences?.find((owner) => owner.controller);
  const manager = managerOf(metadata.managedFields, ['f:spec', 'f:replicas']);
  const version = versionOf(spec.template);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    createdAtMs: Date.parse(metadata.creationTimestamp ?? '') || 0,
    ...optional('canary', metadata.labels?.[Labels.canary]),
    ...optional('revision', metadata.labels?.[Labels.revision]),
    ...optional('controllerUid', controller?.uid),
    template: createHash('sha256').update(template).digest('base64'),
    hash: shortHash(template),
    ...optional('version', version),
    replicas: spec.replicas,
    available: current ? Math.min(status.availableReplicas ?? 0, status.updatedReplicas ?? 0) : 0,
    pods: status.replicas ?? 0,
    selector: spec.selector.matchLabels ?? {},
    ...optional('replicasManager', manager),
    ...optional('problem', deploymentProblem(metadata.name ?? '', spec.selector)),
  };
}

function deploymentProblem(
  name: string,
  selector: { matchLabels?: Record<string, string> | undefined; matchExpressions?: unknown[] | undefined },
): string | undefined {
  if ((selector.matchExpressions?.length ?? 0) === 0) return undefined;
  return `Deployment ${name} selects its pods by matchExpressions; Headway needs matchLabels, so that revisions can be told apart`;
}

export interface ServiceProjection {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly type: string;
  readonly headless: boolean;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly unknown[];
  readonly controllerUid?: string;
  readonly selectorManager?: string;
}

const ServiceShape = z.looseObject({
  spec: z.looseObject({
    type: z.string().default('ClusterIP'),
    clusterIP: z.string().optional(),
    selector: z.record(z.string(), z.string()).nullish(),
    ports: z.array(z.looseObject({})).default([]),
  }),
});

export function projectService(object: KubeObject): ServiceProjection {
  const { metadata } = object;
  const { spec } = ServiceShape.parse(object);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    type: spec.type,
    headless: spec.clusterIP === 'None',
    selector: spec.selector ?? {},
    ports: spec.ports,
    ...optional('controllerUid', metadata.ownerReferences?.find((owner) => owner.controller)?.uid),
    ...optional('selectorManager', managerOf(metadata.managedFields, ['f:spec', 'f:selector'])),
  };
}

export interface EndpointSliceProjection {
  readonly namespace: string;
  readonly service: string;
  /** Names of the pods that are ready and not about to end. */
  readonly readyPods: readonly string[];
}

const EndpointSliceShape = z.looseObject({
  endpoints: z
    .array(
      z.looseObject({
        conditions: z.looseObject({ ready: z.boolean().nullish() }).nullish(),
        targetRef: z.looseObject({ kind: z.string().optional(), name: z.string().optional() }).nullish(),
      }),
    )
    .nullish(),
});

export function projectEndpointSlice(object: KubeObject): EndpointSliceProjection {
  const ready = (EndpointSliceShape.parse(object).endpoints ?? []).filter(
    ({ conditions }) => conditions?.ready !== false,
  );
  return {
    namespace: object.metadata.namespace ?? '',
    service: object.metadata.labels?.['kubernetes.io/service-name'] ?? '',
    readyPods: ready.map(({ targetRef }) => targetRef?.name ?? ''),
  };
}

export interface PodProjection {
  readonly name: string;
  readonly namespace: string;
  readonly canary: string;
  readonly revision: string;
  /** Why a container does not run, for example "ImagePullBackOff". */
  readonly complaint?: string;
}

const PodShape = z.looseObject({
  status: z
    .looseObject({
      containerStatuses: z
        .array(
          z.looseObject({
            state: z
              .looseObject({ waiting: z.looseObject({ reason: z.string().optional() }).nullish() })
              .nullish(),
          }),
        )
        .nullish(),
    })
    .default({}),
});

export function projectPod(object: KubeObject): PodProjection {
  const { metadata } = object;
  const { status } = PodShape.parse(object);
  const waiting = status.containerStatuses?.map(({ state }) => state?.waiting?.reason);
  const complaint = waiting?.find((reason) => reason !== undefined && reason !== 'ContainerCreating');
  return {
    name: metadata.name ?? '',
    namespace: metadata.namespace ?? '',
    canary: metadata.labels?.[Labels.canary] ?? '',
    revision: metadata.labels?.[Labels.revision] ?? '',
    ...optional('complaint', complaint),
  };
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
