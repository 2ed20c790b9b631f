// SPDX-License-Identifier: Apache-2.0
// The Job of a check is made once, whatever becomes of whoever makes it.
import { expect } from '@jest/globals';
import { z } from 'zod';
import type { BlueGreenSpecInput, CanarySpecInput } from '../e2e/support/objects.ts';
import { isRolledBack, release } from '../e2e/support/acts.ts';
import { applyObjects } from '../e2e/support/kubectl.ts';
import { waitFor } from '../e2e/support/wait.ts';
import { admin } from '../e2e/support/world.ts';
import { resources } from '../../operator/kube/resources.ts';
import type { Fault } from './proxy/rules.ts';
import { type FaultRow, tellRows } from './rig/rows.ts';
import { type Scene, untilCut } from './rig/scene.ts';

const PodStatus = z.looseObject({ phase: z.string().optional() });

/** The Job is run at half of the traffic, or before the promotion of a preview. */
function smoked(timeout: string) {
  const analysis = { checks: [{ name: 'smoke', job: { cronJobRef: { name: 'smoke' }, timeout } }] };
  return {
    spec: { steps: [{ setWeight: 50 }, { analysis }] } satisfies CanarySpecInput,
    blueGreen: { spec: { prePromotion: analysis } satisfies BlueGreenSpecInput },
  };
}

function cronJob(namespace: string): object {
  const template = { spec: { restartPolicy: 'Never', containers: [{ name: 'smoke', image: 'smoke:1' }] } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'smoke', namespace },
    spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: { backoffLimit: 0, template } } },
  };
}

/** What a kubelet would say once the program has ended; before it runs, the stand-in would take that back. */
async function endJob({ namespace, patience }: Scene, end: 'Succeeded' | 'Failed'): Promise<void> {
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
  const terminated = { exitCode: end === 'Succeeded' ? 0 : 1, reason: 'Error' };
  const container = { name: 'smoke', image: 'smoke:1', imageID: '', ready: false, restartCount: 0 };
  const containerStatuses = [{ ...container, state: { terminated } }];
  const change = { patch: { status: { phase: end, containerStatuses } }, subresource: 'status' } as const;
  await admin().mergePatch(resources.pods, { namespace, name }, change);
}

function rowOf(id: string, title: string, kind: 'lose' | 'twice' | 'cutAcked' | 'cutLost'): FaultRow {
  const fault: Fault = { kind };
  return {
    id,
    title,
    modes: ['route', 'ratio'],
    ...smoked('5m'),
    strike: async (scene) => {
      const { namespace, proxy } = scene;
      await applyObjects([cronJob(namespace)]);
      proxy.rule({ when: { verb: 'create', resource: 'jobs' }, fault, times: 1 });
      await release(scene, '1.1.0');
      if (kind === 'cutAcked' || kind === 'cutLost') {
        await untilCut(scene);
        await scene.restart();
      }
      await endJob(scene, 'Succeeded');
    },
    check: async (_writes, { namespace }) => {
      const { items } = await admin().list(resources.jobs, { namespace });
      expect(items.map(({ metadata }) => metadata.name?.replace(/[^-]+$/, ''))).toEqual(['shop-smoke-']);
    },
  };
}

/** The Job says no, and no more than that step has seen the new version. */
function refusal(title: string, timeout: string, { ends, says }: { ends: boolean; says: RegExp }): FaultRow {
  return {
    id: 'F67',
    title,
    modes: ['ratio'],
    ...smoked(timeout),
    strike: async (scene) => {
      await applyObjects([cronJob(scene.namespace)]);
      await release(scene, '1.1.0');
      if (ends) await endJob(scene, 'Failed');
    },
    end: (status) =>
      isRolledBack(status) &&
      status.failure?.reason === 'AnalysisFailed' &&
      says.test(status.failure.message) &&
      status.stable?.version === '1.0.0',
  };
}

tellRows([
  refusal('the Job of a check fails', '5m', {
    ends: true,
    says: /^smoke: Job shop-smoke-\w+ failed \(exit code 1/,
  }),
  refusal('the Job of a check hangs', '5s', {
    ends: false,
    says: /^smoke: Job shop-smoke-\w+ did not complete within 5s/,
  }),
  rowOf('F01', 'a crash right after the Job of a check was made', 'cutAcked'),
  rowOf('F02', 'a crash before the answer to the making of a Job', 'cutLost'),
  rowOf('F02', 'the answer to the making of a Job is lost', 'lose'),
  rowOf('F02', 'the making of a Job arrives twice', 'twice'),
]);
