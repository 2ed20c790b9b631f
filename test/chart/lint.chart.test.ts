// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { helmLint, helmTemplate } from './helm.ts';

describe('helm lint --strict', () => {
  it.each<[string, object]>([
    ['the defaults', {}],
    ['some namespaces', { scope: 'Namespaced', namespaces: ['shop', 'cart'] }],
    ['one replica without an election', { replicas: 1, operator: { leaderElection: false } }],
    ['a dashboard and alerts', { monitoring: { dashboard: { enabled: true } } }],
  ])('finds no fault with %s', async (_, values) => {
    expect(await helmLint(values)).toContain('1 chart(s) linted, 0 chart(s) failed');
  });
});

const MONITORED = { enabled: true };
const DIGEST = 'sha256:beef';

/** Values that the schema refuses, and where it says so. */
const REFUSED: readonly (readonly [object, RegExp])[] = [
  [{ replica: 2 }, /additional properties 'replica' not allowed/],
  [{ operator: { worker: 3 } }, /\/operator.*additional properties 'worker' not allowed/s],
  [{ traffic: { nginx: { enabled: true } } }, /\/traffic.*'nginx' not allowed/s],
  [{ scope: 'Namespace' }, /\/scope.*'Cluster', 'Namespaced'/s],
  [{ operator: { workers: 0 } }, /\/operator\/workers/],
  [{ operator: { logLevel: 'loud' } }, /\/operator\/logLevel/],
  [{ operator: { shutdownGrace: '4' } }, /\/operator\/shutdownGrace/],
  [{ operator: { healthAddress: 'off' } }, /\/operator\/healthAddress/],
  [{ operator: { metricsAddress: false } }, /\/operator\/metricsAddress/],
  [{ image: { digest: DIGEST } }, /\/image\/digest/],
  [{ namespaces: ['Shop'] }, /\/namespaces\/0/],
  [{ monitoring: { serviceMonitor: { mode: 'maybe' } } }, /\/monitoring\/serviceMonitor\/mode/],
  [{ replicas: '2' }, /\/replicas.*want integer/s],
];

/** Values that do not go together, and the sentence about them. */
const TOGETHER: readonly (readonly [object, string])[] = [
  [
    { scope: 'Namespaced' },
    'scope is Namespaced, but namespaces is empty: name the namespaces that are served, or set scope to Cluster',
  ],
  [
    { namespaces: ['shop', 'cart'] },
    'namespaces names shop, cart, but scope is Cluster, which serves all: set scope to Namespaced, or leave namespaces empty',
  ],
  [
    { operator: { leaderElection: false } },
    'replicas is 2, but operator.leaderElection is false, so that all of them would write: switch it on, or set replicas to 1',
  ],
  [
    { networkPolicy: { metricsFrom: [{ podSelector: {} }] }, operator: { metricsAddress: ':8081' } },
    'networkPolicy.metricsFrom is given, but metrics are served at the port of health, :8081, which everybody may reach: give operator.metricsAddress a port of its own',
  ],
  [
    { serviceAccount: { create: false } },
    'serviceAccount.create is false, but serviceAccount.name is empty: name the service account that the operator runs as',
  ],
  [
    { operator: { shutdownGrace: '1m30s' } },
    'terminationGracePeriodSeconds is 30, but operator.shutdownGrace is 1m30s: the pod would be killed in the middle of a write; make it more than 90',
  ],
  [
    { operator: { shutdownGrace: '1h' }, terminationGracePeriodSeconds: 3600 },
    'terminationGracePeriodSeconds is 3600, but operator.shutdownGrace is 1h: the pod would be killed in the middle of a write; make it more than 3600',
  ],
  [
    { rbac: { configSecrets: { create: false, namespaces: ['shop'] } } },
    'rbac.configSecrets.namespaces is given, but the role for it is not made: set rbac.create and rbac.configSecrets.create to true',
  ],
  [
    { scope: 'Namespaced', namespaces: ['cart'], rbac: { configSecrets: { namespaces: ['shop'] } } },
    'rbac.configSecrets.namespaces names shop, which is not in namespaces, so that the operator would have no use for its Secrets',
  ],
  [
    { monitoring: { serviceMonitor: { ...MONITORED, mode: 'skip' } }, operator: { metricsAddress: 'off' } },
    'monitoring.serviceMonitor.enabled is true, but operator.metricsAddress is off: give it a port, such as ":8080"',
  ],
  [
    { monitoring: { prometheusRule: MONITORED } },
    'monitoring.prometheusRule.enabled is true, but the cluster does not know the kind PrometheusRule: install the CRDs of the Prometheus Operator first, or set monitoring.prometheusRule.mode to skip (without a cluster, helm template needs --api-versions monitoring.coreos.com/v1/PrometheusRule)',
  ],
];

describe('values that are refused', () => {
  it.each(REFUSED)('%j', async (values, words) => {
    await expect(helmTemplate({ values })).rejects.toThrow(words);
  });

  it.each(TOGETHER)('%j', async (values, sentence) => {
    await expect(helmTemplate({ values })).rejects.toThrow(`: ${sentence}`);
  });

  it('are told all at once', async () => {
    const values = { scope: 'Namespaced', operator: { leaderElection: false } };
    await expect(helmTemplate({ values })).rejects.toThrow(
      /scope is Namespaced, but .*; replicas is 2, but operator\.leaderElection/,
    );
  });

  it('are not those that a parent chart gives to each of its charts', async () => {
    const values = { enabled: true, global: { region: 'eu' } };
    expect(await helmTemplate({ values })).toContain('kind: Deployment');
  });
});
