// SPDX-License-Identifier: Apache-2.0
// Test support: a question for a Job, its CronJob, and Jobs and pods as the API server shows them.
import type { JobQuestion } from '../../engine/analysis/probe-types.ts';
import type { KubeObject } from '../../kube/objects.ts';

export const question: JobQuestion = {
  kind: 'job',
  namespace: 'shop',
  name: 'web-smoke-bcdfghjk',
  cronJob: 'smoke',
  labels: { 'headway.dev/canary': 'web', 'headway.dev/check': 'smoke' },
  owner: { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: 'web', uid: 'uid-web' },
  env: { HEADWAY_REVISION: 'new', HEADWAY_SERVICE: 'web' },
  timeoutMs: 60_000,
};

/** `spec` goes into that of the Job, `pod` into that of its pod. */
export function cronJob({ spec = {}, pod = {} }: { spec?: object; pod?: object } = {}): KubeObject {
  const containers = [{ name: 'smoke', image: 'smoke:1', env: [{ name: 'MODE', value: 'fast' }] }];
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'smoke', namespace: 'shop' },
    spec: {
      schedule: '0 0 1 1 *',
      suspend: true,
      jobTemplate: {
        metadata: {
          labels: { team: 'shop', 'app.kubernetes.io/instance': 'argo' },
          annotations: { note: 'x' },
        },
        spec: {
          backoffLimit: 0,
          ...spec,
          template: { spec: { restartPolicy: 'Never', containers, ...pod } },
        },
      },
    },
  };
}

export const CREATED = '2026-11-21T14:00:00Z';

interface JobParts {
  readonly name?: string;
  readonly uid?: string;
  readonly owner?: string;
  readonly created?: string;
  readonly deleting?: boolean;
  readonly spec?: object;
  readonly status?: object;
  readonly conditions?: readonly object[];
}

export function jobOf(parts: JobParts = {}): KubeObject {
  const { name = question.name, owner = question.owner.uid, created = CREATED, status, conditions } = parts;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace: 'shop',
      uid: parts.uid ?? `uid-${name}`,
      creationTimestamp: created,
      ownerReferences: [{ ...question.owner, uid: owner }],
      ...(parts.deleting ? { deletionTimestamp: created } : {}),
    },
    spec: { ...parts.spec },
    status: { startTime: created, ...status, ...(conditions ? { conditions } : {}) },
  };
}

export const COMPLETE = { type: 'Complete', status: 'True' };
export const BACKOFF = {
  type: 'Failed',
  status: 'True',
  reason: 'BackoffLimitExceeded',
  message: 'too often',
};

/** The pod of the Job with that status, and its only container in that state. */
export function podOf(state: object | undefined, status: object = {}, created = CREATED): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${question.name}-${created.slice(-3, -1)}`,
      namespace: 'shop',
      creationTimestamp: created,
    },
    status: { ...(state ? { containerStatuses: [{ name: 'smoke', state }] } : {}), ...status },
  };
}
