// SPDX-License-Identifier: Apache-2.0

/** The canary's weight at a moment, in percent. */
export interface WeightPoint {
  readonly atMs: number;
  readonly weight: number;
}

const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ascii = ['_', '.', '-', '=', '+', '*', '%', '#'];

/** One character a second from `fromMs` to `toMs`; each shows the weight that held at the end of its second. */
export function sparkline(
  points: readonly WeightPoint[],
  { fromMs, toMs, isPlain }: { fromMs: number; toMs: number; isPlain: boolean },
): string {
  const seconds = Math.max(1, Math.ceil((toMs - fromMs) / 1_000));
  const marks = isPlain ? ascii : blocks;
  return Array.from({ length: seconds }, (_, second) => {
    const weight = weightAt(points, fromMs + (second + 1) * 1_000);
    return marks[Math.min(marks.length - 1, Math.floor((weight / 100) * marks.length))] ?? '';
  }).join('');
}

function weightAt(points: readonly WeightPoint[], atMs: number): number {
  return points.findLast((point) => point.atMs <= atMs)?.weight ?? 0;
}

/** `20% after 4.1 s, 50% after 14.6 s, 0% after 35.2 s`. */
export function describeChanges(points: readonly WeightPoint[], fromMs: number): string {
  if (points.length === 0) return 'the canary got no traffic';
  return points
    .map(({ atMs, weight }) => `${weight}% after ${((atMs - fromMs) / 1_000).toFixed(1)} s`)
    .join(', ');
}
