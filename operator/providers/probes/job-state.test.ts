// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { fromIso } from '../../engine/time.ts';
import { jobStateOf } from './job-state.ts';
import { BACKOFF, COMPLETE, CREATED, jobOf, podOf } from './test-jobs.ts';

function stateAt(job: ReturnType<typeof jobOf>, pods: Parameters<typeof jobStateOf>[1], afterMs = 10_000) {
  return jobStateOf(job, pods, { nowMs: fromIso(CREATED) + afterMs, timeoutMs: 60_000 });
}

function said(...given: Parameters<typeof stateAt>): string {
  const { kind, words } = stateAt(...given);
  return `${kind}: ${words}`;
}

const failed = (exitCode: number, reason?: string) => ({
  terminated: { exitCode, ...(reason ? { reason } : {}) },
});
const running = { running: { startedAt: '2026-11-21T14:00:03Z' } };
const waiting = (reason: string, message?: string) => ({
  waiting: { reason, ...(message ? { message } : {}) },
});
const FAILED = { phase: 'Failed' };
const LATER = '2026-11-21T14:00:05Z';

describe('a Job that has ended', () => {
  it.each([
    [
      'complete',
      jobOf({ conditions: [COMPLETE], status: { completionTime: '2026-11-21T14:00:07Z' } }),
      [],
      'completed: completed in 7s',
    ],
    [
      'complete at once',
      jobOf({ conditions: [COMPLETE], status: { completionTime: CREATED } }),
      [],
      'completed: completed in 1s',
    ],
    [
      'complete without times',
      jobOf({ conditions: [COMPLETE], status: { startTime: null } }),
      [],
      'completed: completed',
    ],
    ['failed', jobOf({ conditions: [BACKOFF] }), [podOf(failed(3), FAILED)], 'failed: failed (exit code 3)'],
    [
      'failed, and its pods are gone',
      jobOf({ conditions: [BACKOFF] }),
      [],
      'failed: failed (BackoffLimitExceeded: too often)',
    ],
    [
      'its pod was evicted',
      jobOf({ conditions: [BACKOFF] }),
      [podOf(failed(137), { ...FAILED, reason: 'Evicted' })],
      'not-started: has no result: its pod was ended (Evicted)',
    ],
    [
      'its pod was preempted',
      jobOf({ conditions: [BACKOFF] }),
      [
        podOf(failed(143), {
          ...FAILED,
          conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }],
        }),
      ],
      'not-started: has no result: its pod was ended (PreemptionByScheduler)',
    ],
    [
      'no program of that name',
      jobOf({ conditions: [BACKOFF] }),
      [podOf(failed(128, 'StartError'), FAILED)],
      'not-started: has no result: its container could not be started (StartError)',
    ],
    [
      'a pod that says nothing of its program',
      jobOf({ conditions: [BACKOFF] }),
      [podOf({}, FAILED)],
      'not-started: has no result: its container could not be started',
    ],
    [
      'evicted once, and failed by itself',
      jobOf({ conditions: [BACKOFF] }),
      [podOf(failed(137), { ...FAILED, reason: 'Evicted' }, LATER), podOf(failed(2), FAILED)],
      'failed: failed (exit code 2)',
    ],
    [
      'ended from outside',
      jobOf({ conditions: [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded' }] }),
      [],
      'not-started: was ended at its activeDeadlineSeconds; whether it ran is not known',
    ],
  ])('%s', (_title, job, pods, words) => {
    expect(said(job, pods)).toBe(words);
  });

  it('names the log of the newest pod that failed', () => {
    const pods = [podOf(failed(1), FAILED), podOf(failed(2), FAILED, LATER)];
    expect(stateAt(jobOf({ conditions: [BACKOFF] }), pods)).toEqual({
      kind: 'failed',
      words: 'failed (exit code 2)',
      log: { pod: 'web-smoke-bcdfghjk-05', container: 'smoke' },
    });
  });

  it('names the log of the init container that failed', () => {
    const status = { ...FAILED, initContainerStatuses: [{ name: 'migrate', state: failed(4) }] };
    expect(stateAt(jobOf({ conditions: [BACKOFF] }), [podOf(undefined, status)])).toMatchObject({
      words: 'failed (exit code 4)',
      log: { container: 'migrate' },
    });
  });
});

describe('a Job on its way', () => {
  const unschedulable = {
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
    ],
  };

  it.each([
    ['nothing of it yet', [], 10_000, 'running: starts'],
    [
      'nothing of it still',
      [],
      31_000,
      'not-started: cannot start: it has no pod (a quota or an admission?); kubectl describe says more',
    ],
    ['a pod that gets its image', [podOf(waiting('ContainerCreating'))], 10_000, 'running: starts'],
    [
      'a pod that does nothing',
      [podOf(waiting('ContainerCreating'), { phase: 'Pending' })],
      31_000,
      'not-started: cannot start: its pod is Pending; kubectl describe says more',
    ],
    [
      'an image that is not there',
      [podOf(waiting('ImagePullBackOff', 'Back-off pulling image "smoke:2"'))],
      10_000,
      'not-started: cannot start: ImagePullBackOff (Back-off pulling image "smoke:2")',
    ],
    [
      'no place',
      [podOf(undefined, unschedulable)],
      10_000,
      'not-started: cannot start: its pod cannot be scheduled (0/3 nodes are available)',
    ],
    ['a pod that runs', [podOf(running)], 60_000, 'running: runs since 14:00:03'],
    ['a pod that runs too long', [podOf(running)], 64_000, 'failed: did not complete within 1m'],
    [
      'a try that failed, and the next one',
      [podOf(failed(1), FAILED), podOf(running, {}, LATER)],
      10_000,
      'running: runs since 14:00:03',
    ],
    [
      'a try that failed, before the next one',
      [podOf(failed(1), FAILED)],
      50_000,
      'running: has failed, and is tried again',
    ],
  ])('%s', (_title, pods, afterMs, words) => {
    expect(said(jobOf(), pods, afterMs)).toBe(words);
  });

  it('that its kubelet starts again has run', () => {
    expect(said(jobOf(), [podOf(waiting('CrashLoopBackOff', 'back-off 10s'))], 50_000)).toBe(
      'running: has failed, and is tried again',
    );
  });

  it('is spoken of before the Job controller ends it with its pods, while there is a log', () => {
    const job = jobOf({ spec: { activeDeadlineSeconds: 30 } });
    expect(said(job, [podOf(running)], 25_000)).toBe('running: runs since 14:00:03');
    expect(stateAt(job, [podOf(running)], 25_001)).toEqual({
      kind: 'failed',
      words: 'did not complete within 22s',
      log: { pod: 'web-smoke-bcdfghjk-00', container: 'smoke' },
    });
  });
});
