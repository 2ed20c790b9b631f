// SPDX-License-Identifier: Apache-2.0
import type { SampleStatus } from '../../operator/api/analysis-status.ts';
import type { Glyphs } from '../text/glyphs.ts';
import type { Line } from '../text/line.ts';

/** The newest samples from the oldest to the newest, scaled to their own range; bad ones red, none of them a gap. */
export function trendOf(samples: readonly SampleStatus[], most: number, glyphs: Glyphs): Line {
  const shown = samples.slice(-most);
  const values = shown.flatMap(({ value }) => (value !== undefined && Number.isFinite(value) ? [value] : []));
  if (values.length === 0) return [];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return shown.map(({ value, good }) => {
    if (value === undefined || !Number.isFinite(value)) return { text: glyphs.separator, style: 'faint' };
    return { text: levelOf(value, { low, high }, glyphs.levels), style: good === false ? 'bad' : 'plain' };
  });
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/** What does not change is drawn in the middle: it is neither high nor low. */
function levelOf(value: number, { low, high }: Range, levels: readonly string[]): string {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return levels[Math.round(share * (levels.length - 1))] ?? '';
}
