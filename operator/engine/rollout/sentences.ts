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
export function whereabouts(spec: Pick<RolloutSpec, 'previewed'>, status: RolloutStatus): string {
  const { bake, stable } = status;
  if (bake) return `all traffic on ${stableName(status)}; ${nameOf(bake, stable)} is kept warm`;
  if (status.stage === 'Judging') return firstWhereabouts(status);
  const share = spec.previewed
    ? wholeShare(status)
    : `${status.weight?.desired ?? 0}% on ${canaryName(status)}`;
  return status.step ? `step ${status.step.position}, ${share}` : share;
}

/** Of what gets all traffic or none. */
function wholeShare(status: RolloutStatus): string {
  const isMoving = status.stage === 'Promoting' || status.stage === 'Returning';
  return `${isMoving ? 'all traffic to' : 'preview of'} ${canaryName(status)}`;
}

/** What a judge without evidence keeps as it is. */
export function heldText(
  { previewed }: Pick<RolloutSpec, 'previewed'>,
  { bake, stage }: RolloutStatus,
): string {
  if (stage === 'Judging') return 'traffic held back';
  if (!previewed) return 'weight held';
  return bake ? 'traffic held' : 'promotion held';
}

function firstWhereabouts(status: RolloutStatus): string {
  const where = `first version ${canaryName(status)}, without traffic`;
  return status.step ? `step ${status.step.position}, ${where}` : where;
}

/** Why the Service finds no pod: the evidence, since when, and what a person can do. */
export function refusedSentence({ service }: Pick<RolloutSpec, 'service'>, status: RolloutStatus): string {
  const { failure } = status;
  const since = clockOf(fromIso(failure?.at));
  return `${failure?.message ?? 'refused'}; first version ${canaryName(status)} refused at ${since}, so Service ${service.name} finds no pod; change the template, or ask for retry or promote-full`;
}

/** Why traffic goes or went back to stable: evidence, weight, and where the traffic is since when. */
export function rolledBackSentence(spec: Pick<RolloutSpec, 'previewed'>, status: RolloutStatus): string {
  const { failure } = status;
  const name = stableName(status);
  const why = failure
    ? `${failure.message}${failedAt(spec, failure.weight)}`
    : `the template is ${name} again`;
  // no client has reached a preview
  if (spec.previewed && (failure ? failure.weight : status.weight?.route) === 0)
    return `${why}; all traffic stays on ${name}`;
  const restored = fromIso(failure?.restoredAt);
  if (Number.isNaN(restored)) return `${why}; taking all traffic back to ${name}`;
  const took = tookText(restored - fromIso(failure?.at));
  return `${why}; all traffic on ${name} since ${clockOf(restored)} (${took})`;
}

function failedAt({ previewed }: Pick<RolloutSpec, 'previewed'>, weight: number | undefined): string {
  if (weight === undefined) return '';
  if (!previewed) return ` at ${weight}%`;
  return weight === 0 ? ' in preview' : ' in the switch';
}

/** As rolledBackSentence; after a rollback that a person asked for the template still says otherwise, which is no failure. */
export function heldSentence(spec: Pick<RolloutSpec, 'previewed'>, status: RolloutStatus): string {
  const sentence = rolledBackSentence(spec, status);
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
  spec: Pick<RolloutSpec, 'steps' | 'firstSteps' | 'side' | 'previewed'>,
  status: RolloutStatus,
): string {
  if (status.stage === 'Promoting') return 'promotion';
  if (status.stage === 'Baking') return `end of the bake; then ${nameOf(status.bake, status.stable)} goes`;
  if (status.stage === 'Waiting') return 'admission; then the first step';
  const isFirst = status.stage === 'Judging';
  if (status.stage !== 'Stepping' && !isFirst) return 'a new template';
  const next = (isFirst ? spec.firstSteps : spec.steps)[(status.step?.index ?? 0) + 1];
  return next ? describeStep(next, spec) : isFirst ? 'all traffic' : 'promotion';
}

function describeStep(
  step: RolloutStep,
  { side, previewed }: Pick<RolloutSpec, 'side' | 'previewed'>,
): string {
  if (step.setWeight !== undefined) return `${step.setWeight}%`;
  if (step.analysis) return previewed ? 'prePromotion' : 'analysis';
  if (step.pause)
    return step.pause.duration === undefined
      ? 'waits until somebody promotes'
      : `pause of ${step.pause.duration}`;
  return `${step.whole ? 'all' : step.replicas} ${side} pods`;
}
