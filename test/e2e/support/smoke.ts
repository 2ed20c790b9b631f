// SPDX-License-Identifier: Apache-2.0
import { resources } from '../../../operator/kube/resources.ts';
import { imageOf } from './images.ts';
import { firstVersion } from './story.ts';
import { admin } from './world.ts';

/** Name of the CronJob. */
const smoke = 'smoke';

/**
 * A CronJob whose Jobs run the app: it tells what is wrong with its arguments and ends with 2; asked for help it ends well,
 * and without arguments it never ends.
 */
export function smokeTest(namespace: string, args: readonly string[]) {
  const containers = [{ name: 'smoke', image: imageOf(firstVersion), args }];
  const template = { spec: { restartPolicy: 'Never', automountServiceAccountToken: false, containers } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: smoke, namespace },
    spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: { backoffLimit: 0, template } } },
  };
}

/** From now on its Jobs complete. */
export async function mendSmokeTest(namespace: string): Promise<void> {
  const { spec } = smokeTest(namespace, ['--help']);
  const change = { patch: { spec }, fieldManager: 'person' };
  await admin().mergePatch(resources.cronJobs, { namespace, name: smoke }, change);
}
