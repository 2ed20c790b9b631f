// SPDX-License-Identifier: Apache-2.0
// What Argo CD and Flux send when they apply what is in Git to objects that exist, with the ignore rules of docs/gitops.md.
import { isDeepStrictEqual } from 'node:util';
import { withoutTracking } from '../../operator/providers/traffic/tracking.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';

/** Field managers by which the tools write. */
export type ToolName = 'argocd-controller' | 'kustomize-controller';

interface Git {
  /** Counts the syncs; each marks what it sends with another number, so that no apply is one that changes nothing. */
  readonly round: number;
  /** As it is in Git. */
  readonly git: KubeObject;
  readonly live: KubeObject;
  /** What a server-side apply of `git` would make of `live`; a tool asks for that by a dry run. */
  readonly would: KubeObject;
}

/** What of a spec is ignored, by kind: those rules of docs/gitops.md that the stories need. */
export const IGNORED: Readonly<Record<string, string>> = {
  Deployment: 'replicas',
  Service: 'selector',
  HTTPRoute: 'rules',
};

/**
 * Argo CD with RespectIgnoreDifferences puts the live value into what it applies (normalizeTargetResources); Flux leaves
 * an ignored field out where it has drifted, and applies it where it has not (DriftIgnoreRules).
 */
export function sentBy(tool: ToolName, objects: Git): KubeObject {
  const sent = tool === 'argocd-controller' ? withLiveField(objects) : withoutDrift(objects);
  return marked(tool, sent, objects.round);
}

function withLiveField({ git, live }: Git): KubeObject {
  const field = IGNORED[git.kind];
  const value = field === undefined ? undefined : specOf(live)[field];
  return field === undefined || value === undefined
    ? git
    : { ...git, spec: { ...specOf(git), [field]: value } };
}

function withoutDrift({ git, live, would }: Git): KubeObject {
  const field = IGNORED[git.kind];
  if (field === undefined || isDeepStrictEqual(specOf(would)[field], specOf(live)[field])) return git;
  const { [field]: _drifted, ...spec } = specOf(git);
  return { ...git, spec };
}

function marked(tool: ToolName, object: KubeObject, round: number): KubeObject {
  const { labels, annotations, name } = object.metadata;
  const mark = MARKS[tool];
  const marks = {
    labels: { ...labels, [`${mark}name`]: name ?? '' },
    annotations: { ...annotations, [`${mark}round`]: String(round) },
  };
  return { ...object, metadata: { ...object.metadata, ...marks } };
}

/** Prefixes of the keys by which the tools know what is theirs. */
const MARKS: Readonly<Record<ToolName, string>> = {
  'argocd-controller': 'argocd.argoproj.io/',
  'kustomize-controller': 'kustomize.toolkit.fluxcd.io/',
};

/** The keys by which a tool would take an object for its own, and prune it. */
export function tracksOf({ metadata }: KubeObject): string[] {
  const keys = { ...metadata.labels, ...metadata.annotations };
  const kept = withoutTracking(keys);
  return Object.keys(keys).filter((key) => !(key in kept) && key !== 'app.kubernetes.io/managed-by');
}

function specOf(object: KubeObject): Readonly<Record<string, unknown>> {
  return (object['spec'] ?? {}) as Readonly<Record<string, unknown>>;
}
