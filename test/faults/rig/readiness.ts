// SPDX-License-Identifier: Apache-2.0
import { expect } from '@jest/globals';
import { z } from 'zod';
import { UNREADY } from '../../../bench/api/pods-stand-in.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { waitFor } from '../../e2e/support/wait.ts';
import { admin } from '../../e2e/support/world.ts';
import type { Furnished } from './scene.ts';

const Slice = z.looseObject({
  endpoints: z
    .array(z.looseObject({ conditions: z.looseObject({ ready: z.boolean().nullish() }) }))
    .nullish(),
});

/** Makes the pods of a revision ready or not, as their probes would. */
export async function setReady({ namespace }: Furnished, revision: string, isReady: boolean): Promise<void> {
  const labelSelector = `headway.dev/revision=${revision}`;
  const pods = await admin().list(resources.pods, { namespace, labelSelector });
  expect(pods.items.length).toBeGreaterThan(0);
  const conditions = ['ContainersReady', 'Ready'].map((type) => ({ type, status: 'False' }));
  for (const { metadata } of pods.items) {
    const ref = { namespace, name: metadata.name ?? '' };
    const annotations = { [UNREADY]: isReady ? null : 'as the test wants' };
    await admin().mergePatch(resources.pods, ref, { patch: { metadata: { annotations } } });
    if (!isReady)
      await admin().mergePatch(resources.pods, ref, {
        patch: { status: { conditions } },
        subresource: 'status',
      });
  }
}

/** Resolves when the EndpointSlices of a Service hold so many ready pods. */
export async function untilEndpoints(
  { namespace, patience }: Furnished,
  service: string,
  count: number,
): Promise<void> {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  let last = -1;
  await waitFor({
    what: `${count} ready pods of Service ${service}`,
    withinMs: 20_000 * patience,
    probe: async () => {
      const { items } = await admin().list(resources.endpointSlices, { namespace, labelSelector });
      const endpoints = items.flatMap((slice) => Slice.parse(slice).endpoints ?? []);
      last = endpoints.filter(({ conditions }) => conditions.ready !== false).length;
      return last === count || undefined;
    },
    explain: () => Promise.resolve(`there are ${last}`),
  });
}
