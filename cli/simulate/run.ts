// SPDX-License-Identifier: Apache-2.0
import type { AnalysisTemplateSpec } from '../../operator/api/analysis.ts';
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import type { Rollout } from '../../operator/engine/rollout/rollout.ts';
import { toIso } from '../../operator/engine/time.ts';
import type { KnownRelease } from '../manifests/known.ts';
import { rolloutSpecOf } from '../manifests/scope.ts';
import type { Answers } from './answers.ts';
import { ModelCluster } from './model-cluster.ts';
import type { PodTimes } from './model-revision.ts';
import { type Look, Play } from './play.ts';

export interface RunSetup {
  readonly release: KnownRelease;
  readonly templates: Readonly<Record<string, AnalysisTemplateSpec>>;
  readonly replicas: number;
  readonly times: PodTimes;
  readonly answers: Answers;
  /** When the Deployment gets a new template, in ms since 1970. */
  readonly beginMs: number;
  /** After this moment nothing is known any more, in ms since 1970; absent: everything is known for ever. */
  readonly knownUntilMs?: number | undefined;
}

/** `held`: it waits for metrics, or for a person after a failure. */
export type Outcome = 'promoted' | 'rolled back' | 'held';

export interface Run {
  readonly outcome: Outcome;
  /** What the operator says at the end. */
  readonly message: string;
  /** Every moment at which something was another than before. */
  readonly looks: readonly Look[];
}

/** Adopted so long before that nothing of it is under way any more, and within no window of a check. */
const ADOPTED_BEFORE_MS = 7 * 24 * 3_600_000;

/** Longer than everything that a spec can ask for. */
const LONGEST_MS = 400 * 24 * 3_600_000;

/**
 * One release of a new template by the planner of the operator, to its end: `old` is the revision that serves, and `new`
 * the one that is released. Whoever is asked says yes at once. Throws an Error that says why nothing is released.
 */
export function run(setup: RunSetup): Run {
  const { beginMs, answers } = setup;
  const cluster = new ModelCluster({
    rollout: rolloutOf(setup.release),
    replicas: setup.replicas,
    times: setup.times,
    templates: setup.templates,
    versions: { old: 'the old version', new: 'the new version' },
    now: beginMs - ADOPTED_BEFORE_MS,
  });
  const play = new Play(cluster, answers);
  adopt(play, beginMs);
  play.advanceTo(beginMs);
  cluster.change('new');
  return release(play, setup);
}

function rolloutOf(release: KnownRelease): Rollout {
  const { kind, manifest } = release;
  return {
    kind,
    spec: { ...rolloutSpecOf(release), suspend: false },
    metadata: {
      name: manifest.name,
      namespace: manifest.namespace,
      uid: 'uid of the release',
      generation: 1,
      resourceVersion: '',
      creationTimestamp: toIso(0),
      finalizers: [],
      labels: {},
      annotations: {},
    },
  };
}

function adopt(play: Play, beginMs: number): void {
  for (;;) {
    const nextMs = play.settle(() => undefined);
    if (nextMs === undefined || nextMs >= beginMs) break;
    play.advanceTo(nextMs);
  }
  const { stable, stage, message } = play.status;
  if (stage !== 'Idle' || stable === undefined) throw new Error(`nothing can be released: ${message}`);
}

function release(play: Play, { beginMs, knownUntilMs = Number.POSITIVE_INFINITY }: RunSetup): Run {
  const looks: Look[] = [];
  const note = (look: Look) => {
    const before = looks.at(-1);
    if (!before || isAnother(before, look)) looks.push(look);
  };
  for (;;) {
    const nextMs = play.settle(note);
    const { status, cluster } = play;
    const verb = verbWaitedFor(status);
    if (verb !== undefined) {
      play.ask(verb);
      continue;
    }
    const isOver = nextMs === undefined || cluster.now - beginMs > LONGEST_MS;
    if (isOver || isHeld(status) || isUnknown(status, cluster.now, knownUntilMs)) {
      return { outcome: outcomeOf(status), message: status.message ?? '', looks };
    }
    play.advanceTo(nextMs);
  }
}

/** What a person is waited for, if that is how it shall be. */
function verbWaitedFor({ pause, stage, allowedActions = [] }: RolloutStatus): string | undefined {
  if (pause?.by === 'Step') return 'promote';
  return stage === 'Waiting' && allowedActions.includes('admit') ? 'admit' : undefined;
}

function isHeld({ pause }: RolloutStatus): boolean {
  return pause?.by === 'NoData' || pause?.by === 'Failure';
}

/** Holding, because nothing was recorded that long; it would do so for ever. */
function isUnknown({ phase }: RolloutStatus, now: number, knownUntilMs: number): boolean {
  return now > knownUntilMs && phase === 'Holding';
}

/** In a bake the new version has all traffic already; what goes back from there rests on the old one again. */
function outcomeOf({ stage, stable }: RolloutStatus): Outcome {
  if (stage === 'RolledBack') return 'rolled back';
  if (stage !== 'Idle') return 'held';
  return stable?.revision === 'new' ? 'promoted' : 'rolled back';
}

function isAnother(one: Look, other: Look): boolean {
  return other.events.length > 0 || factsOf(one) !== factsOf(other);
}

function factsOf({ status, pods }: Look): string {
  const { stage, step, weight, pause, stable, phase } = status;
  const facts = [
    stage,
    step?.index,
    weight?.observed,
    weight?.desired,
    pause?.by,
    stable?.revision,
    phase,
    pods,
  ];
  return JSON.stringify(facts);
}
