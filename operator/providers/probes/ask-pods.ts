// SPDX-License-Identifier: Apache-2.0
import { formatDuration } from '../../api/duration.ts';
import type { HttpQuestion, TcpQuestion } from '../../engine/analysis/probe-types.ts';
import { type PodAnswer, ProbeError, type ProbePort } from '../../kube/probe-port.ts';
import type { MetricsAnswer } from '../metrics/types.ts';
import type { FindPods, ProbedPod } from './types.ts';

export interface AskPodsParts {
  readonly findPods: FindPods;
  readonly port: ProbePort;
}

/** More pods of one template say no more. */
const MOST_PODS = 10;

interface PodResult {
  readonly pod: ProbedPod;
  /** What a good pod answered, what is wrong with one, or why nothing is known of it; the last is no evidence. */
  readonly good?: string;
  readonly bad?: string;
  readonly unknown?: string;
}

/**
 * Asks the ready pods of the judged revision, at most ten, all at once. All of them must answer well; one that does not is
 * named. Without a ready pod, and where a pod cannot be reached from here while none that can be fails, there is no
 * evidence: an `error`. Throws only the signal's reason.
 */
export async function askPods(
  question: HttpQuestion | TcpQuestion,
  parts: AskPodsParts,
  signal?: AbortSignal,
): Promise<MetricsAnswer> {
  const found = parts.findPods(question.pods);
  if ('none' in found) return { error: { kind: 'no-pod', detail: found.none } };
  const asked = found.pods.toSorted((a, b) => (a.name < b.name ? -1 : 1)).slice(0, MOST_PODS);
  const results = await Promise.all(asked.map((pod) => askPod(question, pod, { port: parts.port, signal })));
  const bad = results.filter((result) => result.bad !== undefined);
  const [worst] = bad;
  if (worst) return failure(question, worst, { bad: bad.length, all: asked.length });
  const unknown = results.find((result) => result.unknown !== undefined);
  if (unknown) return { error: { kind: 'no-pod', detail: `pod ${unknown.pod.name} ${unknown.unknown}` } };
  return success(question, results);
}

function failure(
  question: HttpQuestion | TcpQuestion,
  { pod, bad }: PodResult,
  counts: { readonly bad: number; readonly all: number },
): MetricsAnswer {
  const share = counts.all > 1 ? ` (${counts.bad} of ${counts.all} pods)` : '';
  return { outcome: { isGood: false, detail: `${subjectOf(question)} of pod ${pod.name} ${bad}${share}` } };
}

function success(question: HttpQuestion | TcpQuestion, results: readonly PodResult[]): MetricsAnswer {
  const answers = [...new Set(results.map(({ good }) => good))].join(', ');
  const [only] = results;
  const whose = results.length === 1 ? `pod ${only?.pod.name}` : `${results.length} pods`;
  return { outcome: { isGood: true, detail: `${subjectOf(question)} of ${whose} ${answers}` } };
}

const LONGEST_PATH = 60;

function subjectOf(question: HttpQuestion | TcpQuestion): string {
  const { port } = question.pods;
  if (question.kind === 'tcp') return `TCP :${port}`;
  const { path } = question;
  return `GET :${port}${path.length <= LONGEST_PATH ? path : `${path.slice(0, LONGEST_PATH - 1)}…`}`;
}

interface Way {
  readonly port: ProbePort;
  readonly signal?: AbortSignal | undefined;
}

async function askPod(
  question: HttpQuestion | TcpQuestion,
  pod: ProbedPod,
  { port, signal }: Way,
): Promise<PodResult> {
  const socket = { address: pod.address, port: pod.port, timeoutMs: question.timeoutMs, signal };
  try {
    if (question.kind === 'tcp') {
      await port.connect(socket);
      return { pod, good: 'accepted a connection' };
    }
    const { scheme, path } = question;
    return { pod, ...judged(question, await port.get({ ...socket, scheme, path })) };
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error;
    return { pod, ...notAnswered(error, question.timeoutMs) };
  }
}

function judged({ status, body }: HttpQuestion, answer: PodAnswer): Pick<PodResult, 'good' | 'bad'> {
  const isGoodCode = status ? status.includes(answer.status) : answer.status >= 200 && answer.status < 400;
  if (!isGoodCode)
    return { bad: `answered ${answer.status}, not ${status ? status.join(' or ') : '200 to 399'}` };
  if (body !== undefined && !answer.body.includes(body))
    return { bad: `answered ${answer.status} without ${JSON.stringify(body)} in its body` };
  return { good: `answered ${answer.status}` };
}

/** A pod that is ready and refuses, breaks or is slow has failed; one that no way leads to from here has said nothing. */
function notAnswered(error: ProbeError, timeoutMs: number): Pick<PodResult, 'bad' | 'unknown'> {
  switch (error.failure) {
    case 'unreachable':
    case 'forbidden':
      return { unknown: error.message };
    case 'slow':
      return { bad: `did not answer within ${formatDuration(timeoutMs)}` };
    case 'refused':
    case 'broken':
      return { bad: error.message };
  }
}
