// SPDX-License-Identifier: Apache-2.0
import { expect, it } from '@jest/globals';
import type { RolloutKind } from '../../../operator/engine/rollout/rollout.ts';
import { auditLogPath } from '../../cluster/faults.ts';
import { appPort } from '../../apps/manifests.ts';
import { listedPods } from '../audit/endpoints.ts';
import { type AuditWrite, inNamespace, readAudit } from '../audit/log.ts';
import { isHealthy, readStatus, release, type Stage, until } from '../support/acts.ts';
import { removeStory } from '../support/close.ts';
import { applyObjects } from '../support/kubectl.ts';
import { rolloutObject, shop, shopObjects, type SpecInput } from '../support/objects.ts';
import { namespaceOf } from '../support/story.ts';
import { entranceOf, waitUntilAnsweredBy, waitUntilServing } from '../support/traffic.ts';
import { clusterName } from '../support/world.ts';

const answers = {
  name: 'answers',
  interval: '1s',
  count: 3,
  http: { port: appPort, expect: { status: [200] } },
};
const analysis = { checks: [answers] };

const KINDS: readonly { kind: RolloutKind; spec: SpecInput }[] = [
  { kind: 'Canary', spec: { firstDeploy: 'Judge', steps: [{ setWeight: 50 }, { analysis }] } },
  { kind: 'BlueGreen', spec: { firstDeploy: 'Judge', prePromotion: analysis } },
];

// Everything is applied at once, and the version is bad: its Service finds no pod of it. The next one is good.
it.concurrent.each(KINDS)('first version of a $kind', playFirstVersion, 180_000);

async function playFirstVersion({ kind, spec }: (typeof KINDS)[number]): Promise<void> {
  const { HEADWAY_OPERATOR_LOG: operatorLog } = process.env;
  const title = `first version of a ${kind}`;
  const namespace = namespaceOf(title.toLowerCase(), 'ratio');
  const stage: Stage = { title, kind, namespace, mode: 'ratio', replicas: 2, exit: 'immediate', operatorLog };
  await applyObjects([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
  await applyObjects([
    rolloutObject(kind, { namespace, mode: 'ratio', spec }),
    ...shopObjects({ namespace, mode: 'ratio', version: '1.0.0', replicas: 2, errorRate: 1 }),
  ]);
  const refused = await until(stage, 'the refusal of 1.0.0', (status) => status.stage === 'Refused');
  expect(refused.message).toMatch(
    /^answers: GET :8080\/ of pod shop-[\w-]+ answered 500, not 200 \(.*\) in .*; first version 1\.0\.0 refused at \d\d:\d\d:\d\d, so Service shop finds no pod; change the template, or ask for retry or promote-full$/,
  );
  expect(refused.history?.[0]).toMatchObject({ outcome: 'Refused', version: '1.0.0' });
  expect(await servedIn(namespace)).toEqual([]);

  await release(stage, '1.1.0');
  await until(stage, '1.1.0 to be let in', isHealthy);
  // kube-proxy lets nobody in for a moment more
  const entrance = await entranceOf(namespace, 'ratio');
  await waitUntilServing(entrance, 30_000);
  await waitUntilAnsweredBy(entrance, '1.1.0');
  const { stable, history } = await readStatus(namespace, kind);
  expect(stable?.version).toBe('1.1.0');
  expect(history?.map(({ outcome, version }) => `${outcome} ${version}`)).toEqual([
    'Promoted 1.1.0',
    'Refused 1.0.0',
  ]);
  await removeStory({ namespace, kind });
}

/** Pods that the Service of the shop has had as ready endpoints, from its making on. */
async function servedIn(namespace: string): Promise<string[]> {
  const writes = await readAudit(auditLogPath(clusterName()), inNamespace(namespace));
  const listed = writes.filter(isOfService).flatMap(({ object }) => listedPods(object));
  return listed.filter(({ isReady }) => isReady).map(({ pod }) => pod);
}

function isOfService({ resource, object }: AuditWrite): boolean {
  return resource === 'endpointslices' && object?.metadata.labels['kubernetes.io/service-name'] === shop;
}
