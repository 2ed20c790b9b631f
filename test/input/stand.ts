// SPDX-License-Identifier: Apache-2.0
// A namespace of its own, what people have in it, and a look at what became of it.
import { randomBytes } from 'node:crypto';
import type { Condition } from '../../operator/api/conditions.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { type Resource, resources } from '../../operator/kube/resources.ts';
import { applyObjects, kubectl } from '../e2e/support/kubectl.ts';
import { waitFor } from '../e2e/support/wait.ts';
import { admin } from '../e2e/support/world.ts';
import { written } from './written.ts';

const SEEN_WITHIN_MS = 60_000;

/** Who is waited for: a Canary, by its name alone, or an object of another kind. */
export type Waited = string | { readonly resource: Resource; readonly name: string };

export interface Stand {
  readonly namespace: string;
  apply(...objects: readonly object[]): Promise<void>;
  /**
   * Waits until the condition Ready has the reason, and the message if one is given, and answers it. The kinds reach the operator one after the other: what is missing may be said of two for a moment.
   */
  ready(of: Waited, reason: string | RegExp, message?: string): Promise<Condition>;
  /** What stands in all that a person may have made, in order; `written` says what of it counts. */
  snapshot(): Promise<string[]>;
}

interface Seen extends KubeObject {
  readonly status?: { readonly conditions?: Condition[] };
}

export async function openStand(): Promise<Stand> {
  const namespace = `input-${randomBytes(4).toString('hex')}`;
  await admin().create(resources.namespaces, {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  return {
    namespace,
    apply: (...objects) => applyObjects(objects.map((object) => placed(object, namespace))),
    ready: (of, reason, message) => readyOf(namespace, of, { reason, message }),
    async snapshot() {
      const kinds = 'deployments,services,ingresses,configmaps';
      const args = ['get', kinds, `--namespace=${namespace}`, '--output=json', '--show-managed-fields'];
      const { items } = JSON.parse(await kubectl(args)) as { items: KubeObject[] };
      return written(items);
    },
  };
}

function placed(object: object, namespace: string): object {
  const { metadata = {} } = object as { metadata?: object };
  return { ...object, metadata: { ...metadata, namespace } };
}

interface Wanted {
  readonly reason: string | RegExp;
  readonly message: string | undefined;
}

function isReason({ reason }: Wanted, said: string): boolean {
  return typeof reason === 'string' ? said === reason : reason.test(said);
}

function readyOf(namespace: string, of: Waited, wanted: Wanted): Promise<Condition> {
  const { resource, name } = typeof of === 'string' ? { resource: resources.canaries, name: of } : of;
  let last: Condition | undefined;
  return waitFor({
    what: `Ready of ${resource.kind} ${name} to be ${String(wanted.reason)}: ${wanted.message ?? 'anything'}`,
    withinMs: SEEN_WITHIN_MS,
    probe: async () => {
      const { status } = await admin().get<Seen>(resource, { namespace, name });
      last = status?.conditions?.find(({ type }) => type === 'Ready');
      const isSaid = wanted.message === undefined || last?.message === wanted.message;
      return last && isSaid && isReason(wanted, last.reason) ? last : undefined;
    },
    explain: () => Promise.resolve(`last: ${last?.reason}: ${last?.message}`),
  });
}
