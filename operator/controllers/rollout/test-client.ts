// SPDX-License-Identifier: Apache-2.0
// Test support: an API server that writes down what it is asked and answers like one.
import type { KubeClient, ListOptions, MetadataOption } from '../../kube/client.ts';
import { decodeApiError, type KubeVerb } from '../../kube/errors.ts';
import type { KubeList, KubeObject, ObjectName } from '../../kube/objects.ts';
import type { Resource } from '../../kube/resources.ts';

/** One call, as a test compares it. */
export interface Call {
  readonly verb: string;
  readonly resource: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

export interface TestClient {
  readonly client: KubeClient;
  readonly calls: Call[];
  /** The next call of this verb is refused with this code. */
  refuse(verb: string, status: number, reason?: string): void;
  /** What reads of metadata alone find of a resource, by its plural; they are not among the calls. */
  live: (plural: string) => readonly KubeObject[];
  /** What lists answer. */
  items: KubeObject[];
}

type Answer = (verb: string, resource: Resource, ref: ObjectName, sent: Sent) => KubeObject;

interface Sent {
  readonly [field: string]: object;
}

export function createTestClient(): TestClient {
  const calls: Call[] = [];
  const refusals = new Map<string, { status: number; reason: string }>();
  let versions = 100;

  function answer(verb: string, resource: Resource, { name }: ObjectName, sent: Sent): KubeObject {
    calls.push(JSON.parse(JSON.stringify({ verb, resource: resource.plural, name, ...sent })) as Call);
    const refusal = refusals.get(verb);
    refusals.delete(verb);
    if (refusal) throw refused(verb as KubeVerb, resource, refusal);
    const metadata = { namespace: 'shop', name, uid: `uid-${name}`, resourceVersion: String(++versions) };
    return { apiVersion: 'v1', kind: resource.kind, ...sent['object'], metadata };
  }

  const test: TestClient = {
    client: clientOf(answer, () => test),
    calls,
    live: () => [],
    items: [],
    refuse: (verb, status, reason = '') => void refusals.set(verb, { status, reason }),
  };
  return test;
}

function clientOf(answer: Answer, test: () => TestClient): KubeClient {
  const client = {
    get: async (resource: Resource, ref: ObjectName, options?: MetadataOption) =>
      options?.metadataOnly
        ? findLive(test(), resource, ref)
        : answer('get', resource, ref, { object: test().items[0] ?? {} }),
    create: async (resource: Resource, object: KubeObject) =>
      answer('create', resource, { name: object.metadata.name ?? '' }, { object }),
    apply: async (resource: Resource, object: { metadata: ObjectName }, options: object) =>
      answer('apply', resource, object.metadata, { object, options }),
    mergePatch: async (resource: Resource, ref: ObjectName, change: object) =>
      answer('mergePatch', resource, ref, { change }),
    jsonPatch: async (resource: Resource, ref: ObjectName, change: object) =>
      answer('jsonPatch', resource, ref, { change }),
    delete: async (resource: Resource, ref: ObjectName, options: object) =>
      answer('delete', resource, ref, { options }),
    list: async (resource: Resource, options: ListOptions) => {
      if (options.metadataOnly) return listLive(test(), resource, options);
      answer('list', resource, { name: '' }, { options });
      return { metadata: { resourceVersion: '1' }, items: test().items };
    },
  };
  return client as unknown as KubeClient;
}

function findLive(test: TestClient, resource: Resource, { name }: ObjectName): KubeObject {
  const found = test.live(resource.plural).find(({ metadata }) => metadata.name === name);
  if (!found) throw refused('get', resource, { status: 404, reason: 'NotFound' });
  return found;
}

function listLive(test: TestClient, resource: Resource, { labelSelector = '' }: ListOptions): KubeList {
  const [label = '', value] = labelSelector.split('=');
  const items = test.live(resource.plural).filter(({ metadata }) => metadata.labels?.[label] === value);
  return { metadata: { resourceVersion: '1' }, items };
}

function refused(
  verb: KubeVerb,
  resource: Resource,
  { status, reason }: { status: number; reason: string },
): Error {
  const body = JSON.stringify({ kind: 'Status', reason, message: `refused with ${status}` });
  return decodeApiError({ verb, resource, namespace: 'shop' }, { status, body });
}
