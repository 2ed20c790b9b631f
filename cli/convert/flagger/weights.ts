// SPDX-License-Identifier: Apache-2.0
import { MAX_STEPS } from '../../../operator/api/canary.ts';
import { boundedDuration } from '../durations.ts';
import type { FlaggerContext } from './canary.ts';

/** The way from 0 to 100 percent. */
export function convertWeights(context: FlaggerContext): void {
  const { ledger, draft, analysis, intervalMs, hooks } = context;
  const weights = weightsOf(context);
  const { text, why } = boundedDuration(intervalMs, { min: '1s', max: '168h' });
  const isPlain = !hooks.hasConfirmPromotion && !hooks.hasConfirmIncrease;
  if (isPlain) {
    draft.set(['spec', 'weights'], weights);
    draft.set(['spec', 'interval'], text);
  } else draft.set(['spec', 'steps'], stepsOf(weights, text, hooks));
  const place = draft.place(['spec', isPlain ? 'weights' : 'steps']);
  const interval = draft.place(['spec', isPlain ? 'interval' : 'steps']);
  const isSame = isPlain && ledger.value(...analysis, 'interval') === text;
  if (isSame) ledger.kept([...analysis, 'interval'], interval);
  else
    ledger.changed(
      [...analysis, 'interval'],
      interval,
      why ?? 'how long each weight lasts; Flagger takes 10s at least',
    );
  ledger.changed([...analysis, 'stepWeights'], place, 'weights rise');
  for (const field of ['stepWeight', 'maxWeight'])
    ledger.changed([...analysis, field], place, 'every weight is said');
  ledger.dropped(
    [...analysis, 'stepWeightPromotion'],
    'after the last weight all traffic moves, each move confirmed before the next',
  );
  ledger.dropped([...analysis, 'iterations'], 'it is 0');
}

interface Asked {
  readonly hasConfirmPromotion: boolean;
  readonly hasConfirmIncrease: boolean;
}

/** Where a person was asked, a pause that a person ends. */
function stepsOf(
  weights: readonly number[],
  interval: string,
  { hasConfirmPromotion, hasConfirmIncrease }: Asked,
): object[] {
  const each = weights.flatMap((weight, index) => {
    const isLast = index === weights.length - 1;
    const asks = isLast ? hasConfirmPromotion : hasConfirmIncrease;
    return [{ setWeight: weight }, { pause: { duration: interval } }, ...(asks ? [{ pause: {} }] : [])];
  });
  return each.slice(0, MAX_STEPS);
}

/** A weight takes up to three steps. */
const MOST_WEIGHTS = Math.floor(MAX_STEPS / 3);

function weightsOf({ ledger, draft, analysis }: FlaggerContext): number[] {
  const listed = ledger.list(...analysis, 'stepWeights').filter((weight) => typeof weight === 'number');
  const raw =
    listed.length > 0
      ? listed
      : rising(ledger.number(...analysis, 'stepWeight') ?? 0, ledger.number(...analysis, 'maxWeight') ?? 100);
  const good = raw.filter((weight) => weight >= 1 && weight <= 100);
  const weights = [...new Set(good)].toSorted((a, b) => a - b);
  if (weights.length === 0) {
    draft.look(['spec', 'weights'], 'the Canary said no weights; this one moves all traffic at once.');
    return [100];
  }
  if (weights.length <= MOST_WEIGHTS) return weights;
  const apart = Math.ceil(weights.length / MOST_WEIGHTS);
  draft.look(
    ['spec'],
    `there were ${weights.length} weights; every ${apart}th of them is kept, so that there are not too many steps.`,
  );
  return weights.filter((_, index) => (weights.length - 1 - index) % apart === 0);
}

function rising(step: number, most: number): number[] {
  if (step < 1) return [];
  const weights = Array.from({ length: Math.floor(most / step) }, (_, index) => (index + 1) * step);
  return weights.at(-1) === most ? weights : [...weights, most];
}
