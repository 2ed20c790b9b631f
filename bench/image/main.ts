// SPDX-License-Identifier: Apache-2.0
// Runs inside a whole node: how large the operator's image is, how fast it starts, and what it needs at rest.
import { writeFileSync } from 'node:fs';
import { openObserver } from '../observer.ts';
import { type Place, readPlace } from '../place.ts';
import { say } from '../progress.ts';
import type { ImageResults } from '../results.ts';
import { measurePods } from './pods.ts';
import { measureProcesses } from './processes.ts';
import { measureLayers } from './sizes.ts';

const processStarts = 10;
const podStarts = 5;

async function measure(place: Place): Promise<ImageResults> {
  const { operator } = place;
  if (operator === undefined) throw new Error('this part needs the image of the operator');
  const layers = await measureLayers(operator.archive);
  for (const { name, bytes, gzipBytes } of layers)
    say(`layer ${name}: ${bytes} bytes, compressed ${gzipBytes}`);
  const observer = await openObserver(place);
  const process = await measureProcesses(place.operatorKubeconfig, processStarts);
  say(
    `process ready after ${Math.round(process.ready.p50)} ms, node -e 0 ${Math.round(process.node.p50)} ms`,
  );
  const images = { demo: place.image, operator: operator.tag };
  const pod = await measurePods(observer.client, images, podStarts);
  await observer.close();
  return { layers, process, pod };
}

const place = readPlace(process.argv.slice(2));
writeFileSync(place.outPath, JSON.stringify(await measure(place)));
