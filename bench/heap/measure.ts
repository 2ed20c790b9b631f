// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isReady, readMetrics, startOperator } from '../operator-process.ts';
import { settledMemory } from '../memory.ts';
import { outputDir } from '../paths.ts';
import type { Anatomy } from '../results.ts';
import { until } from '../watched.ts';
import { parseSmaps } from './resident.ts';
import { type Heap, parseSnapshot } from './snapshot.ts';

const writtenWithinMs = 120_000;

/**
 * Starts the bundle where everything exists already, waits until its memory stays where it is, and asks the kernel and
 * V8 what it is for. V8 collects all garbage before it writes a snapshot, so that is taken last.
 */
export async function measureAnatomy(kubeconfig: string, objects: number): Promise<Anatomy> {
  const dir = join(outputDir, 'heap');
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const nodeOptions = `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${dir}`;
  // it stands still while it writes the snapshot, longer than it may hold a Lease without renewing it
  const flags = ['--no-leader-election'];
  const operator = await startOperator({ form: 'bundle', kubeconfig, nodeOptions, flags });
  const { pid } = operator;
  await settledMemory(pid);
  const resident = parseSmaps(readFileSync(`/proc/${pid}/smaps`, 'utf8'), readlinkSync(`/proc/${pid}/exe`));
  const heapCommitted = metricOf(await readMetrics(), 'nodejs_heap_size_total_bytes');
  process.kill(pid, 'SIGUSR2');
  await until('a heap snapshot', writtenWithinMs, () => readdirSync(dir).length > 0);
  // it answers again when the snapshot is whole
  await until('the operator to answer after its snapshot', writtenWithinMs, isReady);
  await operator.stop();
  const [file] = readdirSync(dir);
  if (file === undefined) throw new Error(`there is no heap snapshot in ${dir}`);
  const heap = parseSnapshot(readFileSync(join(dir, file), 'utf8'));
  return { objects, resident: { ...resident, heapCommitted }, ...anatomyOf(heap) };
}

/** Classes of which there are few, and whose objects are told of together. */
const classes = ['Registry', 'LaneQueue'];

/** What the heap is made of: by V8's types, and by what alone holds it. */
export function anatomyOf(heap: Heap): Pick<Anatomy, 'heapBytes' | 'types' | 'holders'> {
  const types = [...heap.bytesByType].map(([type, bytes]) => ({ name: type, bytes }));
  const stores = heap.objectsOf('MemoryStore').map((node) => ({
    name: `MemoryStore ${heap.textOf(node, 'name') ?? '?'}`,
    bytes: heap.retainedBy([node]),
  }));
  const others = classes.map((name) => {
    // esbuild puts a line before the name of a class that speaks of itself
    const nodes = [name, `_${name}`].flatMap((className) => heap.objectsOf(className));
    return { name, bytes: heap.retainedBy(nodes) };
  });
  const held = [...stores, ...others];
  return { heapBytes: heap.bytes, types: largestFirst(types), holders: largestFirst(held) };
}

function largestFirst<T extends { bytes: number }>(parts: readonly T[]): T[] {
  return parts.toSorted((one, other) => other.bytes - one.bytes);
}

/** The value of a metric without labels in the text form of Prometheus. */
export function metricOf(text: string, name: string): number {
  const value = new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`/metrics has no ${name}`);
  return Number(value);
}
