// SPDX-License-Identifier: Apache-2.0
// Runs inside a cluster of the profile api: idle requests, first writes, memory and cold starts.
import { writeFileSync } from 'node:fs';
import { measureAnatomy } from '../heap/measure.ts';
import { settledMemory } from '../memory.ts';
import { openObserver } from '../observer.ts';
import { type Form, type OperatorProcess, startOperator } from '../operator-process.ts';
import { type Place, readPlace } from '../place.ts';
import { say } from '../progress.ts';
import type { ApiResults, ColdStart, MemoryRow } from '../results.ts';
import { measureColdStart } from './cold-start.ts';
import { measureFirstWrite } from './first-write.ts';
import { measureIdle } from './idle.ts';
import { startPodsStandIn } from './pods-stand-in.ts';
import { measureWave } from './wave.ts';
import { addCanaries, createNamespaces, keyAt } from './workload.ts';

const few = 200;
const many = 1_000;
const changes = 100;
const waveOfTargets = 200;
const bundleStarts = 3;

async function memoryRow(
  { pid }: OperatorProcess,
  row: Pick<MemoryRow, 'form' | 'objects' | 'after'>,
): Promise<MemoryRow> {
  const memory = { ...row, ...(await settledMemory(pid)) };
  const mebibytes = Math.round(memory.rss / 2 ** 20);
  say(`memory of the ${row.form} at ${row.objects} objects, ${row.after}: ${mebibytes} MiB`);
  return memory;
}

/** Starts the operator anew, waits for its memory to settle, and ends it. */
async function startedMemory(form: Form, kubeconfig: string, objects: number): Promise<MemoryRow> {
  const operator = await startOperator({ form, kubeconfig });
  const row = await memoryRow(operator, { form, objects, after: 'started' });
  await operator.stop();
  return row;
}

async function coldStarts(kubeconfig: string): Promise<ColdStart[]> {
  const keys = Array.from({ length: many }, (_, index) => keyAt(index));
  const forms: Form[] = [...Array.from({ length: bundleStarts }, (): Form => 'bundle'), 'source'];
  const starts: ColdStart[] = [];
  for (const form of forms) {
    const start = await measureColdStart(form, kubeconfig, keys);
    const [ready, reconciled] = [start.readyMs, start.reconciledMs].map(Math.round);
    say(`cold start of the ${form}: ready after ${ready} ms, all reconciled after ${reconciled} ms`);
    starts.push(start);
  }
  return starts;
}

async function measure(place: Place): Promise<ApiResults> {
  const { operatorKubeconfig: kubeconfig, nullKubeconfig } = place;
  const observer = await openObserver(place);
  const pods = await startPodsStandIn(observer.client);
  await createNamespaces(observer.client);
  const memory = [await startedMemory('source', kubeconfig, 0), await startedMemory('bundle', kubeconfig, 0)];

  const operator = await startOperator({ form: 'bundle', kubeconfig });
  const grown = { form: 'bundle', after: 'grown' } as const;
  say(`adding ${few} Canaries`);
  await addCanaries(observer, 0, few);
  say('waiting for rest');
  const idle = await measureIdle(observer, few);
  say(`at rest: ${idle.calls} requests, ${idle.leases} for the Lease, ${idle.watches} watches`);
  memory.push(await memoryRow(operator, { ...grown, objects: few }));
  say(`changing ${changes} targets of Headway and as many of the null operator`);
  const firstWrite = await measureFirstWrite(observer, { objects: few, changes, nullKubeconfig });
  say(`first write: p50 ${firstWrite.headway.p50} ms, null operator ${firstWrite.nullOperator.p50} ms`);
  say(`adding ${many - few} Canaries`);
  await addCanaries(observer, few, many);
  await observer.quiet(10_000);
  memory.push(await memoryRow(operator, { ...grown, objects: many }));
  say(`changing ${waveOfTargets} targets at once`);
  const wave = await measureWave(observer, { objects: many, from: few, to: few + waveOfTargets });
  say(`wave: the last first write after ${Math.round(wave.lastFirstWriteMs)} ms`);
  await operator.stop();

  const starts = await coldStarts(kubeconfig);
  memory.push(await startedMemory('bundle', kubeconfig, many));
  say('asking what the memory is for');
  const anatomy = await measureAnatomy(kubeconfig, many);
  memory.push(await startedMemory('source', kubeconfig, many));
  await pods.stop();
  await observer.close();
  return { idle, firstWrite, wave, memory, anatomy, coldStarts: starts };
}

const place = readPlace(process.argv.slice(2));
writeFileSync(place.outPath, JSON.stringify(await measure(place)));
