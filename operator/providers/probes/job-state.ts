// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { formatDuration } from '../../api/duration.ts';
import { clockOf, fromIso } from '../../engine/time.ts';
import type { KubeObject } from '../../kube/objects.ts';

/**
 * What a Job says. `running` and `not-started` are no evidence: the first will be, the second needs somebody. Words
 * follow the name of the Job. `log`: whose last lines say more.
 */
export type JobState =
  | { readonly kind: 'completed' | 'running' | 'not-started'; readonly words: string }
  | { readonly kind: 'failed'; readonly words: string; readonly log?: PodLog | undefined };

export interface PodLog {
  readonly pod: string;
  readonly container: string;
}

/** A pod is made, given a node and an image within this time, mostly. */
const USUAL_START_MS = 30_000;

const Condition = z.looseObject({
  type: z.string(),
  status: z.string(),
  reason: z.string().optional(),
  message: z.string().optional(),
});
const Conditions = z.array(Condition).nullish();

const JobShape = z.looseObject({
  metadata: z.looseObject({ creationTimestamp: z.string().optional() }),
  spec: z.looseObject({ activeDeadlineSeconds: z.number().nullish() }).default({}),
  status: z
    .looseObject({
      startTime: z.string().nullish(),
      completionTime: z.string().nullish(),
      conditions: Conditions,
    })
    .default({}),
});
type JobShape = z.infer<typeof JobShape>;

const Waiting = z.looseObject({ reason: z.string().optional(), message: z.string().optional() });
const Terminated = z.looseObject({ exitCode: z.number().default(0), reason: z.string().optional() });
const ContainerStatus = z.looseObject({
  name: z.string(),
  state: z
    .looseObject({
      waiting: Waiting.nullish(),
      running: z.looseObject({ startedAt: z.string().nullish() }).nullish(),
      terminated: Terminated.nullish(),
    })
    .nullish(),
});

const PodShape = z.looseObject({
  metadata: z.looseObject({ name: z.string(), creationTimestamp: z.string().optional() }),
  status: z
    .looseObject({
      phase: z.string().optional(),
      reason: z.string().optional(),
      conditions: Conditions,
      containerStatuses: z.array(ContainerStatus).nullish(),
      initContainerStatuses: z.array(ContainerStatus).nullish(),
    })
    .default({}),
});
type PodShape = z.infer<typeof PodShape>;

interface Moment {
  readonly nowMs: number;
  readonly timeoutMs: number;
}

/** What a Job and its pods say at `nowMs`; `timeoutMs` counts from when the first container runs. */
export function jobStateOf(
  job: KubeObject,
  pods: readonly KubeObject[],
  { nowMs, timeoutMs }: Moment,
): JobState {
  const shape = JobShape.parse(job);
  const known = pods.map((pod) => PodShape.parse(pod)).toSorted(newestFirst);
  const complete = conditionOf(shape.status.conditions, 'Complete');
  if (complete) return { kind: 'completed', words: `completed${tookText(shape)}` };
  const failed = conditionOf(shape.status.conditions, 'Failed');
  if (failed) return failedState(failed, known);
  return activeState(shape, known, { nowMs, timeoutMs });
}

function newestFirst(a: PodShape, b: PodShape): number {
  return (b.metadata.creationTimestamp ?? '') < (a.metadata.creationTimestamp ?? '') ? -1 : 1;
}

function conditionOf(conditions: z.infer<typeof Conditions>, type: string) {
  return conditions?.find((condition) => condition.type === type && condition.status === 'True');
}

function tookText({ status: { startTime, completionTime } }: JobShape): string {
  const tookMs = fromIso(completionTime ?? undefined) - fromIso(startTime ?? undefined);
  return Number.isFinite(tookMs) ? ` in ${formatDuration(Math.max(tookMs, 1000))}` : '';
}

/** The Job controller has ended its pods, so that nobody knows whether they ran. */
const ENDED_FROM_OUTSIDE = 'DeadlineExceeded';

function failedState(
  { reason = 'Failed', message }: z.infer<typeof Condition>,
  pods: readonly PodShape[],
): JobState {
  if (reason === ENDED_FROM_OUTSIDE)
    return {
      kind: 'not-started',
      words: 'was ended at its activeDeadlineSeconds; whether it ran is not known',
    };
  const outcomes = pods.filter(({ status }) => status.phase === 'Failed').map(outcomeOf);
  const own = outcomes.find(({ exitCode }) => exitCode !== undefined);
  if (own) return { kind: 'failed', words: `failed (exit code ${own.exitCode})`, log: own.log };
  const [other] = outcomes;
  if (other) return { kind: 'not-started', words: `has no result: ${other.words}` };
  return { kind: 'failed', words: `failed (${reason}${message === undefined ? '' : `: ${message}`})` };
}

interface PodOutcome {
  /** Of the program that ended the pod; absent: it was not its own doing. */
  readonly exitCode?: number;
  readonly words: string;
  readonly log?: PodLog;
}

/** Reasons of a container that never ran. */
const NEVER_RAN = ['StartError', 'ContainerCannotRun'];

function outcomeOf({ metadata, status }: PodShape): PodOutcome {
  const disrupted = conditionOf(status.conditions, 'DisruptionTarget');
  const why = disrupted?.reason ?? status.reason;
  if (why !== undefined) return { words: `its pod was ended (${why})` };
  const ended = containersOf(status).find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  const { exitCode = 0, reason = '' } = ended?.state?.terminated ?? {};
  if (!ended || NEVER_RAN.includes(reason))
    return { words: `its container could not be started${reason === '' ? '' : ` (${reason})`}` };
  return { exitCode, words: '', log: { pod: metadata.name, container: ended.name } };
}

function containersOf({ initContainerStatuses, containerStatuses }: PodShape['status']) {
  return [...(initContainerStatuses ?? []), ...(containerStatuses ?? [])];
}

/** The pods of a Job are gone when it is ended at its activeDeadlineSeconds; it is spoken of while there is a log. */
const BEFORE_DEADLINE_MS = 5000;

/** How long a container that runs since then may run. */
function leftMs({ spec, status }: JobShape, startedMs: number, timeoutMs: number): number {
  const endsMs = fromIso(status.startTime ?? undefined) + (spec.activeDeadlineSeconds ?? Number.NaN) * 1000;
  return Number.isNaN(endsMs) ? timeoutMs : Math.min(timeoutMs, endsMs - BEFORE_DEADLINE_MS - startedMs);
}

function activeState(job: JobShape, pods: readonly PodShape[], { nowMs, timeoutMs }: Moment): JobState {
  const [newest] = pods;
  if (!newest) return waitingState(nowMs, job.metadata.creationTimestamp, NO_POD);
  const running = containersOf(newest.status).find(({ state }) => state?.running);
  if (!running) return pendingState(newest, nowMs);
  const startedMs = fromIso(running.state?.running?.startedAt ?? undefined);
  const moment = { startedMs, nowMs, timeoutMs: leftMs(job, startedMs, timeoutMs) };
  return runningState({ pod: newest.metadata.name, container: running.name }, moment);
}

const NO_POD = 'it has no pod (a quota or an admission?)';

function pendingState(pod: PodShape, nowMs: number): JobState {
  const { phase = 'Pending' } = pod.status;
  if (phase === 'Failed' || hasRun(pod)) return { kind: 'running', words: 'has failed, and is tried again' };
  const complaint = complaintOf(pod);
  if (complaint !== undefined) return { kind: 'not-started', words: `cannot start: ${complaint}` };
  return waitingState(nowMs, pod.metadata.creationTimestamp, `its pod is ${phase}`);
}

/** Its kubelet starts it again; how often is up to the Job. */
function hasRun({ status }: PodShape): boolean {
  return containersOf(status).some(({ state }) => state?.waiting?.reason === 'CrashLoopBackOff');
}

function waitingState(nowMs: number, since: string | undefined, what: string): JobState {
  return nowMs - fromIso(since) > USUAL_START_MS
    ? { kind: 'not-started', words: `cannot start: ${what}; kubectl describe says more` }
    : { kind: 'running', words: 'starts' };
}

function runningState(
  log: PodLog,
  { startedMs, nowMs, timeoutMs }: Moment & { readonly startedMs: number },
): JobState {
  if (nowMs - startedMs <= timeoutMs || Number.isNaN(startedMs))
    return { kind: 'running', words: Number.isNaN(startedMs) ? 'runs' : `runs since ${clockOf(startedMs)}` };
  return { kind: 'failed', words: `did not complete within ${formatDuration(timeoutMs)}`, log };
}

/** Waiting for these is the usual way to begin. */
const USUAL = ['ContainerCreating', 'PodInitializing'];

function complaintOf({ status }: PodShape): string | undefined {
  const unscheduled = status.conditions?.find(
    ({ type, status: is, reason }) => type === 'PodScheduled' && is === 'False' && reason === 'Unschedulable',
  );
  if (unscheduled) return `its pod cannot be scheduled${said(unscheduled.message)}`;
  for (const { state } of containersOf(status)) {
    const { reason, message } = state?.waiting ?? {};
    if (reason !== undefined && !USUAL.includes(reason)) return `${reason}${said(message)}`;
  }
  return undefined;
}

function said(message: string | undefined): string {
  return message === undefined || message === '' ? '' : ` (${message})`;
}
