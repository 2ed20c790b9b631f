// SPDX-License-Identifier: Apache-2.0
import type { RolloutSpec, RolloutStep } from './rollout.ts';
import type { RolloutStatus } from '../../api/rollout-status.ts';
import type { RevisionStatus } from '../../api/release-status.ts';
import { Reasons } from '../../api/reasons.ts';
import { clockOf, fromIso } from '../time.ts';

type Named = Pick<RevisionStatus, 'revision' | 'version'>;

/** What people call a revision: its version, or its hash where the versions do not tell two apart. */
export function nameOf(revision: Named | undefined, other?: Named): string {
  if (!revision) return 'none';
  if (!revision.version) return `revision ${revision.revision}`;
  return revision.version === other?.version
    ? `${revision.version} (${revision.revision})`
    : revision.version;
}

export function stableName(status: RolloutStatus): string {
  return nameOf(status.stable, status.canary ?? status.bake);
}

export function canaryName(status: RolloutStatus): string {
  return nameOf(status.canary, status.stable);
}

/** `step 3/6 at 25%`: where a release is, for every sentence about it. */
export function whereabouts({ side }: Pick<RolloutSpec, 'side'>, status: RolloutStatus): string {
  const { bake, stable } = status;
  if (bake) return `all traffic on ${stableName(status)}; ${nameOf(bake, stable)} is kept warm`;
  const percent = status.weight?.desired ?? 0;
  const isPreview = side === 'preview' && percent === 0;
  const weight = isPreview ? `preview of ${canaryName(status)}` : `${percent}% on ${canaryName(status)}`;
  return status.step ? `step ${status.step.position}, ${weight}` : weight;
}

/** Why traffic goes or went back to stable: evidence, weight, and where the traffic is since when. */
export function rolledBackSentence(status: RolloutStatus): string {
  const { failure } = status;
  if (!failure)
    return `the template is ${stableName(status)} again; taking all traffic back to ${stableName(status)}`;
  const at = failure.weight === undefined ? '' : ` at ${failure.weight}%`;
  const restored = fromIso(failure.restoredAt);
  const since = Number.isNaN(restored)
    ? `taking all traffic back to ${stableName(status)}`
    : `all traffic on ${stableName(status)} since ${clockOf(restored)} (${tookText(restored - fromIso(failure.at))})`;
  return `${failure.message}${at}; ${since}`;
}

/** As rolledBackSentence; after a rollback that a person asked for the template still says otherwise, which is no failure. */
export function heldSentence(status: RolloutStatus): string {
  const sentence = rolledBackSentence(status);
  if (status.failure?.reason !== Reasons.RollbackRequested) return sentence;
  return `${sentence}; the template still asks for ${canaryName(status)}, which is held until it changes or somebody asks for retry`;
}

/** Why all traffic goes back to a revision that was stable before. */
export function returningSentence(status: RolloutStatus): string {
  const to = canaryName(status);
  return `${status.failure?.message ?? `the template is ${to} again`}; taking all traffic back to ${to}`;
}

function tookText(ms: number): string {
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}

/** What comes after the current step, for people: `pause of 2m`, `50%`, `promotion`. */
export function nextSentence(
  { steps, side }: Pick<RolloutSpec, 'steps' | 'side'>,
  status: RolloutStatus,
): string {
  if (status.stage === 'Promoting') return 'promotion';
  if (status.stage === 'Baking') return `end of the bake; then ${nameOf(status.bake, status.stable)} goes`;
  if (status.stage === 'Waiting') return 'admission; then the first step';
  if (status.stage !== 'Stepping') return 'a new template';
  const next = steps[(status.step?.index ?? 0) + 1];
  return next ? describeStep(next, side) : 'promotion';
}

function describeStep(step: RolloutStep, side: RolloutSpec['side']): string {
  if (step.setWeight !== undefined) return `${step.setWeight}%`;
  if (step.analysis) return 'analysis';
  if (step.pause)
    return step.pause.duration === undefined
      ? 'waits until somebody promotes'
      : `pause of ${step.pause.duration}`;
  return `${step.whole ? 'all' : step.replicas} ${side} pods`;
}
