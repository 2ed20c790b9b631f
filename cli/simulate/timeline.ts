// SPDX-License-Identifier: Apache-2.0
import type { RolloutStage } from '../../operator/api/rollout-status.ts';
import type { RolloutStep } from '../../operator/engine/rollout/rollout.ts';
import type { Judged, KnownRelease } from '../manifests/known.ts';
import { rolloutSpecOf } from '../manifests/scope.ts';
import type { Look } from './play.ts';
import type { Run } from './run.ts';

/** A part of a release; times in ms since the new template was there. */
export interface Part {
  /** `step 1`, `promotion`, `bake`, `old pods`. */
  readonly name: string;
  /** What it does, as `setWeight 5%`. */
  readonly does: string;
  readonly fromMs: number;
  /** Absent: it did not end. */
  readonly toMs?: number;
  /** Percent of the traffic of the new version at its end. */
  readonly weight: number;
  readonly pods: Look['pods'];
  /** It waits for a person, who is taken to say yes at once. */
  readonly isOfPerson: boolean;
  /** Names of the checks that judge it. */
  readonly checks: readonly string[];
}

interface Stretch {
  readonly name: string;
  readonly first: Look;
  readonly last: Look;
  readonly next: Look | undefined;
}

/** The parts that a release has gone through, in order. A step that takes no time is among them. */
export function partsOf(
  release: KnownRelease,
  { looks }: Run,
  { beginMs, checkNames }: { beginMs: number; checkNames: (source: Source) => readonly string[] },
): Part[] {
  const { steps } = rolloutSpecOf(release);
  const stretches = stretchesOf(looks);
  return withPassedBy(stretches, steps.length).map(({ name, first, last, next }) => {
    const index = stepIndexOf(name);
    const step = index === undefined ? undefined : steps[index];
    return {
      name,
      does: step ? describeStep(step, release) : (DOES[name] ?? ''),
      fromMs: first.atMs - beginMs,
      ...(next && { toMs: next.atMs - beginMs }),
      weight: weightOf(release, last, next),
      pods: last.pods,
      isOfPerson: name === 'waiting' || (step?.pause !== undefined && step.pause.duration === undefined),
      checks: checksIn(release, { name, index }, checkNames),
    };
  });
}

type Source = Judged['source'];

const DOES: Readonly<Record<string, string>> = {
  waiting: 'waits for admission',
  promotion: 'all traffic to the new',
  bake: 'old version kept warm',
  'old pods': 'drain and end',
  rollback: 'all traffic back to the old',
};

function stepIndexOf(name: string): number | undefined {
  const found = /^step (\d+)$/.exec(name);
  return found ? Number(found[1]) - 1 : undefined;
}

const NAMES: Partial<Record<RolloutStage, string>> = {
  Waiting: 'waiting',
  Promoting: 'promotion',
  Baking: 'bake',
  RollingBack: 'rollback',
  Returning: 'rollback',
  RolledBack: 'rollback',
};

function nameOf({ status: { stage = 'Idle', step }, pods }: Look): string {
  if (stage === 'Stepping') return `step ${(step?.index ?? 0) + 1}`;
  return NAMES[stage] ?? (pods.stable > 0 ? 'old pods' : 'rest');
}

function stretchesOf(looks: readonly Look[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const look of looks) {
    const name = nameOf(look);
    const before = stretches.at(-1);
    if (before?.name === name) stretches[stretches.length - 1] = { ...before, last: look };
    else {
      if (before) stretches[stretches.length - 1] = { ...before, next: look };
      stretches.push({ name, first: look, last: look, next: undefined });
    }
  }
  return stretches.filter(({ name }) => name !== 'rest');
}

/** Steps that were over at the moment at which they began have no look of their own. */
function withPassedBy(stretches: readonly Stretch[], count: number): Stretch[] {
  return stretches.flatMap((stretch, position) => {
    const before = stretches[position - 1];
    const from = before ? stepIndexOf(before.name) : -1;
    const to = stepIndexOf(stretch.name) ?? (stretch.name === 'promotion' ? count : undefined);
    if (from === undefined || to === undefined) return [stretch];
    const passed = Array.from({ length: Math.max(0, to - from - 1) }, (_, i): Stretch => {
      const { first } = stretch;
      return { name: `step ${from + i + 2}`, first, last: first, next: first };
    });
    return [...passed, stretch];
  });
}

/**
 * The weight that a part has come to. That of a route is confirmed when the next part begins, which may have written
 * another one by then; pods behind a Service share the traffic as they can.
 */
function weightOf(release: KnownRelease, last: Look, next: Look | undefined): number {
  const { stage, stable } = (next ?? last).status;
  switch (nameOf(last)) {
    case 'promotion':
    case 'bake':
      return stage === 'RollingBack' ? 0 : 100;
    case 'old pods':
      return stable?.revision === 'new' ? 100 : 0;
    default:
      return weightOfStep(release, last, next);
  }
}

function weightOfStep({ spec }: KnownRelease, last: Look, next: Look | undefined): number {
  const hasGoneOn = next?.status.stage === 'Stepping' || next?.status.stage === 'Promoting';
  if (hasGoneOn && spec.traffic) return last.status.weight?.desired ?? 0;
  return (hasGoneOn ? next : last).status.weight?.observed ?? 0;
}

function describeStep(
  { setWeight, replicas, whole, pause, analysis }: RolloutStep,
  { kind }: KnownRelease,
): string {
  const side = kind === 'BlueGreen' ? 'preview' : 'canary';
  if (analysis) {
    const length = analysis.duration === undefined ? '' : ` ${analysis.duration}`;
    return kind === 'BlueGreen' ? `prePromotion${length}` : `analysis${length}`;
  }
  if (pause) return pause.duration === undefined ? 'waits for a person' : `pause ${pause.duration}`;
  if (setWeight !== undefined) {
    return `setWeight ${setWeight}%${replicas === undefined ? '' : `, ${replicas} ${side} pods`}`;
  }
  return whole ? `all ${side} pods` : `${replicas} ${side} pods`;
}

function checksIn(
  release: KnownRelease,
  { name, index }: { name: string; index: number | undefined },
  checkNames: (source: Source) => readonly string[],
): readonly string[] {
  const sources: (Source | undefined)[] = [];
  if (index !== undefined) sources.push(rolloutSpecOf(release).steps[index]?.analysis);
  if (release.kind === 'Canary') {
    const { analysis, bake } = release.spec;
    const isSteps = index !== undefined && analysis !== undefined && index >= analysis.startingStep;
    if (isSteps || name === 'promotion' || (name === 'bake' && bake)) sources.push(analysis);
  } else if (name === 'bake') sources.push(release.spec.postPromotion);
  return [...new Set(sources.flatMap((source) => (source ? checkNames(source) : [])))];
}
