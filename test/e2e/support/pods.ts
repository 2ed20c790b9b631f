// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { Labels } from '../../../operator/api/group.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { adminPort } from '../../apps/manifests.ts';
import { admin } from './world.ts';

/** The pods of a revision. */
export async function podsOf(namespace: string, revision: string): Promise<readonly KubeObject[]> {
  const labelSelector = `${Labels.revision}=${revision}`;
  return (await admin().list(resources.pods, { namespace, labelSelector })).items;
}

const PodStatus = z.looseObject({ podIP: z.string() });

/** A third of the answers of a revision are errors from now on. */
export async function turnBad(namespace: string, revision: string): Promise<void> {
  const items = await podsOf(namespace, revision);
  if (items.length === 0) throw new Error(`revision ${revision} has no pod that could turn bad`);
  for (const { status } of items) {
    const { podIP } = PodStatus.parse(status);
    const answer = await fetch(`http://${podIP}:${adminPort}/admin?errorRate=0.34`, { method: 'POST' });
    if (answer.status !== 200) throw new Error(`pod ${podIP} answered ${answer.status}`);
  }
}
