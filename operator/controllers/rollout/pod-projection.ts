// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Annotations, Labels } from '../../api/group.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { identityOf, optional } from './projections.ts';

/** The annotation by which a ReplicaSet chooses what to end first. */
export const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';

export interface PodProjection {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly createdAtMs: number;
  /** It runs or will, and is not about to end. */
  readonly active: boolean;
  readonly ready: boolean;
  /** The Services of its Canary may name it. */
  readonly serving: boolean;
  readonly node?: string;
  /** Its IP address, as its kubelet has reported it. */
  readonly address?: string;
  /** Its address is that of its node. */
  readonly onHostNetwork?: true;
  /** Ports of its containers that have a name; absent: none has. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Its pod-deletion-cost, and the one that it had before it was taken out. */
  readonly cost?: string;
  readonly costBefore?: string;
  readonly canary: string;
  readonly revision: string;
  /** Why a container does not run, for example "ImagePullBackOff"; of config that is missing also which. */
  readonly complaint?: string;
}

const ContainerPort = z.looseObject({ name: z.string().optional(), containerPort: z.number() });

const Containers = z
  .array(
    z.looseObject({
      state: z
        .looseObject({
          waiting: z.looseObject({ reason: z.string().optional(), message: z.string().optional() }).nullish(),
        })
        .nullish(),
    }),
  )
  .nullish();

const PodShape = z.looseObject({
  spec: z
    .looseObject({
      nodeName: z.string().optional(),
      hostNetwork: z.boolean().nullish(),
      containers: z.array(z.looseObject({ ports: z.array(ContainerPort).nullish() })).nullish(),
    })
    .default({}),
  status: z
    .looseObject({
      phase: z.string().optional(),
      podIP: z.string().optional(),
      conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).nullish(),
      initContainerStatuses: Containers,
      containerStatuses: Containers,
    })
    .default({}),
});

export function projectPod(object: KubeObject): PodProjection {
  const { metadata } = object;
  const { spec, status } = PodShape.parse(object);
  const { labels = {}, annotations = {} } = metadata;
  return {
    ...identityOf(metadata),
    createdAtMs: Date.parse(metadata.creationTimestamp ?? '') || 0,
    active: metadata.deletionTimestamp === undefined && !isOver(status),
    ready: isReady(status),
    serving: labels[Labels.serving] === 'true',
    ...optional('node', spec.nodeName),
    ...optional('address', status.podIP),
    ...(spec.hostNetwork === true ? { onHostNetwork: true } : {}),
    ...optional('ports', namedPorts(spec)),
    ...optional('cost', annotations[DELETION_COST]),
    ...optional('costBefore', annotations[Annotations.costBefore]),
    canary: labels[Labels.canary] ?? '',
    revision: labels[Labels.revision] ?? '',
    ...optional('complaint', complaintOf(status)),
  };
}

function namedPorts({ containers }: z.infer<typeof PodShape>['spec']): Record<string, number> | undefined {
  const named = (containers ?? [])
    .flatMap(({ ports }) => ports ?? [])
    .flatMap(({ name, containerPort }) => (name === undefined ? [] : [[name, containerPort] as const]));
  return named.length === 0 ? undefined : Object.fromEntries(named);
}

type PodStatus = z.infer<typeof PodShape>['status'];

function isOver({ phase }: PodStatus): boolean {
  return phase === 'Failed' || phase === 'Succeeded';
}

function isReady({ conditions }: PodStatus): boolean {
  return conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** A container that only takes its time. */
const STARTING: readonly (string | undefined)[] = [undefined, 'ContainerCreating', 'PodInitializing'];

function complaintOf({ initContainerStatuses, containerStatuses }: PodStatus): string | undefined {
  const containers = [...(initContainerStatuses ?? []), ...(containerStatuses ?? [])];
  const waiting = containers.map(({ state }) => state?.waiting);
  const { reason, message } = waiting.find((each) => !STARTING.includes(each?.reason)) ?? {};
  // the words of other reasons count tries and seconds: each try would be another sentence
  return reason === 'CreateContainerConfigError' && message ? `${reason}: ${message}` : reason;
}
