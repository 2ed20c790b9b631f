// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { z } from 'zod';
import { Annotations, Labels } from '../../api/group.ts';
import { configKey, type ConfigRef } from '../../engine/rollout/config.ts';
import { canonicalJson, shortHash } from '../../engine/names.ts';
import type { KubeObject, ObjectMeta } from '../../kube/objects.ts';
import { managerOf } from './managed-by.ts';
import { type ConfigCopy, copiesOf } from './config-copies.ts';
import { configReferences, renameConfig } from './config-references.ts';
import { PodTemplate, stripTemplate, versionOf } from './templates.ts';

/** What the stores keep of each object: the fields that a plan reads, and no more. */

/** What is read of a Deployment's spec, and of the annotation that says what was renamed in it. */
interface DeploymentSpecFacts {
  /** Digest of both as they came: while it is the same, so is all that is read of them. */
  readonly spec: string;
  /** Fingerprint of the template without what Headway adds or renames. */
  readonly template: string;
  readonly hash: string;
  /** What its pods read from; empty for a Deployment that another object controls. */
  readonly config: readonly ConfigRef[];
  /** What a revision has copies of, or was made without. */
  readonly copies: readonly ConfigCopy[];
  readonly version?: string;
  readonly replicas: number;
  readonly selector: Readonly<Record<string, string>>;
  /** Labels of its pods. */
  readonly podLabels: Readonly<Record<string, string>>;
  readonly paused?: true;
  readonly problem?: string;
}

export interface DeploymentProjection extends DeploymentSpecFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAtMs: number;
  /** Name of the Canary that the revision belongs to, by its label. */
  readonly canary?: string;
  readonly revision?: string;
  readonly controllerUid?: string;
  /** Kind and name of the object that controls it. */
  readonly controlledBy?: string;
  readonly available: number;
  readonly pods: number;
  /** Whether its controller has seen its newest spec. */
  readonly current: boolean;
  readonly replicasManager?: string;
  /** Why it cannot make its pods, in the words of the API server. */
  readonly complaint?: string;
  /** What a revision is copied from, as JSON text, which is a tenth of the object; a revision itself is never copied. */
  readonly source?: string;
}

const DeploymentSpec = z.looseObject({
  replicas: z.number().default(1),
  selector: z.looseObject({
    matchLabels: z.record(z.string(), z.string()).optional(),
    matchExpressions: z.array(z.unknown()).optional(),
  }),
  template: z.looseObject({}),
  paused: z.boolean().default(false),
});

const DeploymentStatus = z
  .looseObject({
    observedGeneration: z.number().default(0),
    replicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
    availableReplicas: z.number().default(0),
    conditions: z
      .array(z.looseObject({ type: z.string(), status: z.string(), message: z.string().optional() }))
      .nullish(),
  })
  .prefault({});

export function projectDeployment(object: KubeObject, before?: DeploymentProjection): DeploymentProjection {
  const { metadata } = object;
  const status = DeploymentStatus.parse(object['status']);
  const isCurrent = status.observedGeneration >= (metadata.generation ?? 0);
  return {
    ...identityOf(metadata),
    createdAtMs: Date.parse(metadata.creationTimestamp ?? '') || 0,
    ...roleOf(metadata),
    ...optional('controllerUid', controllerOf(metadata)),
    ...optional('controlledBy', controllerName(metadata)),
    ...specFacts(object, before),
    available: isCurrent ? availableOfNewest(status) : 0,
    pods: status.replicas,
    current: isCurrent,
    ...optional('replicasManager', managerOf(metadata.managedFields, ['f:spec', 'f:replicas'])),
    ...optional('complaint', failureOf(status.conditions ?? [])),
    ...optional('source', sourceOf(object)),
  };
}

/**
 * Most events of a Deployment are about its status, and a fingerprint takes a hundred times as long as a digest. The
 * generation would not do: a new API server may show new defaults for a spec that nobody has changed.
 */
function specFacts(object: KubeObject, before: DeploymentProjection | undefined): DeploymentSpecFacts {
  const { metadata, spec: raw } = object;
  const digest = hash('sha256', JSON.stringify([raw ?? {}, configText(metadata)]), 'base64');
  if (before?.spec === digest) return keptFacts(before);
  const spec = DeploymentSpec.parse(raw);
  const template = stripTemplate(spec.template);
  const copies = copiesOf(metadata);
  const originals = new Map(copies.map(({ kind, name, copy }) => [configKey({ kind, name: copy }), name]));
  const text = canonicalJson(renameConfig(template, originals));
  return {
    spec: digest,
    template: hash('sha256', text, 'base64'),
    hash: shortHash(text),
    config: isControlled(object) ? [] : configReferences(template),
    copies,
    ...optional('version', versionOf(template)),
    replicas: spec.replicas,
    selector: spec.selector.matchLabels ?? {},
    podLabels: PodTemplate.parse(spec.template).metadata?.labels ?? {},
    ...(spec.paused ? { paused: true } : {}),
    ...optional('problem', deploymentProblem(metadata.name ?? '', spec.selector)),
  };
}

function keptFacts(before: DeploymentProjection): DeploymentSpecFacts {
  const { spec, template, hash: named, config, copies, replicas, selector, podLabels } = before;
  return {
    spec,
    template,
    hash: named,
    config,
    copies,
    replicas,
    selector,
    podLabels,
    ...optional('version', before.version),
    ...optional('paused', before.paused),
    ...optional('problem', before.problem),
  };
}

/** All but the spec that tells what a Deployment reads from. */
function configText(metadata: ObjectMeta): (string | undefined)[] {
  const { annotations, labels } = metadata;
  return [annotations?.[Annotations.config], labels?.[Labels.revision], controllerOf(metadata)];
}

/** Quota and admission refuse pods to the ReplicaSet, and their words are in this condition. */
function failureOf(
  conditions: readonly { type: string; status: string; message?: string | undefined }[],
): string | undefined {
  return conditions.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True')?.message;
}

/**
 * Available pods of the newest template, at least: in the middle of a rollout the available ones may all be of an older
 * template, so each pod that is not updated counts as one of them.
 */
function availableOfNewest(status: z.infer<typeof DeploymentStatus>): number {
  const { replicas, updatedReplicas, availableReplicas } = status;
  const older = Math.max(0, replicas - updatedReplicas);
  return Math.max(0, Math.min(updatedReplicas, availableReplicas - older));
}

/** A Deployment that another object controls is nobody's target and is not kept whole. */
function sourceOf({ metadata, spec }: KubeObject): string | undefined {
  return isControlled({ metadata }) ? undefined : JSON.stringify({ labels: metadata.labels ?? {}, spec });
}

function roleOf({ labels }: ObjectMeta): Pick<DeploymentProjection, 'canary' | 'revision'> {
  return {
    ...optional('canary', labels?.[Labels.canary]),
    ...optional('revision', labels?.[Labels.revision]),
  };
}

export function identityOf({ namespace = '', name = '', uid = '' }: ObjectMeta) {
  return { namespace, name, uid };
}

/** What another object controls is nobody's target. */
function isControlled({ metadata }: Pick<KubeObject, 'metadata'>): boolean {
  return controllerOf(metadata) !== undefined;
}

export function controllerOf({ ownerReferences }: ObjectMeta): string | undefined {
  return ownerReferences?.find((owner) => owner.controller)?.uid;
}

function controllerName({ ownerReferences }: ObjectMeta): string | undefined {
  const owner = ownerReferences?.find(({ controller }) => controller);
  return owner && `${owner.kind} ${owner.name}`;
}

function deploymentProblem(
  name: string,
  selector: { matchLabels?: Record<string, string> | undefined; matchExpressions?: unknown[] | undefined },
): string | undefined {
  if ((selector.matchExpressions?.length ?? 0) === 0) return undefined;
  return `Deployment ${name} selects its pods by matchExpressions; Headway needs matchLabels, so that revisions can be told apart`;
}

export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
