// SPDX-License-Identifier: Apache-2.0
import type { CheckStatus } from '../../operator/api/analysis-status.ts';
import { type Line, lineOf } from '../text/line.ts';
import { type Column, layTable } from '../text/table.ts';
import { limitText, scaleOf, styleOf, valueText, verdictOf } from './check-cells.ts';
import { type Frame, labelled, roomOf } from './frame.ts';
import { armsOf, besideWord, type Model } from './model.ts';
import { trendOf } from './trend.ts';

const ROOMY = 100;

/** The table of checks: those of the step, and those beside the steps or in the bake. */
export function checkLines(model: Model, frame: Frame): Line[] {
  const { step, background } = model.status.analysis ?? {};
  const ofStep = step?.checks ?? [];
  const beside = background?.checks ?? [];
  if (ofStep.length + beside.length === 0) return [];
  const trendColumns = frame.columns >= ROOMY ? 20 : 8;
  const cells = [...ofStep, ...beside].map((check) => cellsOf(check, frame, trendColumns));
  const table = layTable(columnsOf(model), cells, { width: roomOf(frame), ellipsis: frame.ellipsis });
  // Which are which has to be said only where there are both.
  if (ofStep.length > 0 && beside.length > 0) {
    table.splice(1 + ofStep.length, 0, lineOf(`${besideWord(model)}:`, 'faint'));
  }
  return table.map((line, at) => labelled(at === 0 ? 'Checks' : '', line));
}

function columnsOf(model: Model): Column[] {
  const { judged, other } = armsOf(model);
  return [
    { title: '', least: 10 },
    { title: judged, align: 'right' },
    { title: other, align: 'right' },
    { title: 'limit', least: 8 },
    { title: 'trend', least: 5 },
    { title: 'verdict', least: 12 },
  ];
}

function cellsOf(check: CheckStatus, frame: Frame, trendColumns: number): Line[] {
  const { glyphs, hasUnicode, nowMs } = frame;
  const scale = scaleOf(check);
  const newest = check.samples.at(-1);
  const trend = trendOf(check.samples, trendColumns, glyphs);
  return [
    lineOf(check.name),
    lineOf(valueText(newest?.value, scale, glyphs.none), styleOf(newest)),
    lineOf(valueText(newest?.stable, scale, glyphs.none)),
    lineOf(limitText(check.limit, hasUnicode)),
    trend.length > 0 ? trend : lineOf('no data', 'faint'),
    verdictOf(check, glyphs, nowMs),
  ];
}
