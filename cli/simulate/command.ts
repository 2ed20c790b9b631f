// SPDX-License-Identifier: Apache-2.0
import { durationMs } from '../../operator/api/duration.ts';
import { fromIso } from '../../operator/engine/time.ts';
import { type Command, type Io, UsageError } from '../command.ts';
import { lint } from '../lint/lint.ts';
import { lintText } from '../lint/report.ts';
import { describeFlags, type Parsed } from '../flags.ts';
import { FILES_FLAGS, readArguments } from '../manifests/arguments.ts';
import { isRelease, type Known, type KnownRelease } from '../manifests/known.ts';
import { isJson, type Manifest, readAllManifests } from '../manifests/manifests.ts';
import { readSources } from '../manifests/sources.ts';
import { type Assumed, simulationText } from './report.ts';
import { readSamples, type Sample } from './samples.ts';
import { type Simulation, simulate } from './simulation.ts';

const FLAGS = {
  ...FILES_FLAGS,
  samples: { value: 'FILE', help: 'recorded measurements; below is what it holds' },
  begin: {
    value: 'TIME',
    help: 'when the release began, where the samples have dates; default: the first sample of the canary',
  },
  replicas: { value: 'N', help: 'pods in all; default: spec.replicas, or those of the Deployment, or 10' },
  'pod-start': { value: 'DURATION', help: 'how long a new pod takes until it is ready; default: 0s' },
  output: { short: 'o', value: 'FORMAT', help: 'text or json; default: text', oneOf: ['text', 'json'] },
} as const;

type SimulateFlags = Parsed<typeof FLAGS>['flags'];

export const simulateCommand: Command = {
  name: 'simulate',
  usage:
    '-f FILE|DIR|- [-f ...] [--samples FILE [--begin TIME]] [--replicas N] [--pod-start DURATION] [-o text|json]',
  summary:
    'plays a release without a cluster: its steps with times, or what recorded metrics would have decided',
  details: [
    'Needs no cluster. The operator itself plans and judges, over a cluster in which every write is followed at once.',
    'Without --samples every check answers well: what is told is how long a release takes at the earliest. Whoever is',
    'asked says yes at once.',
    '',
    'Give Canaries and BlueGreens with their AnalysisTemplates; a Deployment beside them tells its replicas.',
    '',
    ...describeFlags(FLAGS),
    '',
    'Samples are JSON lines, or CSV with the columns time,check,arm,value,requests,errors,detail:',
    '  time      seconds since the release began, or a date such as 2026-11-21T14:00:00Z',
    '  arm       canary (default) or stable',
    '  value     the number of a query, 1 or 0 of a probe, the percentile of request-duration in ms; empty where there was no answer',
    '  requests  of a built-in metric: those since the row before of the same check and arm',
    '  errors    those of them that failed or were slow',
    '',
    'Exit codes: 0 promoted, 1 rolled back, 2 the arguments or manifests are not good, 3 held: it waits for metrics, or',
    'for a person after a failure. Of several releases the worst one counts.',
  ],
  flags: FLAGS,
  async run(args: readonly string[], io: Io): Promise<number> {
    const { files, flags } = readArguments(args, FLAGS);
    const podStartMs = readDuration('--pod-start', flags['pod-start'] ?? '0s');
    const manifests = readAllManifests(await readSources(files, io));
    const linted = lint(manifests);
    if (linted.problems.some(({ severity }) => severity === 'error')) {
      io.err(lintText(linted));
      return 2;
    }
    const releases = linted.known.filter(isRelease);
    const samples = await samplesOf(flags, releases, io);
    const played = releases.map((release) =>
      play({ release, known: linted.known, all: manifests.manifests }, { flags, samples, podStartMs, io }),
    );
    io.out(flags.output === 'json' ? jsonOf(played) : played.map(({ text }) => text).join('\n'));
    return exitCodeOf(played.map(({ simulation }) => simulation));
  },
};

interface Played {
  readonly simulation: Simulation;
  readonly text: string;
}

function play(
  { release, known, all }: { release: KnownRelease; known: readonly Known[]; all: readonly Manifest[] },
  {
    flags,
    samples,
    podStartMs,
    io,
  }: { flags: SimulateFlags; samples: readonly Sample[] | undefined; podStartMs: number; io: Io },
): Played {
  const deployment = all.find(
    ({ kind, name, namespace }) =>
      kind === 'Deployment' &&
      name === release.spec.targetRef.name &&
      namespace === release.manifest.namespace,
  );
  const { replicas, from } = replicasOf(release, deployment, flags.replicas);
  const beginMs = beginOf(samples, flags.begin) ?? Math.floor(io.now() / 1000) * 1000;
  const assumed: Assumed = { replicasFrom: from, podStartMs, hasSamples: samples !== undefined };
  const simulation = playedOrRefused(release, () =>
    simulate({
      release,
      known,
      replicas,
      beginMs,
      times: { startMs: podStartMs, minReadyMs: 1000 * numberIn(deployment, 'minReadySeconds', 0) },
      samples: samples?.map((sample) => ({
        ...sample,
        atMs: sample.atMs + (sample.isRelative ? beginMs : 0),
      })),
    }),
  );
  return { simulation, text: simulationText(simulation, assumed) };
}

/** What cannot be played is a fault of what was given. */
function playedOrRefused(release: KnownRelease, task: () => Simulation): Simulation {
  try {
    return task();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new UsageError(`${release.kind} ${release.manifest.name}: ${error.message}`);
  }
}

const MANY = 10;

function replicasOf(
  { spec }: KnownRelease,
  deployment: Manifest | undefined,
  flag: string | undefined,
): { replicas: number; from: string } {
  if (flag !== undefined) {
    const replicas = Number(flag);
    if (Number.isInteger(replicas) && replicas >= 1 && replicas <= 10_000)
      return { replicas, from: '--replicas' };
    throw new UsageError(`--replicas ${flag}: must be a number from 1 to 10000`);
  }
  if (spec.replicas !== undefined) return { replicas: spec.replicas, from: 'spec.replicas' };
  if (deployment)
    return { replicas: numberIn(deployment, 'replicas', 1), from: `Deployment ${deployment.name}` };
  return { replicas: MANY, from: 'assumed; say another number with --replicas' };
}

function numberIn(manifest: Manifest | undefined, field: string, fallback: number): number {
  const { spec } = manifest?.value ?? {};
  const value = isJson(spec) ? spec[field] : undefined;
  return typeof value === 'number' ? value : fallback;
}

async function samplesOf(
  { samples, begin }: SimulateFlags,
  releases: readonly KnownRelease[],
  io: Io,
): Promise<readonly Sample[] | undefined> {
  if (samples === undefined) {
    if (begin !== undefined) throw new UsageError('--begin belongs to --samples');
    return undefined;
  }
  if (releases.length !== 1) {
    throw new UsageError(
      `--samples belong to one release, and there are ${releases.length} in what was read`,
    );
  }
  const sources = await readSources([samples], io);
  return sources.flatMap(readSamples);
}

/** In ms since 1970; undefined where the samples do not say. */
function beginOf(samples: readonly Sample[] | undefined, begin: string | undefined): number | undefined {
  const isRelative = samples?.[0]?.isRelative ?? true;
  if (begin !== undefined) {
    const ms = fromIso(begin);
    if (Number.isNaN(ms)) throw new UsageError(`--begin ${begin}: must be like 2026-11-21T14:00:00Z`);
    if (isRelative)
      throw new UsageError('--begin: the samples have seconds since the release began, and no dates');
    return ms;
  }
  return isRelative ? undefined : (samples?.find(({ arm }) => arm === 'canary') ?? samples?.[0])?.atMs;
}

function readDuration(flag: string, text: string): number {
  try {
    return durationMs(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`${flag} ${text}: must be a duration such as 30s, 5m or 1h30m`);
  }
}

function jsonOf(played: readonly Played[]): string {
  return `${JSON.stringify({ releases: played.map(({ simulation }) => simulation) }, null, 2)}\n`;
}

function exitCodeOf(simulations: readonly Simulation[]): number {
  const outcomes = simulations.map(({ outcome }) => outcome);
  if (outcomes.includes('rolled back')) return 1;
  return outcomes.includes('held') ? 3 : 0;
}
