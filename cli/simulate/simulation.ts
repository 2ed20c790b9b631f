// SPDX-License-Identifier: Apache-2.0
import type { AnalysisTemplateSpec } from '../../operator/api/analysis.ts';
import type { PlannedEvent } from '../../operator/engine/rollout/types.ts';
import { judgedIn, type Known, type KnownRelease, templateFor } from '../manifests/known.ts';
import { AskedChecks } from './asked-checks.ts';
import { goodAnswers } from './good-answers.ts';
import type { PodTimes } from './model-revision.ts';
import { LOOK_BACK_MS, recordedAnswers } from './recorded-answers.ts';
import { type Outcome, type Run, run } from './run.ts';
import type { Sample } from './samples.ts';
import { type Part, partsOf } from './timeline.ts';
import { durationMs } from '../../operator/api/duration.ts';

export interface Question {
  readonly release: KnownRelease;
  /** Everything that was read beside it. */
  readonly known: readonly Known[];
  readonly replicas: number;
  readonly times: PodTimes;
  /** In ms since 1970. */
  readonly beginMs: number;
  /** Absent: every check answers well. */
  readonly samples?: readonly Sample[] | undefined;
}

export interface ToldEvent extends PlannedEvent {
  /** In ms since the release began. */
  readonly afterMs: number;
}

/** A release as it would go; times in ms since the new template was there. */
export interface Simulation {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** The verdict sentence of the operator. */
  readonly message: string;
  readonly replicas: number;
  readonly parts: readonly Part[];
  /** When clients were all on the new version; absent: never. */
  readonly promotedAfterMs?: number;
  /** When all traffic was on the old version again; absent: it never had to be. */
  readonly rolledBackAfterMs?: number;
  /** When nothing was left to do. */
  readonly endedAfterMs: number;
  readonly events: readonly ToldEvent[];
  /** Checks of which nothing was recorded. */
  readonly takenForGood: readonly string[];
}

/** Plays one release. Throws an Error that says in one sentence why it cannot be played. */
export function simulate(question: Question): Simulation {
  const { release, replicas, beginMs } = question;
  const templates = templatesOf(question);
  const checks = new AskedChecks(release, templates);
  const problems = [...checks.problems, ...unknownChecks(checks, question.samples)];
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const played = run({ ...question, templates, ...answersOf(question, checks) });
  const recorded = new Set(question.samples?.map(({ check }) => check));
  return {
    kind: release.kind,
    namespace: release.manifest.namespace,
    name: release.manifest.name,
    outcome: played.outcome,
    message: played.message,
    replicas,
    parts: partsOf(release, played, { beginMs, checkNames: (source) => namesIn(source, templates) }),
    ...momentsOf(played, beginMs),
    takenForGood: checks.names.filter((name) => !recorded.has(name)),
  };
}

function templatesOf({ release, known }: Question): Record<string, AnalysisTemplateSpec> {
  const names = judgedIn(release).flatMap(({ source }) => source.templateRef?.name ?? []);
  const found = names.flatMap((name) => {
    const template = templateFor(release.manifest, name, known);
    return template ? [[name, template.spec] as const] : [];
  });
  return Object.fromEntries(found);
}

function unknownChecks({ names }: AskedChecks, samples: readonly Sample[] = []): string[] {
  const unknown = new Set(samples.map(({ check }) => check).filter((check) => !names.includes(check)));
  const there = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`;
  return [...unknown].map(
    (check) => `the samples name check ${check}, which the release does not have; ${there}`,
  );
}

function answersOf({ samples, beginMs, release }: Question, checks: AskedChecks) {
  const last = samples?.at(-1);
  if (!samples || !last) return { answers: goodAnswers(checks) };
  const patienceMs = LOOK_BACK_MS + durationMs(release.spec.noDataDeadline);
  return { answers: recordedAnswers(checks, { samples, beginMs }), knownUntilMs: last.atMs + patienceMs };
}

function namesIn(
  { templateRef, checks }: ReturnType<typeof judgedIn>[number]['source'],
  templates: Readonly<Record<string, AnalysisTemplateSpec>>,
): string[] {
  const listed = templateRef ? templates[templateRef.name]?.checks : checks;
  return (listed ?? []).map(({ name }) => name);
}

const BACK = ['RollingBack', 'RolledBack', 'Returning'] as const;

function momentsOf({ looks }: Run, beginMs: number) {
  const promoted = looks.find(({ events }) => events.some(({ reason }) => reason === 'Promoted'));
  const back = looks.find(({ status }) => BACK.some((stage) => stage === status.stage));
  return {
    ...(promoted && { promotedAfterMs: promoted.atMs - beginMs }),
    ...(back && { rolledBackAfterMs: back.atMs - beginMs }),
    endedAfterMs: (looks.at(-1)?.atMs ?? beginMs) - beginMs,
    events: looks.flatMap(({ atMs, events }) =>
      events.map((event): ToldEvent => ({ afterMs: atMs - beginMs, ...event })),
    ),
  };
}
