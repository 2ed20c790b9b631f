// SPDX-License-Identifier: Apache-2.0
// The Job of a check is made once, whatever becomes of whoever makes it.
import { expect } from '@jest/globals';
import { z } from 'zod';
import type { CanarySpecInput } from '../e2e/support/objects.ts';
import { release } from '../e2e/support/acts.ts';
import { applyObjects } from '../e2e/support/kubectl.ts';
import { waitFor } from '../e2e/support/wait.ts';
import { admin } from '../e2e/support/world.ts';
import { resources } from '../../operator/kube/resources.ts';
import type { Fault } from './proxy/rules.ts';
import { type FaultRow, tellRows } from './rig/rows.ts';
import type { Scene } from './rig/scene.ts';

const PodStatus = z.looseObject({ phase: z.string().optional() });

const spec: CanarySpecInput = {
  steps: [
    { setWeight: 50 },
    { analysis: { checks: [{ name: 'smoke', job: { cronJobRef: { name: 'smoke' } } }] } },
  ],
};

function cronJob(namespace: string): object {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'smoke', image: 'smoke:1' }] } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'smoke', namespace },
    spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: { template } } },
  };
}

/** What a kubelet would say once the program has ended well; before it runs, the stand-in would take that back. */
async function completeJob({ namespace, patience }: Scene): Promise<void> {
  const name = await waitFor({
    what: 'the pod of the Job to run',
    withinMs: 60_000 * patience,
    probe: async () => {
      const selection = { namespace, labelSelector: 'batch.kubernetes.io/job-name' };
      const [pod] = (await admin().list(resources.pods, selection)).items;
      const { phase } = PodStatus.parse(pod?.['status'] ?? {});
      return phase === 'Running' ? pod?.metadata.name : undefined;
    },
  });
  const change = { patch: { status: { phase: 'Succeeded' } }, subresource: 'status' } as const;
  await admin().mergePatch(resources.pods, { namespace, name }, change);
}

function rowOf(id: string, title: string, kind: 'lose' | 'twice' | 'cutAcked' | 'cutLost'): FaultRow {
  const fault: Fault = { kind };
  return {
    id,
    title,
    modes: ['route', 'ratio'],
    spec,
    strike: async (scene) => {
      const { namespace, patience, proxy } = scene;
      await applyObjects([cronJob(namespace)]);
      proxy.rule({ when: { verb: 'create', resource: 'jobs' }, fault, times: 1 });
      await release(scene, '1.1.0');
      if (kind === 'cutAcked' || kind === 'cutLost') {
        const isCut = async () => proxy.isCut() || undefined;
        await waitFor({ what: 'the crash', withinMs: 60_000 * patience, probe: isCut });
        await scene.restart();
      }
      await completeJob(scene);
    },
    check: async (_writes, { namespace }) => {
      const { items } = await admin().list(resources.jobs, { namespace });
      expect(items.map(({ metadata }) => metadata.name?.replace(/[^-]+$/, ''))).toEqual(['shop-smoke-']);
    },
  };
}

tellRows([
  rowOf('F01', 'a crash right after the Job of a check was made', 'cutAcked'),
  rowOf('F02', 'a crash before the answer to the making of a Job', 'cutLost'),
  rowOf('F02', 'the answer to the making of a Job is lost', 'lose'),
  rowOf('F02', 'the making of a Job arrives twice', 'twice'),
]);
