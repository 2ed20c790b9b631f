// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../operator/api/reasons.ts';
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { getCondition, isTrue } from '../../operator/engine/conditions/conditions.ts';
import type { Screen } from '../command.ts';
import { type Line, printLine, type Style } from '../text/line.ts';
import { cleanAll } from '../text/width.ts';
import { checkLines } from './checks.ts';
import { typedVerbs } from './deeds.ts';
import { type Frame, frameOf, paragraph, roomOf } from './frame.ts';
import { type Model, nameOfModel } from './model.ts';
import { podLines } from './pods.ts';
import { recentLine } from './recent.ts';
import { stepsLine } from './steps.ts';
import { titleLine } from './title.ts';
import { trafficLine } from './traffic.ts';
import { versionLine } from './version.ts';

/**
 * The lines of a Canary or a BlueGreen on a screen, none wider than it, with its colours. Pure: what is not in the
 * model is not shown. `nowMs` in ms since 1970.
 */
export function view(model: Model, screen: Screen, nowMs: number): string[] {
  const frame = frameOf(screen, nowMs);
  const shown = cleanAll(model, screen.hasUnicode);
  return linesOf(shown, frame).map((line) => printLine(line, { ...screen, columns: frame.columns }));
}

function linesOf(model: Model, frame: Frame): Line[] {
  const { message, next } = model.status;
  return [
    titleLine(model, frame),
    ...(message ? paragraph(frame, 'Now', message, messageStyle(model.status)) : []),
    ...present(versionLine(model, frame), trafficLine(model, frame), stepsLine(model, frame)),
    ...checkLines(model, frame),
    ...podLines(model, frame),
    ...present(recentLine(model, frame)),
    ...(next ? paragraph(frame, 'Next', next) : []),
    ...deedLines(model, frame),
  ];
}

function present(...lines: readonly (Line | undefined)[]): Line[] {
  return lines.filter((line) => line !== undefined);
}

function messageStyle({ conditions = [] }: RolloutStatus): Style {
  if (isTrue(conditions, 'Ready')) return 'plain';
  const isBad =
    isTrue(conditions, 'Stalled') || getCondition(conditions, 'Ready')?.reason === Reasons.RollingBack;
  return isBad ? 'bad' : 'strong';
}

function deedLines(model: Model, frame: Frame): Line[] {
  const verbs = typedVerbs(model.status.allowedActions ?? []);
  if (verbs === '') return [];
  const command = `kubectl headway ${verbs}`;
  const object = `${nameOfModel(model)} -n ${model.namespace}`;
  if (command.length + 1 + object.length <= roomOf(frame)) {
    return paragraph(frame, 'Do', `${command} ${object}`);
  }
  return [...paragraph(frame, 'Do', command), ...paragraph(frame, '', object)];
}
