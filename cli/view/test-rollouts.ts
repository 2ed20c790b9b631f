// SPDX-License-Identifier: Apache-2.0
// Test support: objects as the API server sends them, in the states that a person may find them in.
import type { CheckStatus, SampleStatus } from '../../operator/api/analysis-status.ts';
import { CanarySpec } from '../../operator/api/canary.ts';
import { API_VERSION } from '../../operator/api/group.ts';
import { type RolloutStatus, UNSEEN } from '../../operator/api/rollout-status.ts';
import { specOfCanary } from '../../operator/engine/canary/rollout-of.ts';
import { stepsHash } from '../../operator/engine/rollout/steps.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';

/** 14:06:22 on the day of the objects. */
export const NOW_MS = Date.UTC(2026, 2, 1, 14, 6, 22);

export const T = (clock: string): string => `2026-03-01T${clock}.000Z`;

const CHECKS = [
  { name: 'success-rate', provider: 'prometheus', metric: 'request-success-rate', min: 99 },
  { name: 'p95-latency', provider: 'prometheus', metric: 'request-duration', quantile: 95, max: 500 },
];

const CANARY_SPEC = {
  targetRef: { kind: 'Deployment', name: 'checkout' },
  service: { name: 'checkout' },
  traffic: { gateway: { routes: [{ kind: 'HTTPRoute', name: 'checkout' }] } },
  steps: [
    { setWeight: 10 },
    { pause: { duration: '2m' } },
    { setWeight: 25 },
    { analysis: { duration: '5m', checks: CHECKS } },
    { setWeight: 50 },
    { pause: {} },
  ],
};

const CANARY_HASH = stepsHash(specOfCanary(CanarySpec.parse(CANARY_SPEC)).steps);

export const METADATA = {
  name: 'checkout',
  namespace: 'shop',
  uid: 'u1',
  generation: 1,
  resourceVersion: '41',
  creationTimestamp: '2026-02-20T08:00:00Z',
};

export function canary(status: Partial<RolloutStatus> | undefined, metadata: object = {}): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: 'Canary',
    metadata: { ...METADATA, ...metadata },
    spec: CANARY_SPEC,
    ...(status ? { status: { observedGeneration: 1, ...status } } : {}),
  };
}

type ConditionRow = readonly [type: string, status: 'True' | 'False' | 'Unknown', reason: string];

/** The conditions of a row of the status contract. */
export function conditions(message: string, ...rows: readonly ConditionRow[]) {
  return rows.map(([type, status, reason]) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: T('14:02:10'),
    observedGeneration: 1,
  }));
}

export const stable = { revision: 'aaa', version: '1.4.2', since: '2026-02-27T09:30:00.000Z' };
export const next = { revision: 'bbb', version: '1.5.0', since: T('14:02:10') };

export function step(index: number, startedAt = T('14:05:10')) {
  const count = CANARY_SPEC.steps.length;
  return { index, count, position: `${Math.min(index + 1, count)}/${count}`, hash: CANARY_HASH, startedAt };
}

export function sample(
  clock: string,
  value: number | undefined,
  more: Partial<SampleStatus> = {},
): SampleStatus {
  return { at: T(clock), ...(value === undefined ? {} : { value, good: true }), ...more };
}

export function check(fields: Partial<CheckStatus> & Pick<CheckStatus, 'name' | 'verdict'>): CheckStatus {
  return { query: 'q', good: 0, bad: 0, samples: [], ...fields };
}

const RATES = [99.52, 99.6, 99.41].map((value, at) =>
  sample(`14:05:${20 + 19 * at}`, value, {
    stable: 99.62,
    arms: { canary: { requests: 340, errors: 2 }, stable: { requests: 1020, errors: 4 } },
  }),
);
const LATENCIES = [230, 371, 412].map((value, at) => sample(`14:05:${20 + 19 * at}`, value, { stable: 230 }));

const MID_MESSAGE =
  'step 4/6, 25% on 1.5.0; success-rate 99.4% >= 99% (3 of 5 checks), p95-latency 412 ms <= 500 ms (3 of 5 checks)';

/** A Canary in the analysis of its fourth step. */
export const MID_CANARY = canary({
  phase: 'Progressing',
  stage: 'Stepping',
  message: MID_MESSAGE,
  next: '50%',
  stable,
  canary: next,
  step: step(3),
  weight: { desired: 25, observed: 25, route: 25, setSince: T('14:04:58') },
  analysis: {
    step: {
      startedAt: T('14:05:10'),
      step: 3,
      revision: 'bbb',
      checks: [
        check({
          name: 'success-rate',
          verdict: 'Running',
          limit: '>= 99%',
          reason: 'success-rate 99.4% >= 99% (3 of 5 checks)',
          good: 3,
          needed: 5,
          samples: RATES,
        }),
        check({
          name: 'p95-latency',
          verdict: 'Running',
          limit: '<= 500 ms',
          reason: 'p95-latency 412 ms <= 500 ms (3 of 5 checks)',
          good: 3,
          needed: 5,
          samples: LATENCIES,
        }),
      ],
    },
  },
  allowedActions: ['promote-full', 'skip-step', 'pause', 'abort'],
  history: [
    {
      revision: 'aaa',
      version: '1.4.2',
      outcome: 'Promoted',
      reason: 'Succeeded',
      message: '1.4.2 promoted; it replaces 1.4.1',
      startedAt: '2026-02-27T09:00:00.000Z',
      finishedAt: '2026-02-27T09:30:00.000Z',
      duration: '30m',
    },
  ],
  conditions: conditions(
    MID_MESSAGE,
    ['Ready', 'False', 'Progressing'],
    ['Reconciling', 'True', 'Progressing'],
  ),
});

const FAILED_MESSAGE =
  'success-rate: the canary has 27.8% errors (5 of 18), more than 1.25 times the 0% of stable; evidence 1300 to 1 at 25%; all traffic on 1.4.2 since 14:05:31 (0.3 s)';

/** A Canary that was rolled back. */
export const ROLLED_BACK = canary({
  phase: 'RolledBack',
  stage: 'RolledBack',
  message: FAILED_MESSAGE,
  next: 'a new template',
  stable,
  canary: next,
  step: step(3),
  weight: { desired: 0, observed: 0, route: 0, setSince: T('14:05:31') },
  failure: {
    reason: 'AnalysisFailed',
    message:
      'success-rate: the canary has 27.8% errors (5 of 18), more than 1.25 times the 0% of stable; evidence 1300 to 1',
    at: T('14:05:30'),
    step: 3,
    weight: 25,
    restoredAt: T('14:05:31'),
  },
  analysis: {
    step: {
      startedAt: T('14:05:10'),
      step: 3,
      revision: 'bbb',
      checks: [
        check({
          name: 'success-rate',
          verdict: 'Failed',
          limit: '>= 99%',
          reason: 'success-rate: the canary has 27.8% errors (5 of 18)',
          good: 1,
          bad: 1,
          needed: 5,
          samples: [
            sample('14:05:20', 99.5, { stable: 99.6 }),
            sample('14:05:30', 72.2, {
              good: false,
              stable: 100,
              arms: { canary: { requests: 18, errors: 5 }, stable: { requests: 60, errors: 0 } },
            }),
          ],
        }),
      ],
    },
  },
  allowedActions: ['retry', 'rollback'],
  previous: [
    { revision: 'zzz', version: '1.4.1' },
    { revision: 'yyy', version: '1.4.0' },
  ],
  history: [
    {
      revision: 'bbb',
      version: '1.5.0',
      outcome: 'RolledBack',
      reason: 'AnalysisFailed',
      message: FAILED_MESSAGE,
      startedAt: T('14:02:10'),
      finishedAt: T('14:05:31'),
      duration: '3m21s',
    },
  ],
  conditions: conditions(
    FAILED_MESSAGE,
    ['Ready', 'False', 'AnalysisFailed'],
    ['Stalled', 'True', 'AnalysisFailed'],
    ['RolledBack', 'True', 'AnalysisFailed'],
  ),
});

const WAITING_MESSAGE = 'step 6/6, 50% on 1.5.0; waits until somebody promotes';

/** A Canary at a pause that a person ends. */
export const WAITING = canary({
  phase: 'Paused',
  stage: 'Stepping',
  message: WAITING_MESSAGE,
  next: 'promotion',
  stable,
  canary: next,
  step: step(5, T('14:05:50')),
  weight: { desired: 50, observed: 50, route: 50, setSince: T('14:05:40') },
  pause: { by: 'Step', since: T('14:05:50') },
  allowedActions: ['promote', 'promote-full', 'skip-step', 'pause', 'abort'],
  lastAction: {
    verb: 'skip-step',
    revision: 'bbb',
    nonce: 'n0',
    at: T('14:05:38'),
    result: 'Accepted',
  },
  conditions: conditions(
    WAITING_MESSAGE,
    ['Ready', 'False', 'WaitingForApproval'],
    ['Reconciling', 'True', 'WaitingForApproval'],
    ['Paused', 'True', 'WaitingForApproval'],
  ),
});

const NO_DATA_MESSAGE =
  'step 4/6, 25% on 1.5.0; success-rate: no data from prometheus (connection refused) since 14:05:10; weight held';

/** A Canary whose metrics are missing. */
export const NO_DATA = canary({
  phase: 'Holding',
  stage: 'Stepping',
  message: NO_DATA_MESSAGE,
  next: '50%',
  stable,
  canary: next,
  step: step(3),
  weight: { desired: 25, observed: 25, route: 25 },
  analysis: {
    step: {
      startedAt: T('14:05:10'),
      step: 3,
      revision: 'bbb',
      checks: [
        check({
          name: 'success-rate',
          verdict: 'Holding',
          limit: '>= 99%',
          reason: 'success-rate: no data from prometheus (connection refused) since 14:05:10',
          needed: 5,
          noDataSince: T('14:05:10'),
          samples: [sample('14:05:10', undefined, { noData: 'ProviderError', detail: 'connection refused' })],
        }),
        check({ name: 'p95-latency', verdict: 'Pending', limit: '<= 500 ms', needed: 5 }),
      ],
    },
  },
  allowedActions: ['promote-full', 'skip-step', 'pause', 'abort'],
  conditions: conditions(NO_DATA_MESSAGE, ['Ready', 'False', 'NoData'], ['Reconciling', 'True', 'NoData']),
});

const INVALID_MESSAGE =
  'the spec is invalid: spec.steps[1].pause.duration: must be a duration from 1s to 168h; spec.analysis.checks[0].max: say what is good: set max, min, successCondition or compare';

/** A Canary whose spec breaks rules. */
export const INVALID: KubeObject = {
  ...canary({
    phase: 'Invalid',
    message: INVALID_MESSAGE,
    stable,
    conditions: conditions(
      INVALID_MESSAGE,
      ['Ready', 'False', 'InvalidSpec'],
      ['Stalled', 'True', 'InvalidSpec'],
    ),
  }),
  spec: { ...CANARY_SPEC, steps: [{ setWeight: 10 }, { pause: { duration: '0s' } }] },
};

const HEALTHY_MESSAGE = 'all traffic on 1.5.0 since 14:05:40';

/** A Canary at rest. */
export const HEALTHY = canary({
  phase: 'Healthy',
  stage: 'Idle',
  message: HEALTHY_MESSAGE,
  next: 'a new template',
  stable: { revision: 'bbb', version: '1.5.0', since: T('14:05:40') },
  weight: { desired: 0, observed: 0, route: 0 },
  allowedActions: ['rollback'],
  previous: [
    { revision: 'aaa', version: '1.4.2' },
    { revision: 'zzz', version: '1.4.1' },
  ],
  history: [
    {
      revision: 'bbb',
      version: '1.5.0',
      outcome: 'Promoted',
      reason: 'Succeeded',
      message: '1.5.0 promoted; it replaces 1.4.2',
      startedAt: T('14:02:10'),
      finishedAt: T('14:05:40'),
      duration: '3m30s',
    },
  ],
  conditions: conditions(HEALTHY_MESSAGE, ['Ready', 'True', 'Succeeded'], ['Promoted', 'True', 'Succeeded']),
});

/** A Canary that no operator has looked at. */
export const UNSEEN_CANARY = canary(UNSEEN);
