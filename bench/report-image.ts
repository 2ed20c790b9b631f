// SPDX-License-Identifier: Apache-2.0
import type { ImageResults } from './results.ts';
import { renderTable } from './table.ts';

const layerNames: Readonly<Record<ImageResults['layers'][number]['name'], string>> = {
  base: 'base: libraries, certificates, time zones of Debian',
  node: 'Node',
  headway: 'Headway: the bundle, its source map, licences, materials',
};

/** How large the image is, layer by layer, and how fast and large what runs from it. */
export function imageTables({ layers, process, pod }: ImageResults): string {
  const total = (field: 'bytes' | 'gzipBytes'): number =>
    layers.reduce((sum, layer) => sum + layer[field], 0);
  const sizes = renderTable(
    ['layers of the image', 'unpacked', 'compressed'],
    [
      ...layers.map(({ name, bytes, gzipBytes }) => [
        layerNames[name],
        megabytes(bytes),
        megabytes(gzipBytes),
      ]),
      ['together', megabytes(total('bytes')), megabytes(total('gzipBytes'))],
    ],
  );
  const starts = renderTable(
    ['the image at work, no objects', 'Headway', 'floor'],
    [
      ['process to `/readyz`', times(process.ready), `${times(process.node)} (\`node -e 0\` to its end)`],
      ['pod created to `/readyz`', times(pod.ready), `${times(pod.demo)} (demo app, a program of Go)`],
      ['of that, from the start of its process', times(pod.process), ''],
      ['resident memory in the pod, at rest', mebibytes(pod.memory.rss), ''],
      ['the same, shared pages in part (PSS)', mebibytes(pod.memory.pss), ''],
      ['highest resident memory', mebibytes(pod.memory.peak), ''],
    ],
  );
  return `${sizes}\n\n${starts}`;
}

function times({ count, p50, max }: ImageResults['process']['ready']): string {
  return `${Math.round(p50)} ms (at most ${Math.round(max)}, ${count} starts)`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
