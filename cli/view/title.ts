// SPDX-License-Identifier: Apache-2.0
import type { RolloutPhase, RolloutStage } from '../../operator/api/rollout-status.ts';
import type { Glyphs } from '../text/glyphs.ts';
import { cutText, type Line, lineWidth, padLine, type Span, type Style } from '../text/line.ts';
import { widthOf } from '../text/width.ts';
import { type Frame, joinFitting } from './frame.ts';
import { type Model, sidesOf } from './model.ts';
import { elapsedOf } from './times.ts';

/** How a phase is shown; it decides nothing. */
const PHASES: Readonly<
  Record<RolloutPhase, { readonly sign: Exclude<keyof Glyphs, 'levels'>; readonly style: Style }>
> = {
  Pending: { sign: 'ring', style: 'faint' },
  Progressing: { sign: 'dot', style: 'busy' },
  Waiting: { sign: 'person', style: 'warn' },
  Paused: { sign: 'person', style: 'warn' },
  Holding: { sign: 'unknown', style: 'warn' },
  Healthy: { sign: 'dot', style: 'good' },
  RollingBack: { sign: 'backward', style: 'bad' },
  RolledBack: { sign: 'bad', style: 'bad' },
  Invalid: { sign: 'bad', style: 'bad' },
  Suspended: { sign: 'person', style: 'faint' },
};

/** Its sign and its word; a phase of a newer operator has no sign. */
export function phaseSpan(phase: string | undefined, glyphs: Glyphs): Span {
  const known = PHASES[phase as RolloutPhase] as (typeof PHASES)[RolloutPhase] | undefined;
  if (!known) return { text: phase ?? 'Pending', style: 'strong' };
  return { text: `${glyphs[known.sign]} ${phase}`, style: known.style };
}

const LEAST_NAME = 12;
const PHASE_AT = 30;

/** `Canary  shop/checkout         ● Progressing   step 3/6 · 25% canary · 4m12s`. */
export function titleLine(model: Model, frame: Frame): Line {
  const phase = phaseSpan(model.status.phase, frame.glyphs);
  const kind = `${model.kind}  `;
  const room = frame.columns - kind.length - 2 - widthOf(phase.text);
  const name = cutText(`${model.namespace}/${model.name}`, Math.max(LEAST_NAME, room), frame.ellipsis);
  const left: Line = [{ text: kind }, { text: name, style: 'strong' }];
  const hasRoom = frame.columns >= PHASE_AT + widthOf(phase.text);
  const start = [...padLine([...left, { text: '  ' }], hasRoom ? PHASE_AT : 0), phase, { text: '   ' }];
  const facts = factsOf(model, frame).map((text): Line => [{ text }]);
  const separator = ` ${frame.glyphs.separator} `;
  const rest = frame.columns - lineWidth(start);
  const [first] = facts;
  if (!first || lineWidth(first) > rest) return start;
  return [...start, ...joinFitting(facts, separator, rest)];
}

const MOVING: ReadonlySet<RolloutStage | undefined> = new Set<RolloutStage>([
  'Judging',
  'Stepping',
  'Promoting',
  'Returning',
  'RollingBack',
]);

/** What is most worth knowing first: less room shows fewer of them. */
function factsOf(model: Model, { nowMs }: Frame): string[] {
  const { status } = model;
  const isMoving = MOVING.has(status.stage);
  const { canary } = sidesOf(model);
  const elapsed = isMoving ? elapsedOf(status.canary?.since, nowMs) : undefined;
  const share = isMoving && status.stable ? status.weight?.observed : undefined;
  return [
    ...(model.isDeleting ? ['being deleted'] : []),
    ...(model.isSeen ? [] : ['newest spec not seen yet']),
    ...(status.step ? [`step ${status.step.position}`] : []),
    ...(share === undefined ? [] : [`${share}% ${canary}`]),
    ...(elapsed === undefined ? [] : [elapsed]),
  ];
}
