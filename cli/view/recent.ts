// SPDX-License-Identifier: Apache-2.0
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
  const { lastAction, step, weight, pause, failure, history, fights, bake } = status;
  const [last] = history ?? [];
  return [
    ...one(lastAction?.at, `${lastAction?.verb || 'a request'} ${lastAction?.result.toLowerCase()}`),
    ...one(step?.startedAt, `step ${step?.position} began`),
    ...one(weight?.setSince, `${weight?.route ?? weight?.desired}% in the route`),
    ...one(pause?.since, pauseWords(pause?.by)),
    ...one(failure?.at, `failed: ${failure?.reason}`),
    ...one(bake?.startedAt, 'the bake began'),
    ...one(last?.finishedAt, `${last && nameOf(last)} ${last && OUTCOMES[last.outcome]}`),
    ...Object.entries(fights ?? {}).flatMap(([field, { at, manager, count }]) =>
      one(at, `${manager ?? 'somebody'} overwrote ${field} (${count})`),
    ),
  ];
}

function one(at: string | undefined, words: string): Happening[] {
  return at === undefined ? [] : [{ at, words }];
}

function pauseWords(by: string | undefined): string {
  return by === 'User' ? 'paused on request' : 'paused';
}

const OUTCOMES = {
  Promoted: 'promoted',
  RolledBack: 'rolled back',
  Superseded: 'replaced by a newer template',
  Returned: 'given up',
  Refused: 'refused',
} as const;
