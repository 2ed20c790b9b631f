// SPDX-License-Identifier: Apache-2.0
import type { KubeVerb } from '../../../operator/kube/errors.ts';
import type { JsonPatchOperation, KubeObject, ObjectName } from '../../../operator/kube/objects.ts';
import { apiVersionOf, type Resource } from '../../../operator/kube/resources.ts';
import { toKey } from '../../../operator/runtime/store.ts';
import { START_MS } from '../operator/process.ts';
import type { Timeline } from '../timeline.ts';
import { FieldOwners, withoutFields } from './field-owners.ts';
import { isRecord, type Json, jsonPatched, mergePatched, overTheWire } from './json.ts';
import { generationOf, isGone, isUnchanged, merged, refusal } from './storage.ts';

/** Who asks for a write, of what, and by which verb. */
export interface Write {
  /** `headway-1`, `user`, `rival`, or a controller of Kubernetes. */
  readonly actor: string;
  readonly verb: KubeVerb;
  readonly resource: Resource;
  readonly subresource?: string | undefined;
  readonly manager?: string | undefined;
}

/** What a write has changed. `before` is absent for a new object, `after` for one that is gone. */
export interface Change {
  readonly write: Write;
  readonly key: string;
  readonly resourceVersion: number;
  readonly before?: KubeObject | undefined;
  readonly after?: KubeObject | undefined;
}

interface Collection {
  readonly objects: Map<string, KubeObject>;
  readonly changes: Change[];
}

/** Kinds whose fields people and controllers contend for. */
const OWNED: ReadonlySet<string> = new Set([
  'deployments',
  'services',
  'ingresses',
  'httproutes',
  'grpcroutes',
  'canaries',
  'bluegreens',
]);

/**
 * An API server: versions that only grow, preconditions, patches, server-side apply, status apart from spec, deletion
 * that waits for finalizers. Objects are never changed in place.
 */
export class ApiServer {
  readonly timeline: Timeline;
  /** Told of every change as it is stored. */
  readonly listeners: ((change: Change) => void)[] = [];
  readonly owners = new FieldOwners();
  /** Changes up to here are forgotten: a watch from before is told 410. */
  compactedTo = 0;
  resourceVersion = 1000;
  private readonly collections = new Map<string, Collection>();
  private readonly history: { atMs: number; resourceVersion: number }[] = [];
  private uids = 0;

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  get(resource: Resource, key: string): KubeObject | undefined {
    return this.collection(resource).objects.get(key);
  }

  list(resource: Resource): KubeObject[] {
    return [...this.collection(resource).objects.values()];
  }

  changes(resource: Resource): readonly Change[] {
    return this.collection(resource).changes;
  }

  /** How far the server was at a moment. */
  resourceVersionAt(ms: number): number {
    return this.history.findLast(({ atMs }) => atMs <= ms)?.resourceVersion ?? 1000;
  }

  /** The collection as it was at a resourceVersion. */
  listAsOf(resource: Resource, resourceVersion: number): KubeObject[] {
    const objects = new Map<string, KubeObject>();
    for (const change of this.changes(resource)) {
      if (change.resourceVersion > resourceVersion) break;
      if (change.after) objects.set(change.key, change.after);
      else objects.delete(change.key);
    }
    return [...objects.values()];
  }

  create(write: Write, sent: KubeObject): KubeObject {
    const object = overTheWire(sent);
    const key = toKey(object.metadata.namespace, object.metadata.name ?? '');
    if (this.get(write.resource, key)) {
      throw refusal(write, key, 409, 'AlreadyExists', 'already exists');
    }
    return this.store(write, key, undefined, object);
  }

  /** PUT, or of the status alone. */
  update(write: Write, sent: KubeObject): KubeObject {
    const { namespace, name = '', resourceVersion } = sent.metadata;
    const key = toKey(namespace, name);
    const before = this.mustGet(write, key);
    if (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion) {
      throw refusal(write, key, 409, 'Conflict', 'the object has been modified');
    }
    const object = overTheWire(sent);
    const isStatus = write.subresource === 'status';
    return this.store(write, key, before, isStatus ? { ...before, status: object['status'] } : object);
  }

  /** A change of an object by a function of it, as a controller with fresh caches makes it. */
  change(write: Write, key: string, make: (object: KubeObject) => KubeObject): KubeObject | undefined {
    const before = this.get(write.resource, key);
    return before && this.store(write, key, before, make(before));
  }

  apply(write: Write, sent: Json & { readonly metadata: ObjectName & { uid?: string } }): KubeObject {
    const applied = overTheWire({
      apiVersion: apiVersionOf(write.resource),
      kind: write.resource.kind,
      ...sent,
    }) as KubeObject;
    const { namespace, name = '', uid } = applied.metadata;
    const key = toKey(namespace, name);
    const before = this.get(write.resource, key);
    if (uid !== undefined && uid !== before?.metadata.uid) {
      throw refusal(write, key, 409, 'Conflict', `uid mismatch: the request named ${uid}`);
    }
    if (write.subresource === 'status') {
      return this.store(write, key, this.mustGet(write, key), {
        ...this.mustGet(write, key),
        status: applied['status'],
      });
    }
    return this.store(write, key, before, applied, 'Apply');
  }

  jsonPatch(write: Write, key: string, operations: readonly JsonPatchOperation[]): KubeObject {
    const before = this.mustGet(write, key);
    const patched = jsonPatched(before, operations);
    if (!patched)
      throw refusal(write, key, 422, 'Invalid', 'the server rejected our request: testing failed');
    return this.store(write, key, before, patched);
  }

  mergePatch(write: Write, key: string, patch: Json): KubeObject {
    const before = this.mustGet(write, key);
    const { uid, resourceVersion } = isRecord(patch['metadata']) ? patch['metadata'] : {};
    const isOther =
      (uid !== undefined && uid !== before.metadata.uid) ||
      (resourceVersion !== undefined && resourceVersion !== before.metadata.resourceVersion);
    if (isOther) throw refusal(write, key, 409, 'Conflict', 'a precondition of the patch does not hold');
    return this.store(write, key, before, mergePatched(before, overTheWire(patch)) as KubeObject);
  }

  delete(write: Write, key: string, preconditions: { uid?: string | undefined } = {}): KubeObject {
    const before = this.mustGet(write, key);
    const { uid } = preconditions;
    if (uid !== undefined && uid !== before.metadata.uid) {
      throw refusal(write, key, 409, 'Conflict', `the UID in the precondition is ${uid}`);
    }
    if (before.metadata.deletionTimestamp) return before;
    const metadata = { ...before.metadata, deletionTimestamp: this.wallTime() };
    return this.store(write, key, before, { ...before, metadata });
  }

  /** Refuses with 404 where there is none. */
  mustGet(write: Write, key: string): KubeObject {
    const found = this.get(write.resource, key);
    if (!found) throw refusal(write, key, 404, 'NotFound', 'not found');
    return found;
  }

  private store(
    write: Write,
    key: string,
    before: KubeObject | undefined,
    ...[wanted, operation = 'Update']: [KubeObject, ('Apply' | 'Update')?]
  ): KubeObject {
    const uid = before?.metadata.uid ?? `uid-${++this.uids}`;
    const content = this.own(write, before, { object: wanted, uid, operation });
    if (before && isUnchanged(before, content)) return before;
    this.resourceVersion += 1;
    const fields = OWNED.has(write.resource.plural) ? this.owners.managedFields(uid) : undefined;
    const after: KubeObject = {
      ...content,
      metadata: {
        ...content.metadata,
        uid,
        creationTimestamp: before?.metadata.creationTimestamp ?? this.wallTime(),
        generation: generationOf(before, content),
        resourceVersion: String(this.resourceVersion),
        ...(fields ? { managedFields: fields } : {}),
      },
    };
    this.record({
      write,
      key,
      resourceVersion: this.resourceVersion,
      before,
      after: isGone(after) ? undefined : after,
    });
    return after;
  }

  /** The object with what the ownership of fields makes of a write. */
  private own(
    write: Write,
    before: KubeObject | undefined,
    wanted: { object: KubeObject; uid: string; operation: 'Apply' | 'Update' },
  ): KubeObject {
    const { object, uid, operation } = wanted;
    if (!OWNED.has(write.resource.plural) || write.subresource === 'status') return object;
    const by = { manager: write.manager ?? write.actor, operation, time: this.wallTime() };
    if (operation === 'Update') {
      this.owners.update(before, { ...object, metadata: { ...object.metadata, uid } }, by);
      return object;
    }
    const dropped = this.owners.apply(before, object, uid, by);
    return withoutFields(merged(before, object), dropped);
  }

  private record(change: Change): void {
    const { objects, changes } = this.collection(change.write.resource);
    if (change.after) objects.set(change.key, change.after);
    else objects.delete(change.key);
    changes.push(change);
    this.history.push({ atMs: this.timeline.now, resourceVersion: change.resourceVersion });
    for (const listener of this.listeners) listener(change);
  }

  private collection({ plural }: Resource): Collection {
    const known = this.collections.get(plural);
    if (known) return known;
    const made = { objects: new Map<string, KubeObject>(), changes: [] };
    this.collections.set(plural, made);
    return made;
  }

  private wallTime(): string {
    return new Date(Math.floor((START_MS + this.timeline.now) / 1000) * 1000)
      .toISOString()
      .replace('.000', '');
  }
}
