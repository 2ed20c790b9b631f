// SPDX-License-Identifier: Apache-2.0
import { oneLine } from '../../engine/analysis/format.ts';
import type { JobQuestion } from '../../engine/analysis/probe-types.ts';
import type { QueryErrorKind } from '../../engine/analysis/query-types.ts';
import type { KubeClient } from '../../kube/client.ts';
import { isAlreadyExists, isForbidden, isInvalid, isNotFound, KubeApiError } from '../../kube/errors.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { objectPath, resources } from '../../kube/resources.ts';
import type { MetricsAnswer } from '../metrics/types.ts';
import { jobObject } from './job-object.ts';
import { jobStateOf, type JobState, type PodLog } from './job-state.ts';
import { logTail } from './log-tail.ts';

export interface AskJobParts {
  readonly client: Pick<KubeClient, 'get' | 'list' | 'create' | 'delete' | 'raw'>;
  /** In ms since 1970. */
  readonly now: () => number;
}

/** Ended Jobs of one check that are kept beside the newest. */
const KEPT_JOBS = 3;

/** Lines and bytes of a log that are read; a sentence has room for less. */
const TAIL = { lines: 20, bytes: 16_384 };

/**
 * What the Job of a question says. One that is not there is made; one that is, by whichever process, is taken as it is,
 * so that asking again and again runs it once. An `error` of kind job-running or job-not-started is no evidence; other
 * trouble with the API server is thrown.
 */
export async function askJob(
  question: JobQuestion,
  { client, now }: AskJobParts,
  signal?: AbortSignal,
): Promise<MetricsAnswer> {
  const call = { client, signal };
  const job = await findJob(question, call);
  if (!job) return startJob(question, call);
  const problem = problemOf(question, job);
  if (problem !== undefined) return notStarted(question, problem);
  const state = jobStateOf(job, await podsOf(job, call), { nowMs: now(), timeoutMs: question.timeoutMs });
  return answerOf(question, state, call);
}

interface Call {
  readonly client: AskJobParts['client'];
  readonly signal?: AbortSignal | undefined;
}

async function findJob({ namespace, name }: JobQuestion, { client, signal }: Call) {
  try {
    return await client.get(resources.jobs, { namespace, name }, { signal });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function problemOf({ owner }: JobQuestion, { metadata }: KubeObject): string | undefined {
  if (!metadata.ownerReferences?.some(({ uid }) => uid === owner.uid))
    return `belongs to somebody else and not to ${owner.kind} ${owner.name}`;
  return metadata.deletionTimestamp === undefined ? undefined : 'is about to be deleted';
}

async function startJob(question: JobQuestion, call: Call): Promise<MetricsAnswer> {
  const { namespace, cronJob } = question;
  const { client, signal } = call;
  try {
    const template = await client.get(resources.cronJobs, { namespace, name: cronJob }, { signal });
    await tidyUp(question, call);
    await client.create(resources.jobs, jobObject(question, template), { signal });
  } catch (error) {
    if (isNotFound(error))
      return failed('job-not-started', `there is no CronJob ${cronJob} in namespace ${namespace}; create it`);
    if (isForbidden(error) || isInvalid(error))
      return notStarted(question, `cannot be made: ${error.message}`);
    if (!isAlreadyExists(error)) throw error;
  }
  return failed('job-running', `Job ${question.name} starts`);
}

/** Of the Jobs that the check had before, those that still run are of no use any more, and only the newest are kept. */
async function tidyUp({ namespace, labels, name }: JobQuestion, { client, signal }: Call): Promise<void> {
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const { items } = await client.list(resources.jobs, { namespace, labelSelector, signal });
  const others = items.filter(({ metadata }) => metadata.name !== name).toSorted(newestFirst);
  const ended = others.filter(hasEnded);
  const useless = [...others.filter((job) => !hasEnded(job)), ...ended.slice(KEPT_JOBS)];
  for (const { metadata } of useless) {
    await deleteJob({ namespace, name: metadata.name ?? '', uid: metadata.uid }, { client, signal });
  }
}

function newestFirst(a: KubeObject, b: KubeObject): number {
  return (b.metadata.creationTimestamp ?? '') < (a.metadata.creationTimestamp ?? '') ? -1 : 1;
}

function hasEnded(job: KubeObject): boolean {
  const { kind } = jobStateOf(job, [], { nowMs: 0, timeoutMs: 0 });
  return kind === 'completed' || kind === 'failed';
}

async function deleteJob(
  { uid, ...ref }: { namespace: string; name: string; uid: string | undefined },
  { client, signal }: Call,
): Promise<void> {
  try {
    await client.delete(resources.jobs, ref, { uid, propagationPolicy: 'Background', signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function podsOf(job: KubeObject, { client, signal }: Call): Promise<readonly KubeObject[]> {
  const { namespace, uid } = job.metadata;
  const labelSelector = `batch.kubernetes.io/controller-uid=${uid}`;
  const { items } = await client.list(resources.pods, { namespace, labelSelector, signal });
  return items;
}

async function answerOf(question: JobQuestion, state: JobState, call: Call): Promise<MetricsAnswer> {
  const said = `Job ${question.name} ${oneLine(state.words)}`;
  switch (state.kind) {
    case 'completed':
      return { outcome: { isGood: true, detail: said } };
    case 'running':
      return failed('job-running', said);
    case 'not-started':
      return failed('job-not-started', said);
    case 'failed':
      return { outcome: { isGood: false, detail: said + (await lastWords(question, state.log, call)) } };
  }
}

async function lastWords(
  { namespace }: JobQuestion,
  log: PodLog | undefined,
  { client, signal }: Call,
): Promise<string> {
  if (!log) return '';
  const query = new URLSearchParams({
    container: log.container,
    tailLines: String(TAIL.lines),
    limitBytes: String(TAIL.bytes),
  });
  try {
    const path = objectPath(resources.pods, { namespace, name: log.pod }, 'log');
    const tail = logTail(await client.raw('GET', `${path}?${query.toString()}`, { signal }));
    return tail === '' ? ', and logged nothing' : `: "${tail}"`;
  } catch (error) {
    // the verdict stands without its log
    if (error instanceof KubeApiError) return ` (its log cannot be read: ${oneLine(error.message)})`;
    throw error;
  }
}

function notStarted({ name }: JobQuestion, words: string): MetricsAnswer {
  return failed('job-not-started', `Job ${name} ${oneLine(words)}`);
}

function failed(kind: QueryErrorKind, detail: string): MetricsAnswer {
  return { error: { kind, detail } };
}
