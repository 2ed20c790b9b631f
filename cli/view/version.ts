// SPDX-License-Identifier: Apache-2.0
import { canaryName, nameOf, stableName } from '../../operator/engine/rollout/sentences.ts';
import type { Line } from '../text/line.ts';
import { type Frame, labelled } from './frame.ts';
import type { Model } from './model.ts';
import { momentOf } from './times.ts';

/** `Version 1.4.2 ─▶ 1.5.0   started 14:02:10`. */
export function versionLine(model: Model, frame: Frame): Line | undefined {
  const { status } = model;
  if (!status.stable && !status.canary) return undefined;
  return labelled('Version', [...namesOf(model, frame), ...sinceOf(model, frame)]);
}

function namesOf({ status, slots }: Model, { glyphs }: Frame): Line {
  const stable: Line = status.stable ? [{ text: withSlot(slots.stable, stableName(status)) }] : [];
  if (!status.canary) return stable;
  const isBack = status.stage === 'RollingBack' || status.stage === 'RolledBack';
  const isRefused = status.stage === 'RolledBack' || status.stage === 'Refused';
  const arrow = isBack ? glyphs.backward : glyphs.forward;
  const canary = withSlot(slots.canary, canaryName(status));
  return [
    ...stable,
    { text: status.stable ? ` ${arrow} ` : '', style: 'faint' },
    { text: isRefused ? `${glyphs.bad} ${canary}` : canary, style: isRefused ? 'bad' : 'strong' },
  ];
}

function withSlot(slot: string | undefined, name: string): string {
  return slot === undefined ? name : `${slot} ${name}`;
}

function sinceOf({ status }: Model, { nowMs, glyphs }: Frame): Line {
  const { bake, canary, failure, stable, stage } = status;
  const faint = (text: string): Line => [{ text: `   ${text}`, style: 'faint' }];
  const failedAt = stage === 'RolledBack' || stage === 'Refused' ? momentOf(failure?.at, nowMs) : undefined;
  if (failedAt !== undefined) return faint(`refused ${failedAt}`);
  const since = momentOf((canary ?? stable)?.since, nowMs);
  const kept = bake ? ` ${glyphs.separator} ${nameOf(bake, stable)} is kept warm` : '';
  if (since === undefined) return kept === '' ? [] : faint(kept.trim());
  return faint(`${canary ? 'started' : 'since'} ${since}${kept}`);
}
