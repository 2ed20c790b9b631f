// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { createHash } from 'node:crypto';
import { Labels } from '../../api/group.ts';
import {
  ABSENT,
  type ConfigKind,
  configKey,
  type ConfigRef,
  SECRET_LOOK_MS,
} from '../../engine/rollout/config.ts';
import { canonicalJson } from '../../engine/names.ts';
import type { KubeClient } from '../../kube/client.ts';
import { describeCall, isForbidden, isNotFound } from '../../kube/errors.ts';
import type { KubeObject, ObjectMeta } from '../../kube/objects.ts';
import { type Resource, resources } from '../../kube/resources.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { RolloutStores } from './stores.ts';

/** What is known of one ConfigMap or Secret, an original or a copy. Of its content nothing but a fingerprint is kept. */
export interface SeenConfig {
  /** Fingerprint of the content as stored, or ABSENT; undefined where it could not be read. */
  readonly content?: string;
  /** Names the content without telling anything of a Secret. */
  readonly id?: string;
  readonly ownerUids: readonly string[];
  /** Name of the Canary that it was made for. */
  readonly canary?: string;
  readonly problem?: string;
}

/** By configKey. What is not in it is not known. */
export type ConfigSnapshot = ReadonlyMap<string, SeenConfig>;

export interface ConfigReader {
  /** All that the target of this Canary and its revisions read from. Rejects where the API server cannot be asked. */
  read(rollout: Rollout): Promise<ConfigSnapshot>;
}

export interface ConfigReaderParts {
  readonly client: Pick<KubeClient, 'get'>;
  readonly stores: Pick<RolloutStores, 'deployments' | 'configMaps'>;
  readonly clock: Clock;
}

interface Known {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly seen: SeenConfig;
  readonly atMs: number;
}

/** Whether the content of this kind is kept with the revisions of a Canary. */
export function isVersioned({ spec }: Rollout, kind: ConfigKind): boolean {
  return kind === 'ConfigMap' ? spec.config?.configMaps !== 'Live' : spec.config?.secrets === 'Versioned';
}

/**
 * Reads contents where metadata says that they have changed, and remembers only their fingerprints. ConfigMaps are known by
 * a watch of their metadata; Secrets, which are read only where a Canary asks for it, by asking now and then.
 */
export function createConfigReader(parts: ConfigReaderParts): ConfigReader {
  return new CachingReader(parts);
}

type Named = Pick<ConfigRef, 'kind' | 'name'>;

class CachingReader implements ConfigReader {
  private readonly parts: ConfigReaderParts;
  private readonly known = new Map<string, Known>();

  constructor(parts: ConfigReaderParts) {
    this.parts = parts;
    parts.stores.configMaps.onChange(({ type, entry }) => {
      if (type === 'delete') this.known.delete(`ConfigMap ${entry.key}`);
    });
  }

  async read(rollout: Rollout): Promise<ConfigSnapshot> {
    const { namespace } = rollout.metadata;
    const names = this.namesOf(rollout);
    const seen = await Promise.all(names.map((ref) => this.tryOne(namespace, ref)));
    return new Map(names.map((ref, index) => [configKey(ref), seen[index] as SeenConfig]));
  }

  private namesOf(rollout: Rollout): Named[] {
    const { deployments } = this.parts.stores;
    const { namespace, uid } = rollout.metadata;
    const target = deployments.get(`${namespace}/${rollout.spec.targetRef.name}`);
    const copies = deployments
      .byIndex('controller', uid)
      .flatMap((revision) => revision.copies.filter(({ isAbsent }) => !isAbsent));
    const named = [...(target?.config ?? []), ...copies.map(({ kind, copy }) => ({ kind, name: copy }))];
    return named.filter(({ kind }) => isVersioned(rollout, kind));
  }

  private async tryOne(namespace: string, ref: Named): Promise<SeenConfig> {
    try {
      return await this.readOne(namespace, ref);
    } catch (error) {
      if (isNotFound(error)) return this.gone(`${ref.kind} ${namespace}/${ref.name}`);
      if (isForbidden(error))
        return { ownerUids: [], problem: `may not ${describeCall(error)}: ${error.message}` };
      throw error;
    }
  }

  private async readOne(namespace: string, { kind, name }: Named): Promise<SeenConfig> {
    const key = `${kind} ${namespace}/${name}`;
    const atMs = this.parts.clock.monotonicMs();
    const before = this.known.get(key);
    if (kind === 'Secret' && before && atMs - before.atMs < SECRET_LOOK_MS) return before.seen;
    const version = await this.versionOf(namespace, { kind, name });
    if (!version) return this.gone(key);
    if (before?.uid === version.uid && before.resourceVersion === version.resourceVersion) {
      this.known.set(key, { ...before, atMs });
      return before.seen;
    }
    const object = await this.parts.client.get(resourceOf(kind), { namespace, name });
    const { uid = '', resourceVersion = '' } = object.metadata;
    const seen = seenOf(kind, object);
    this.known.set(key, { uid, resourceVersion, seen, atMs });
    return seen;
  }

  private gone(key: string): SeenConfig {
    this.known.delete(key);
    return { content: ABSENT, id: ABSENT, ownerUids: [] };
  }

  private async versionOf(
    namespace: string,
    { kind, name }: Named,
  ): Promise<{ uid: string; resourceVersion: string } | undefined> {
    const { client, stores } = this.parts;
    if (kind === 'ConfigMap') return stores.configMaps.entry(`${namespace}/${name}`);
    const { metadata } = await client.get(resourceOf(kind), { namespace, name }, { metadataOnly: true });
    return { uid: metadata.uid ?? '', resourceVersion: metadata.resourceVersion ?? '' };
  }
}

export function resourceOf(kind: ConfigKind): Resource {
  return kind === 'ConfigMap' ? resources.configMaps : resources.secrets;
}

/** Equal exactly for equal contents, whatever else of the object differs. */
export function contentOf(object: KubeObject): string {
  const { type, data, binaryData } = object;
  const content = { type, data: data ?? {}, binaryData: binaryData ?? {} };
  return createHash('sha256').update(canonicalJson(content)).digest('base64');
}

function seenOf(kind: ConfigKind, object: KubeObject): SeenConfig {
  const { metadata } = object;
  const content = contentOf(object);
  // a fingerprint of a short secret could be turned back by trying all of them, so it names nothing
  const id = kind === 'ConfigMap' ? content : `${metadata.uid}/${metadata.resourceVersion}`;
  return { content, id, ...ownership(metadata) };
}

function ownership({ ownerReferences, labels }: ObjectMeta): Pick<SeenConfig, 'ownerUids' | 'canary'> {
  const canary = labels?.[Labels.canary];
  return { ownerUids: (ownerReferences ?? []).map(({ uid }) => uid), ...(canary ? { canary } : {}) };
}
