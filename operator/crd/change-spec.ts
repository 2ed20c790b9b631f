// SPDX-License-Identifier: Apache-2.0
// Test support: what the API server says to a change of a spec that is there.
// oxlint-disable no-restricted-imports -- crd/ sees no cluster; the tests of what it makes do
import { KubeApiError } from '../kube/errors.ts';
import { resources } from '../kube/resources.ts';
import type { Place } from './use-place.ts';

const RESOURCES = { Canary: resources.canaries, BlueGreen: resources.blueGreens } as const;

export interface SpecChange {
  readonly kind: keyof typeof RESOURCES;
  /** Beside what is governed: Deployment and Service `shop`. */
  readonly from: object;
  /** What the status says by then; undefined: nobody has written it. */
  readonly status?: object | undefined;
  /** Merged into the spec. */
  readonly to: object;
}

let made = 0;

/** "taken" where the API server takes it, and otherwise its causes, each on a line of its own. */
export async function answerToChange(
  { client, namespace }: Place,
  { kind, from, status, to }: SpecChange,
): Promise<string> {
  const resource = RESOURCES[kind];
  const ref = { namespace, name: `changed-${++made}` };
  const governed = { targetRef: { kind: 'Deployment', name: 'shop' }, service: { name: 'shop' } };
  const object = { apiVersion: 'headway.dev/v1alpha1', kind, metadata: ref };
  await client.create(resource, { ...object, spec: { ...governed, ...from } });
  if (status) await client.mergePatch(resource, ref, { patch: { status }, subresource: 'status' });
  try {
    await client.mergePatch(resource, ref, { patch: { spec: to } });
    return 'taken';
  } catch (error) {
    if (!(error instanceof KubeApiError) || error.status !== 422) throw error;
    return (error.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`).join('\n');
  }
}
