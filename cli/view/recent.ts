// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { nameOf } from '../../operator/engine/rollout/sentences.ts';
import { fromIso } from '../../operator/engine/time.ts';
import type { Line } from '../text/line.ts';
import { type Frame, joinFitting, labelled, roomOf } from './frame.ts';
import type { Model } from './model.ts';
import { momentOf } from './times.ts';

interface Happening {
  readonly at: string;
  readonly words: string;
}

/** What the status dates, newest first, as much as fits: `Recent  14:05:40 25% asked for · 14:05:10 step 3 began`. */
export function recentLine(model: Model, frame: Frame): Line | undefined {
  const { nowMs, glyphs } = frame;
  const dated = happenings(model).filter(({ at }) => !Number.isNaN(fromIso(at)));
  const parts = dated
    .toSorted((a, b) => fromIso(b.at) - fromIso(a.at))
    .map(({ at, words }): Line => [{ text: `${momentOf(at, nowMs)} ${words}` }]);
  if (parts.length === 0) return undefined;
  return labelled('Recent', joinFitting(parts, ` ${glyphs.separator} `, roomOf(frame)));
}

function happenings({ status }: Model): Happening[] {
  return [...ofTheRelease(status), ...ofOthers(status)];
}

function ofTheRelease({ step, weight, pause, failure, bake, history = [] }: RolloutStatus): Happening[] {
  return [
    ...(step ? one(step.startedAt, `step ${step.position} began`) : []),
    ...(weight ? one(weight.setSince, `${weight.route ?? weight.desired}% in the route`) : []),
    ...(pause ? one(pause.since, pause.by === 'User' ? 'paused on request' : 'paused') : []),
    ...(failure ? one(failure.at, `failed: ${failure.reason}`) : []),
    ...(bake ? one(bake.startedAt, 'the bake began') : []),
    ...history
      .slice(0, 1)
      .flatMap((last) => one(last.finishedAt, `${nameOf(last)} ${OUTCOMES[last.outcome]}`)),
  ];
}

function ofOthers({ lastAction, fights = {} }: RolloutStatus): Happening[] {
  return [
    ...(lastAction
      ? one(lastAction.at, `${lastAction.verb || 'a request'} ${lastAction.result.toLowerCase()}`)
      : []),
    ...Object.entries(fights).flatMap(([field, { at, manager = 'somebody', count }]) =>
      one(at, `${manager} overwrote ${field} (${count})`),
    ),
  ];
}

function one(at: string | undefined, words: string): Happening[] {
  return at === undefined ? [] : [{ at, words }];
}

const OUTCOMES = {
  Promoted: 'promoted',
  RolledBack: 'rolled back',
  Superseded: 'replaced by a newer template',
  Returned: 'given up',
  Refused: 'refused',
} as const;
