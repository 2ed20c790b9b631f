// SPDX-License-Identifier: Apache-2.0
import type { CheckStatus, SampleStatus } from '../../operator/api/analysis-status.ts';
import { formatNumber, formatOdd, type Unit } from '../../operator/engine/analysis/format.ts';
import type { Glyphs } from '../text/glyphs.ts';
import type { Line, Style } from '../text/line.ts';
import { elapsedOf } from './times.ts';

/** How the numbers of a check are to be read. A status has them without a unit, and the limit in words has it. */
export type Scale = { readonly kind: 'number'; readonly unit: Unit } | { readonly kind: 'probe' };

const BOUND = /^[<>]= -?[\d.e+-]+(%| ms)?/;
const NUMERIC = [/^"/, /^compared with /, /^$/];

/** A limit that is no number and no condition is that of a probe, whose 1 or 0 is no number to show. */
export function scaleOf({ limit = '' }: Pick<CheckStatus, 'limit'>): Scale {
  const bound = BOUND.exec(limit);
  if (bound) return { kind: 'number', unit: (bound[1] ?? '') as Unit };
  return NUMERIC.some((pattern) => pattern.test(limit)) ? { kind: 'number', unit: '' } : { kind: 'probe' };
}

/** A measured value as it is read: `99.4%`, `412 ms`, `good` of a probe; a dash where there is none. */
export function valueText(value: number | undefined, scale: Scale, none: string): string {
  if (value === undefined) return none;
  if (scale.kind === 'probe') return value === 1 ? 'good' : 'bad';
  return Number.isFinite(value) ? formatNumber(value, scale.unit) : formatOdd(value);
}

/** `≥ 99%`; a condition as it is written, without the quotes that it has in sentences. */
export function limitText(limit: string | undefined, hasUnicode: boolean): string {
  if (limit?.startsWith('"')) return limit.slice(1, -1);
  if (!hasUnicode || limit === undefined) return limit ?? '';
  return limit.replaceAll('>=', '≥').replaceAll('<=', '≤');
}

/** `✔ 5/5`, `3/5, 1 bad`, `? no data 1m20s`. */
export function verdictOf(check: CheckStatus, glyphs: Glyphs, nowMs: number): Line {
  const { verdict } = check;
  const counts = countsOf(check);
  switch (verdict) {
    case 'Passed':
      return [{ text: `${glyphs.done} ${counts}`, style: 'good' }];
    case 'Failed':
      return [{ text: `${glyphs.bad} ${counts}`, style: 'bad' }];
    case 'Holding':
      return [{ text: `${glyphs.unknown} ${heldText(check, nowMs)}`, style: 'warn' }];
    case 'Pending':
      return [{ text: `${glyphs.next} not measured`, style: 'faint' }];
    case 'Running':
      return [{ text: `${glyphs.current} ${counts}`, style: check.bad > 0 ? 'warn' : 'busy' }];
    default:
      return [{ text: `${String(verdict)} ${counts}` }];
  }
}

function countsOf({ good, bad, needed }: CheckStatus): string {
  const done = needed === undefined ? `${good} good` : `${Math.min(good + bad, needed)}/${needed}`;
  return bad > 0 ? `${done}, ${bad} bad` : done;
}

function heldText({ noDataSince, samples }: CheckStatus, nowMs: number): string {
  const newest = samples.at(-1);
  if (newest?.noData === undefined) return 'held';
  const since = elapsedOf(noDataSince, nowMs);
  const why = newest.noData === 'BothDegraded' ? 'both degraded' : 'no data';
  return since === undefined ? why : `${why} ${since}`;
}

/** The colour of the newest measurement. */
export function styleOf(sample: SampleStatus | undefined): Style {
  if (sample?.good === undefined) return 'plain';
  return sample.good ? 'good' : 'bad';
}
