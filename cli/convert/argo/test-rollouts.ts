// SPDX-License-Identifier: Apache-2.0
// Test support: Rollouts and templates of Argo Rollouts as values.

export const WORKLOAD = { workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } };

export function rollout(strategy: object, more: object = WORKLOAD): object {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'web', namespace: 'shop' },
    spec: { ...more, strategy },
  };
}

export function canary(fields: object, more?: object): object {
  return rollout({ canary: { stableService: 'web', ...fields } }, more);
}

export function template(metrics: readonly object[], more: object = {}): object {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: { name: 'errors', namespace: 'shop' },
    spec: { metrics, ...more },
  };
}

export const PROMETHEUS = { prometheus: { address: 'http://prom:9090', query: 'errors' } };
export const METRIC = {
  name: 'errors',
  interval: '1m',
  successCondition: 'result[0] <= 5',
  provider: PROMETHEUS,
};
export const USED = canary({
  steps: [{ setWeight: 10 }, { analysis: { templates: [{ templateName: 'errors' }] } }],
});
