// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Labels } from '../../../operator/api/group.ts';
import { isNotFound } from '../../../operator/kube/errors.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { waitFor } from '../../e2e/support/wait.ts';
import { admin } from '../../e2e/support/world.ts';
import type { Furnished } from './scene.ts';

export async function isGone(
  what: 'namespaces' | 'canaries' | 'services',
  ref: { namespace?: string; name: string },
): Promise<boolean> {
  try {
    await admin().get(resources[what], ref);
    return false;
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}

const Replicas = z.looseObject({ replicas: z.int() });

/** Resolves when a Deployment asks for so many pods. */
export function untilReplicas(
  { namespace, patience }: Furnished,
  name: string,
  wanted: number,
): Promise<true> {
  let last = -1;
  return waitFor({
    what: `Deployment ${name} to ask for ${wanted} pods`,
    withinMs: 30_000 * patience,
    probe: async () => {
      const { spec } = await admin().get(resources.deployments, { namespace, name });
      last = Replicas.parse(spec).replicas;
      return last === wanted || undefined;
    },
    explain: () => Promise.resolve(`it asks for ${last}`),
  });
}

const Selector = z.looseObject({ selector: z.record(z.string(), z.string()) });

export async function selectorOf({ namespace }: Furnished, service: string): Promise<Record<string, string>> {
  const { spec } = await admin().get(resources.services, { namespace, name: service });
  return Selector.parse(spec).selector;
}

/** Resolves when there is the Service and it names the revision. */
export async function untilNamed(stage: Furnished, service: string, revision: string): Promise<void> {
  const { namespace, patience } = stage;
  await waitFor({
    what: `Service ${service} to name ${revision}`,
    withinMs: 20_000 * patience,
    probe: async () => {
      if (await isGone('services', { namespace, name: service })) return undefined;
      return (await selectorOf(stage, service))[Labels.revision] === revision || undefined;
    },
  });
}
