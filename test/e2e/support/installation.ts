// SPDX-License-Identifier: Apache-2.0
// Headway as a user installs it: a release of the chart, in a namespace that admits nothing but `restricted`.
import { version } from '../../../operator/version.ts';
import { helmApply, here } from '../../chart/helm.ts';
import { applyObjects, kubectl } from './kubectl.ts';
import { metricsProvider } from './objects.ts';
import { waitFor } from './wait.ts';
import { operatorAccount, operatorNamespace } from './world.ts';

/** Of the release and of its Deployment, ServiceAccount and Lease. */
export const releaseName = operatorAccount.name;

/** The image that was loaded into the node; all else is as the chart has it. */
export const chartValues = {
  image: { repository: 'localhost/headway', tag: version, pullPolicy: 'Never' },
} as const;

const restricted = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: operatorNamespace,
    labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
  },
};

/** A Deployment of two pods that start, fill their caches and are ready. */
export const installedWithinSeconds = 240;

/** Installs the chart, or brings the release that is there to it, and waits until its pods are ready. */
export async function installChart(): Promise<void> {
  await applyObjects([restricted]);
  await bringTo(chartValues);
  await applyObjects([metricsProvider]);
}

/** The release stays, with its rights and without a pod; answers when the last one is gone. */
export async function restChart(): Promise<void> {
  await bringTo({ ...chartValues, replicas: 0 });
  await untilNoPods();
}

async function bringTo(values: object): Promise<void> {
  await helmApply(here, { name: releaseName, values, waitSeconds: installedWithinSeconds });
}

export interface OperatorPod {
  readonly name: string;
  readonly restarts: number;
  /** It has been told to end. */
  readonly isEnding: boolean;
}

const columns = [
  '.metadata.name',
  '.status.containerStatuses[0].restartCount',
  '.metadata.deletionTimestamp',
];

/** The pods of the release, those that end included. */
export async function operatorPods(): Promise<OperatorPod[]> {
  const fields = columns.map((path) => `{${path}}`).join(',');
  const lines = await kubectl([
    'get',
    'pods',
    `--namespace=${operatorNamespace}`,
    `--selector=app.kubernetes.io/instance=${releaseName}`,
    `--output=jsonpath={range .items[*]}${fields}{"\\n"}{end}`,
  ]);
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(','))
    .map(([name = '', restarts, ending = '']) => ({
      name,
      restarts: Number(restarts),
      isEnding: ending !== '',
    }));
}

/** What a process says that ends because it may not write any more, as it has to on a machine that stands still. */
const LOST_LEASE = /lost the Lease|the Lease is lost/;

/** Throws where a process of the release has ended for another reason than that it lost the Lease. */
export async function expectNoCrash(): Promise<void> {
  const restarted = (await operatorPods()).filter(({ restarts }) => restarts > 0);
  for (const { name, restarts } of restarted) {
    const last = await kubectl(['logs', name, `--namespace=${operatorNamespace}`, '--previous', '--tail=20']);
    if (!LOST_LEASE.test(last)) {
      throw new Error(`the operator in ${name} ended by itself (${restarts} restarts):\n${last}`);
    }
    console.log(`the operator in ${name} lost its Lease and was started anew (${restarts} restarts)`);
  }
}

export function untilNoPods(): Promise<true> {
  return waitFor({
    what: 'the pods of the operator to be gone',
    withinMs: 120_000,
    probe: async () => ((await operatorPods()).length === 0 ? true : undefined),
    explain: async () => JSON.stringify(await operatorPods()),
  });
}

/** Who holds the Lease: a process, whose pod is named before the last underscore; '' while nobody does. */
export function leader(): Promise<string> {
  const holder = ['get', 'lease', releaseName, '--output=jsonpath={.spec.holderIdentity}'];
  return kubectl([...holder, `--namespace=${operatorNamespace}`]);
}
