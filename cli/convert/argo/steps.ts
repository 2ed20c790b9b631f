// SPDX-License-Identifier: Apache-2.0
import { RequestMatch } from '../../../operator/api/match.ts';
import type { Path } from '../../manifests/offsets.ts';
import { boundedDuration, goDurationMs } from '../durations.ts';
import { type AnalysisContext, convertAnalysis } from './analysis.ts';

export interface StepsContext extends AnalysisContext {
  /** What stands for 100 percent. */
  readonly maxWeight: number;
  /** Pods in all, where that is known. */
  readonly replicas: number | undefined;
  /** Whether requests can be chosen by a header. */
  readonly canMatch: boolean;
}

type OurStep = Record<string, unknown>;

const STEPS: Path = ['spec', 'strategy', 'canary', 'steps'];

interface Walk {
  readonly steps: OurStep[];
  /** Index of ours at which each of theirs begins. */
  readonly starts: number[];
  weight: number;
  /** Pods that were set beside the weight. */
  replicas: number | undefined;
}

/** The steps of a canary, one after the other. Answers where each of theirs begins. */
export function convertSteps(context: StepsContext): readonly number[] {
  const { ledger, draft } = context;
  const walk: Walk = { steps: [], starts: [], weight: 0, replicas: undefined };
  for (const index of ledger.list(...STEPS).keys()) {
    walk.starts.push(walk.steps.length);
    convertStep(context, walk, [...STEPS, index]);
  }
  if (walk.steps.length === 0) {
    walk.steps.push({ setWeight: 100 });
    draft.look(
      ['spec', 'steps'],
      'there were no steps that could be converted; this one moves all traffic at once.',
    );
  }
  draft.set(['spec', 'steps'], walk.steps);
  return walk.starts;
}

function convertStep(context: StepsContext, walk: Walk, path: Path): void {
  const { ledger } = context;
  const to: Path = ['spec', 'steps', walk.steps.length];
  if (ledger.has(...path, 'setWeight')) return setWeight(context, walk, { path, to });
  if (ledger.has(...path, 'pause')) return pause(context, walk, { path, to });
  if (ledger.has(...path, 'setCanaryScale')) return setScale(context, walk, { path, to });
  if (ledger.has(...path, 'analysis')) return analysis(context, walk, { path, to });
  if (ledger.has(...path, 'setHeaderRoute')) return setHeaderRoute(context, path);
  const [verb = 'an empty step'] = ledger.keys(...path);
  const why = DROPPED[verb] ?? 'there is no such step here';
  ledger.dropped(path, why);
  context.draft.look(to, `a step was left out here, ${verb}: ${why}.`);
}

const DROPPED: Readonly<Record<string, string>> = {
  experiment: 'there are no experiments; judge the canary itself by an analysis step, or run a Job',
  setMirrorRoute: 'requests are not mirrored',
  replicaProgressThreshold: 'every step waits for all of its pods',
  plugin: 'there are no plugins; a check can run a Job',
};

interface Place {
  readonly path: Path;
  readonly to: Path;
}

function setWeight(context: StepsContext, walk: Walk, { path, to }: Place): void {
  const { ledger, draft, maxWeight } = context;
  const written = ledger.number(...path, 'setWeight') ?? 0;
  const weight = Math.min(100, Math.max(0, Math.round((100 * written) / maxWeight)));
  const place = draft.place([...to, 'setWeight']);
  if (weight === written) ledger.kept([...path, 'setWeight'], place);
  else ledger.changed([...path, 'setWeight'], place, `weights are percent, and ${maxWeight} was all of it`);
  walk.weight = weight;
  const { replicas } = walk;
  walk.steps.push({ setWeight: weight, ...(replicas === undefined ? {} : { replicas }) });
}

function pause({ ledger, draft }: StepsContext, walk: Walk, { path, to }: Place): void {
  const written = ledger.value(...path, 'pause', 'duration');
  const at = [...path, 'pause', 'duration'];
  const place = draft.place([...to, 'pause', 'duration']);
  if (written === undefined) {
    ledger.kept([...path, 'pause'], draft.place([...to, 'pause']));
    walk.steps.push({ pause: {} });
    return;
  }
  const ms = goDurationMs(written);
  if (ms === undefined || ms <= 0) {
    ledger.changed(
      at,
      draft.place([...to, 'pause']),
      `${JSON.stringify(written)} is no time to wait; a person ends the pause`,
    );
    draft.look(to, `the pause was ${JSON.stringify(written)}; now a person ends it.`);
    walk.steps.push({ pause: {} });
    return;
  }
  const { text, why } = boundedDuration(ms, { min: '1s', max: '168h' });
  if (why !== undefined) ledger.changed(at, place, why);
  else if (text === written) ledger.kept(at, place);
  else ledger.changed(at, place, 'a duration with a unit');
  walk.steps.push({ pause: { duration: text } });
}

function setScale(context: StepsContext, walk: Walk, { path, to }: Place): void {
  const { ledger, draft } = context;
  const at = [...path, 'setCanaryScale'];
  if (ledger.value(...at, 'matchTrafficWeight') === true) {
    walk.replicas = undefined;
    ledger.changed([...at], draft.place(to), 'a setWeight without replicas ends them');
    walk.steps.push({ setWeight: walk.weight });
    return;
  }
  const share = ledger.number(...at, 'weight');
  const replicas = ledger.number(...at, 'replicas') ?? podsFor(share, context.replicas);
  if (replicas === undefined) {
    ledger.dropped(
      [...at],
      'a share of the pods is a number here, and how many there are is not in the manifest',
    );
    draft.look(to, `a step set the canary to ${share}% of the pods; say it in pods: replicas.`);
    return;
  }
  walk.replicas = replicas;
  const place = draft.place([...to, 'replicas']);
  ledger.kept([...at, 'replicas'], place);
  ledger.changed([...at, 'weight'], place, `pods, ${share}% of ${context.replicas}`);
  ledger.dropped([...at, 'matchTrafficWeight'], 'it is false');
  walk.steps.push({ replicas });
}

function podsFor(share: number | undefined, replicas: number | undefined): number | undefined {
  return share === undefined || replicas === undefined ? undefined : Math.ceil((replicas * share) / 100);
}

function analysis(context: StepsContext, walk: Walk, { path, to }: Place): void {
  const { ledger, draft } = context;
  const from = [...path, 'analysis'];
  const slot = `step-${Number(path.at(-1)) + 1}`;
  if (convertAnalysis(context, { from, to: [...to, 'analysis'], slot })) {
    walk.steps.push({ analysis: draft.get([...to, 'analysis']) });
    return;
  }
  ledger.changed(
    [...from, 'templates'],
    draft.place([...to, 'pause']),
    'nothing of it could be converted; a person judges',
  );
  draft.look(
    to,
    'an analysis stood here that could not be converted; until it is written by hand a person judges.',
  );
  walk.steps.push({ pause: {} });
}

/** Headers are said once for a whole release. */
function setHeaderRoute(context: StepsContext, path: Path): void {
  const { ledger, draft, canMatch } = context;
  const at = [...path, 'setHeaderRoute'];
  ledger.dropped([...at, 'name'], 'routes by header have no names');
  const matches = ledger.list(...at, 'match');
  if (matches.length === 0)
    return ledger.dropped([...at], 'requests by header stay with the canary to the end of the release');
  if (!canMatch) {
    ledger.dropped([...at], 'this router cannot choose requests by a header');
    draft.look(
      ['spec', 'steps'],
      'a step sent requests with a header to the canary; this router cannot, traffic.gateway can.',
    );
    return;
  }
  const headers = Object.fromEntries(
    matches.map((_, index) => {
      const name = ledger.text(...at, 'match', index, 'headerName') ?? '';
      return [name, headerValue(ledger.value(...at, 'match', index, 'headerValue'))];
    }),
  );
  if (!RequestMatch.safeParse({ headers }).success)
    return ledger.dropped([...at], 'its headers cannot be said here');
  const known = draft.get(['spec', 'match']);
  const list = Array.isArray(known) ? known : [];
  const place = draft.place(['spec', 'match', list.length]);
  draft.set(['spec', 'match'], [...list, { headers }]);
  ledger.changed([...at, 'match'], place, 'these requests go to the canary from the first step on');
}

/** One of exact, regex and prefix. */
function headerValue(value: unknown): unknown {
  const found = (['exact', 'regex', 'prefix'] as const).flatMap((kind) => {
    const text =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[kind] : undefined;
    return typeof text === 'string' && text !== '' ? [[kind, text] as const] : [];
  });
  return Object.fromEntries(found.slice(0, 1));
}
