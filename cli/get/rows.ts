// SPDX-License-Identifier: Apache-2.0
import { getCondition } from '../../operator/engine/conditions/conditions.ts';
import { type Glyphs } from '../text/glyphs.ts';
import { type Line, lineOf } from '../text/line.ts';
import type { Column } from '../text/table.ts';
import { type Model, nameOfModel } from '../view/model.ts';
import { ageOf } from '../view/times.ts';
import { phaseSpan } from '../view/title.ts';

export interface RowOptions {
  readonly hasNamespace: boolean;
  readonly isWide: boolean;
  /** The sentence goes behind each row, where a line has room for it. */
  readonly hasMessage: boolean;
  readonly glyphs: Glyphs;
  readonly nowMs: number;
}

/** The columns of `get`. */
export function columnsOf({ hasNamespace, isWide, hasMessage }: RowOptions): Column[] {
  return [
    ...(hasNamespace ? [{ title: 'NAMESPACE', least: 9 }] : []),
    { title: 'NAME', least: 14 },
    { title: 'PHASE' },
    { title: 'STEP' },
    { title: 'WEIGHT', align: 'right' },
    { title: 'VERSION', least: 7 },
    { title: 'READY' },
    { title: 'AGE' },
    ...(isWide ? [{ title: 'STABLE' }, { title: 'NEXT' }] : []),
    ...(hasMessage || isWide ? [{ title: 'MESSAGE', least: 7 }] : []),
  ];
}

/** The cells of one object, in the order of the columns. */
export function rowOf(model: Model, options: RowOptions): Line[] {
  const { status, namespace, createdAt } = model;
  const { glyphs, nowMs } = options;
  const { step, weight, canary, stable, conditions = [] } = status;
  const dash = (text: string | undefined) => lineOf(text ?? '-');
  return [
    ...(options.hasNamespace ? [lineOf(namespace)] : []),
    lineOf(nameOfModel(model)),
    [phaseSpan(status.phase, glyphs)],
    dash(step?.position),
    dash(weight && `${weight.observed}%`),
    dash((canary ?? stable)?.version),
    dash(getCondition(conditions, 'Ready')?.status),
    lineOf(ageOf(createdAt, nowMs)),
    ...(options.isWide ? [dash(stable?.version), dash(status.next)] : []),
    ...(options.hasMessage || options.isWide ? [dash(status.message)] : []),
  ];
}
