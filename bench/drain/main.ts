// SPDX-License-Identifier: Apache-2.0
// Runs inside a whole node: what an app that exits at once on SIGTERM loses when pods go, by hand and through Headway.
import { writeFileSync } from 'node:fs';
import { resources } from '../../operator/kube/resources.ts';
import { openObserver } from '../observer.ts';
import { startOperator } from '../operator-process.ts';
import { type Place, readPlace } from '../place.ts';
import { say } from '../progress.ts';
import type { DrainResults, DrainRun } from '../results.ts';
import { watchResource } from '../watched.ts';
import { replicas } from './objects.ts';
import { podView } from './pods.ts';
import { measureRun, ratePerSecond } from './run.ts';

const numberOfRuns = 2;

async function measure(place: Place): Promise<DrainResults> {
  const observer = await openObserver(place);
  const pods = await watchResource({ client: observer.client, resource: resources.pods, project: podView });
  const operator = await startOperator({ form: 'bundle', kubeconfig: place.operatorKubeconfig });
  const runs: DrainRun[] = [];
  for (const { number, ...kind } of kinds()) {
    const namespace = `drain-${kind.act}-${kind.connections}-${kind.by}-${number}`;
    const run = await measureRun({ observer, pods: pods.store, namespace, image: place.image, ...kind });
    say(`${namespace}: lost ${run.lost} of ${run.sent}`);
    runs.push(run);
  }
  await operator.stop();
  await pods.stop();
  await observer.close();
  return { ratePerSecond, replicas, runs };
}

/** By hand and through Headway in turn, so that whatever disturbs the machine disturbs both. */
function kinds(): (Pick<DrainRun, 'act' | 'by' | 'connections'> & { number: number })[] {
  const acts = ['scale', 'release'] as const;
  const numbers = Array.from({ length: numberOfRuns }, (_, index) => index + 1);
  return acts
    .flatMap((act) => (['fresh', 'keepalive'] as const).map((connections) => ({ act, connections })))
    .flatMap((kind) => numbers.map((number) => ({ ...kind, number })))
    .flatMap((kind) => (['hand', 'headway'] as const).map((by) => ({ ...kind, by })));
}

const place = readPlace(process.argv.slice(2));
writeFileSync(place.outPath, JSON.stringify(await measure(place)));
