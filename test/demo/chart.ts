// SPDX-License-Identifier: Apache-2.0
import type { WeightSample } from './tell.ts';

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ascii = ['_', '.', '-', '=', '+', '*', '%', '#'];

/** One character a second, each the weight that was observed last in its second; ASCII where `isPlain`. */
export function sparkline(samples: readonly WeightSample[], isPlain: boolean): string {
  const marks = isPlain ? ascii : blocks;
  const fromMs = samples[0]?.atMs ?? 0;
  const seconds = Math.ceil(((samples.at(-1)?.atMs ?? fromMs) - fromMs + 1) / 1_000);
  return Array.from({ length: seconds }, (_, second) => {
    const weight = samples.findLast(({ atMs }) => atMs < fromMs + (second + 1) * 1_000)?.observed ?? 0;
    return marks[Math.min(marks.length - 1, Math.floor((weight / 100) * marks.length))] ?? '';
  }).join('');
}
