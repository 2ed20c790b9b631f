// SPDX-License-Identifier: Apache-2.0
import type { AnalysisRun, CheckStatus } from '../../operator/api/analysis-status.ts';
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
  const rows = [...rowsOf(step, ''), ...rowsOf(background, besideWord(model))];
  if (rows.length === 0) return [];
  const trendColumns = frame.columns >= ROOMY ? 20 : 8;
  const cells = rows.map((row) => cellsOf(row, frame, trendColumns));
  const table = layTable(columnsOf(model), cells, { width: roomOf(frame), ellipsis: frame.ellipsis });
  return table.map((line, at) => labelled(at === 0 ? 'Checks' : '', line));
}

interface Row {
  readonly check: CheckStatus;
  /** Which run it belongs to, where that is not the one of the step. */
  readonly of: string;
}

function rowsOf(run: AnalysisRun | undefined, of: string): Row[] {
  return (run?.checks ?? []).map((check) => ({ check, of }));
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

function cellsOf({ check, of }: Row, frame: Frame, trendColumns: number): Line[] {
  const { glyphs, hasUnicode, nowMs } = frame;
  const scale = scaleOf(check);
  const newest = check.samples.at(-1);
  const trend = trendOf(check.samples, trendColumns, glyphs);
  return [
    [{ text: check.name }, ...(of === '' ? [] : [{ text: ` ${of}`, style: 'faint' as const }])],
    lineOf(valueText(newest?.value, scale, glyphs.none), styleOf(newest)),
    lineOf(valueText(newest?.stable, scale, glyphs.none)),
    lineOf(limitText(check.limit, hasUnicode)),
    trend.length > 0 ? trend : lineOf('no data', 'faint'),
    verdictOf(check, glyphs, nowMs),
  ];
}
