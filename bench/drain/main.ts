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

const numberOfRuns = 3;

async function measure(place: Place): Promise<DrainResults> {
  const observer = await openObserver(place);
  const pods = await watchResource({ client: observer.client, resource: resources.pods, project: podView });
  const operator = await startOperator({ form: 'bundle', kubeconfig: place.operatorKubeconfig });
  const runs: DrainRun[] = [];
  for (const kind of kinds()) {
    const namespace = `drain-${kind.act}-${kind.by}-${kind.number}`;
    const { act, by } = kind;
    const run = await measureRun({ observer, pods: pods.store, namespace, image: place.image, act, by });
    const { fresh, kept } = run;
    say(`${namespace}: lost ${fresh.lost} of ${fresh.sent} fresh, ${kept.lost} of ${kept.sent} kept`);
    runs.push(run);
  }
  await operator.stop();
  await pods.stop();
  await observer.close();
  return { ratePerSecond, replicas, runs };
}

/** By hand and through Headway in turn, so that whatever disturbs the machine disturbs both. */
function* kinds(): Generator<{ act: DrainRun['act']; by: DrainRun['by']; number: number }> {
  for (const act of ['scale', 'release'] as const) {
    for (let number = 1; number <= numberOfRuns; number += 1) {
      for (const by of ['hand', 'headway'] as const) yield { act, by, number };
    }
  }
}

const place = readPlace(process.argv.slice(2));
writeFileSync(place.outPath, JSON.stringify(await measure(place)));
