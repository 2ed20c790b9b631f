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
    return marks[levelOf(weight, marks.length)] ?? '';
  }).join('');
}

/** The lowest mark is for 0 alone, so that the smallest weight is seen. */
function levelOf(weight: number, levels: number): number {
  return weight === 0 ? 0 : 1 + Math.floor((weight / 100) * (levels - 2));
}
