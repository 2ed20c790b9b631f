// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { canonicalJson, labelValue, shortHash } from '../../engine/names.ts';
import { z } from 'zod';
import { Annotations, Labels } from '../../api/group.ts';
import { ourLabels, ownerReference } from '../../engine/ownership.ts';
import { configCopyName, configKey, type TrackedConfig } from '../../engine/rollout/config.ts';
import type { AppliedObject } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { withoutTracking } from '../../providers/traffic/tracking.ts';
import { copiesText } from './config-copies.ts';
import { renameConfig } from './config-references.ts';
import { withPin } from './selectors.ts';
import type { ServiceProjection } from './service-projection.ts';
import { reachOf } from './service-shape.ts';
import { labelTemplate, versionOf } from './templates.ts';

/** The whole objects that Headway makes for a Canary. */

/**
 * The copy of the target that runs one revision: its spec, but for replicas, selector and the labels of its pods.
 * `source` is the JSON text of its labels and spec.
 */
export function buildRevision(
  rollout: Rollout,
  source: string,
  made: {
    revision: string;
    deployment: string;
    replicas: number;
    config?: readonly TrackedConfig[] | undefined;
  },
): KubeObject {
  const { labels: targetLabels, spec } = Source.parse(JSON.parse(source));
  const labels = { [Labels.revision]: made.revision, [Labels.canary]: labelValue(rollout.metadata.name) };
  const version = versionOf(spec.template);
  const { config = [], revision } = made;
  const copies = new Map(config.map((each) => [configKey(each), configCopyName(each.name, revision)]));
  const annotations = {
    ...(version ? { [Annotations.version]: version } : {}),
    ...(config.length > 0 ? { [Annotations.config]: copiesText(config) } : {}),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      namespace: rollout.metadata.namespace,
      name: made.deployment,
      labels: {
        ...withoutTracking(targetLabels),
        ...ourLabels(rollout.metadata.name, 'revision'),
        ...labels,
      },
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
      ownerReferences: [ownerReference({ kind: rollout.kind, ...rollout.metadata })],
    },
    spec: {
      ...spec,
      paused: false,
      replicas: made.replicas,
      selector: { matchLabels: { ...spec.selector.matchLabels, ...labels } },
      template: labelTemplate(renameConfig(spec.template, copies), { ...labels, [Labels.serving]: 'true' }),
    },
  };
}

/** The copy of a ConfigMap or Secret that a revision reads from. It never changes, and goes with the revision. */
export function buildConfigCopy(
  rollout: Rollout,
  source: KubeObject,
  made: { copy: string; revision: string; owner: { name: string; uid: string } },
): KubeObject {
  const { apiVersion, kind, type, data, binaryData } = source;
  return {
    apiVersion,
    kind,
    metadata: {
      namespace: rollout.metadata.namespace,
      name: made.copy,
      labels: { ...ourLabels(rollout.metadata.name, 'config'), [Labels.revision]: made.revision },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', ...made.owner }],
    },
    immutable: true,
    ...(type === undefined ? {} : { type }),
    ...(data === undefined ? {} : { data }),
    ...(binaryData === undefined ? {} : { binaryData }),
  };
}

const Source = z.looseObject({
  labels: z.record(z.string(), z.string()),
  spec: z.looseObject({
    selector: z.looseObject({ matchLabels: z.record(z.string(), z.string()).default({}) }),
    template: z.looseObject({}),
  }),
});

/**
 * The Service that carries the canary's share of a route: the user's Service in all that says how requests get to pods,
 * but the pods of one revision.
 */
export function buildCanaryService(
  rollout: Rollout,
  service: ServiceProjection,
  revision: string,
): AppliedObject {
  const { shape } = service;
  return {
    metadata: {
      namespace: rollout.metadata.namespace,
      name: rollout.spec.canaryService,
      labels: { ...shape.labels, ...ourLabels(rollout.metadata.name, 'canary-service') },
      annotations: {
        ...shape.annotations,
        [Annotations.written]: canaryServiceHash(rollout, service, revision),
      },
      ownerReferences: [ownerReference({ kind: rollout.kind, ...rollout.metadata })],
    },
    spec: canaryServiceSpec(rollout, service, revision),
  };
}

interface KnownHash {
  readonly canary: string;
  readonly revision: string;
  readonly hash: string;
}

/** By the Service as it was seen, which is another object once the Service has changed; the newest hash of each. */
const knownHashes = new WeakMap<ServiceProjection, KnownHash>();

/** Differs where the canary Service of this revision has to be written anew. Asked for at every look. */
export function canaryServiceHash(rollout: Rollout, service: ServiceProjection, revision: string): string {
  const { name } = rollout.metadata;
  const known = knownHashes.get(service);
  if (known?.canary === name && known.revision === revision) return known.hash;
  const { labels, annotations } = service.shape;
  const hash = shortHash(
    canonicalJson({ labels, annotations, spec: canaryServiceSpec(rollout, service, revision) }),
  );
  knownHashes.set(service, { canary: name, revision, hash });
  return hash;
}

function canaryServiceSpec(
  rollout: Rollout,
  service: ServiceProjection,
  revision: string,
): Record<string, unknown> {
  const { selector, ports, shape } = service;
  return {
    ...shape.spec,
    ...reachOf(rollout.spec.traffic ?? {}, service),
    selector: withPin(selector, { kind: 'revision', revision }, labelValue(rollout.metadata.name)),
    ports: ports.map((port) => withoutNodePort(port)),
  };
}

function withoutNodePort(port: unknown): unknown {
  const { nodePort: _nodePort, ...kept } = z.looseObject({ nodePort: z.unknown().optional() }).parse(port);
  return kept;
}
