// SPDX-License-Identifier: Apache-2.0
import type { AnalysisRun, CheckStatus, SampleStatus } from '../../operator/api/analysis-status.ts';
import type { ArmCounts } from '../../operator/api/evidence-status.ts';
import type { Screen } from '../command.ts';
import { type Line, lineOf, printLine } from '../text/line.ts';
import { layTable } from '../text/table.ts';
import { cleanAll } from '../text/width.ts';
import { scaleOf, styleOf, valueText, verdictOf } from '../view/check-cells.ts';
import { type Frame, frameOf, paragraph } from '../view/frame.ts';
import { armsOf, besideWord, type Model } from '../view/model.ts';
import { momentOf } from '../view/times.ts';
import { titleLine } from '../view/title.ts';

/** Why a release stands as it does: the sentence, and each check with the measurements that its verdict comes from. */
export function explain(model: Model, screen: Screen, nowMs: number): string[] {
  const frame = frameOf(screen, nowMs);
  const lines = linesOf(cleanAll(model, screen.hasUnicode), frame);
  return lines.map((line) => printLine(line, { ...screen, columns: frame.columns }));
}

function linesOf(model: Model, frame: Frame): Line[] {
  const { message, failure, pause, analysis } = model.status;
  const checks = [...runLines(analysis?.step, model, frame), ...runLines(analysis?.background, model, frame)];
  return [
    titleLine(model, frame),
    ...(message ? paragraph(frame, 'Now', message, 'strong') : []),
    ...(failure ? paragraph(frame, 'Failed', failureText(failure, frame), 'bad') : []),
    ...(pause?.message ? paragraph(frame, 'Paused', pause.message, 'warn') : []),
    ...(checks.length > 0
      ? checks
      : paragraph(frame, 'Checks', 'nothing has been measured for this release', 'faint')),
  ];
}

function failureText(
  { reason, message, at, step, weight }: NonNullable<Model['status']['failure']>,
  { nowMs }: Frame,
): string {
  const where = [
    ...(step === undefined ? [] : [`in step ${step + 1}`]),
    ...(weight === undefined ? [] : [`at ${weight}%`]),
    `at ${momentOf(at, nowMs) ?? at}`,
  ];
  return `${reason}: ${message} (${where.join(', ')})`;
}

function runLines(run: AnalysisRun | undefined, model: Model, frame: Frame): Line[] {
  if (!run) return [];
  const of = run.step === undefined ? besideWord(model) : `of step ${run.step + 1}`;
  const since = momentOf(run.startedAt, frame.nowMs) ?? run.startedAt;
  const heading = lineOf(`Checks ${of}, of revision ${run.revision}, since ${since}`, 'strong');
  return [[], heading, ...run.checks.flatMap((check) => checkLines(check, model, frame))];
}

function checkLines(check: CheckStatus, model: Model, frame: Frame): Line[] {
  const { name, reason, limit, query, samples } = check;
  return [
    [],
    [{ text: `${name}  `, style: 'strong' }, ...verdictOf(check, frame.glyphs, frame.nowMs)],
    ...(reason ? paragraph(frame, '  says', reason) : []),
    ...(limit ? paragraph(frame, '  limit', limit) : []),
    ...paragraph(frame, '  asks', query, 'faint'),
    ...sampleLines(check, samples, { model, frame }),
  ];
}

function sampleLines(
  check: CheckStatus,
  samples: readonly SampleStatus[],
  { model, frame }: { readonly model: Model; readonly frame: Frame },
): Line[] {
  if (samples.length === 0) return [];
  const { judged, other } = armsOf(model);
  const columns = [
    { title: '  at' },
    { title: judged, align: 'right' as const },
    { title: other, align: 'right' as const },
    { title: 'requests' },
    { title: 'said', least: 8 },
  ];
  const rows = samples.map((sample) => sampleCells(check, sample, frame));
  return layTable(columns, rows, { width: frame.columns, ellipsis: frame.ellipsis });
}

function sampleCells(check: CheckStatus, sample: SampleStatus, { glyphs, nowMs }: Frame): Line[] {
  const scale = scaleOf(check);
  return [
    lineOf(`  ${momentOf(sample.at, nowMs) ?? sample.at}`),
    lineOf(valueText(sample.value, scale, glyphs.none), styleOf(sample)),
    lineOf(valueText(sample.stable, scale, glyphs.none)),
    lineOf(armsText(sample.arms)),
    [{ text: saidText(sample), style: sample.noData === undefined ? styleOf(sample) : 'warn' }],
  ];
}

/** `5 of 18 bad, stable 0 of 60`. */
function armsText(arms: SampleStatus['arms']): string {
  if (!arms) return '';
  const counted = ({ errors, requests }: ArmCounts) => `${round(errors)} of ${round(requests)}`;
  return `${counted(arms.canary)} bad${arms.stable ? `, stable ${counted(arms.stable)}` : ''}`;
}

function round(count: number): number {
  return Math.round(count * 10) / 10;
}

function saidText({ good, noData, detail }: SampleStatus): string {
  const verdict = noData ?? (good === undefined ? 'not told' : good ? 'good' : 'bad');
  return detail === undefined ? verdict : `${verdict}: ${detail}`;
}
