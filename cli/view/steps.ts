// SPDX-License-Identifier: Apache-2.0
import type { AnalysisRun } from '../../operator/api/analysis-status.ts';
import type { RolloutStage } from '../../operator/api/rollout-status.ts';
import type { RolloutStep } from '../../operator/engine/rollout/rollout.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { type Line, lineWidth, type Style } from '../text/line.ts';
import { type Frame, labelled, roomOf } from './frame.ts';
import type { Model } from './model.ts';

/** `Steps   ✔ 5%  ✔ 2m  ▶ 25%  · analysis  ‖ approval  · promote`, or as much around the current one as fits. */
export function stepsLine(model: Model, frame: Frame): Line | undefined {
  const { steps, status } = model;
  if (!steps || !status.step) return undefined;
  const { index } = status.step;
  const items = [
    ...steps.map((step, at) => itemOf(model, frame.glyphs, { words: wordsOf(step, model), at, step })),
    itemOf(model, frame.glyphs, { words: 'promote', at: steps.length }),
  ];
  const current = Math.min(index, items.length - 1);
  return labelled('Steps', around(items, current, { room: roomOf(frame), ellipsis: frame.ellipsis }));
}

interface Item {
  readonly words: string;
  readonly at: number;
  readonly step?: RolloutStep;
}

/** The step at which it was given up is the current one. */
const ENDED: ReadonlySet<RolloutStage | undefined> = new Set<RolloutStage>([
  'RollingBack',
  'RolledBack',
  'Refused',
]);

function itemOf({ status }: Model, glyphs: Glyphs, { words, at, step }: Item): Line {
  const index = status.step?.index ?? 0;
  if (at < index) return sign(glyphs.done, words, 'good');
  if (at > index) return sign(isOfAPerson(step) ? glyphs.person : glyphs.next, words, 'faint');
  if (ENDED.has(status.stage)) return sign(glyphs.bad, words, 'bad');
  const run = step?.analysis ? countOf(status.analysis?.step) : '';
  return sign(isOfAPerson(step) ? glyphs.person : glyphs.current, `${words}${run}`, 'strong');
}

function sign(glyph: string, words: string, style: Style): Line {
  return [{ text: `${glyph} ${words}`, style }];
}

function isOfAPerson(step: RolloutStep | undefined): boolean {
  return step?.pause !== undefined && step.pause.duration === undefined;
}

function wordsOf(step: RolloutStep, { kind }: Pick<Model, 'kind'>): string {
  if (step.setWeight !== undefined) return `${step.setWeight}%`;
  if (step.analysis) return kind === 'BlueGreen' ? 'prePromotion' : 'analysis';
  if (step.pause) return step.pause.duration ?? 'approval';
  return `${step.whole ? 'all' : step.replicas} pods`;
}

/** ` 3/5` of the check that has furthest to go. */
function countOf(run: AnalysisRun | undefined): string {
  const counts = (run?.checks ?? []).flatMap(({ good, bad, needed }) =>
    needed === undefined ? [] : [{ done: Math.min(good + bad, needed), needed }],
  );
  const [slowest] = counts.toSorted((a, b) => a.done / a.needed - b.done / b.needed);
  return slowest ? ` ${slowest.done}/${slowest.needed}` : '';
}

const BETWEEN = 2;

/** The current item and what fits beside it, those that come rather than those that are over. */
function around(
  items: readonly Line[],
  current: number,
  { room, ellipsis }: { readonly room: number; readonly ellipsis: string },
): Line {
  let [from, to] = [current, current + 1];
  const fits = (start: number, end: number) => widthBetween(items, start, end, ellipsis.length) <= room;
  for (;;) {
    if (to < items.length && fits(from, to + 1)) to += 1;
    else if (from > 0 && fits(from - 1, to)) from -= 1;
    else break;
  }
  const dots: Line = [{ text: ellipsis, style: 'faint' }];
  const shown = [...(from > 0 ? [dots] : []), ...items.slice(from, to), ...(to < items.length ? [dots] : [])];
  return shown.flatMap((item, at) => (at === 0 ? item : [{ text: ' '.repeat(BETWEEN) }, ...item]));
}

function widthBetween(items: readonly Line[], from: number, to: number, dots: number): number {
  const shown = items.slice(from, to).map(lineWidth);
  const cut = (from > 0 ? 1 : 0) + (to < items.length ? 1 : 0);
  const parts = shown.length + cut;
  return shown.reduce((sum, width) => sum + width, 0) + cut * dots + (parts - 1) * BETWEEN;
}
