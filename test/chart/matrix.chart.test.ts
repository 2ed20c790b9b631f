// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { ROUTER_NAMES, type RouterName } from '../../operator/api/traffic.ts';
import { grantsOf, MONITORING, namesOf, one, render, type Rendered } from './rendered.ts';

const SCOPES = [{ scope: 'Cluster' }, { scope: 'Namespaced', namespaces: ['shop', 'cart'] }] as const;
const SERVED: readonly (readonly RouterName[])[] = [[], ...ROUTER_NAMES.map((name) => [name]), ROUTER_NAMES];
const enabled = { enabled: true };

/** Everything that can be left out, all of it in or all of it out. */
const TOGGLES: Readonly<Record<string, object>> = {
  'everything on': {
    networkPolicy: { egress: enabled },
    monitoring: { serviceMonitor: enabled, prometheusRule: enabled, dashboard: enabled },
  },
  'everything off': {
    crds: { enabled: false },
    replicas: 1,
    operator: { leaderElection: false, metricsAddress: 'off' },
    rbac: { create: false },
    serviceAccount: { create: false, name: 'theirs' },
    networkPolicy: { enabled: false },
    podDisruptionBudget: { enabled: false },
  },
  'the defaults': {},
};

function trafficOf(served: readonly RouterName[]) {
  return Object.fromEntries(ROUTER_NAMES.map((name) => [name, { enabled: served.includes(name) }]));
}

const cases = SCOPES.flatMap((scope) =>
  SERVED.flatMap((served) =>
    Object.entries(TOGGLES).map(([title, toggles]) => ({
      title: `${scope.scope}, ${served.join(' ') || 'no router'}, ${title}`,
      values: { ...scope, traffic: trafficOf(served), ...toggles },
      served,
      scope,
    })),
  ),
);

/** What each router needs, and without it nobody does. */
const GROUPS: Readonly<Record<string, readonly RouterName[]>> = {
  'ingresses.networking.k8s.io': ['ingress', 'alb'],
  'httproutes.gateway.networking.k8s.io': ['gateway'],
  'traefikservices.traefik.io': ['traefik'],
  'virtualservices.networking.istio.io': ['istio'],
};

describe('the chart', () => {
  it.each(cases)('is sound with $title', async ({ values, served, scope }) => {
    const objects = await render({ values, apiVersions: MONITORING });
    expect(new Set(namesOf(objects)).size).toBe(objects.length);
    for (const object of objects) expectWhole(object);
    expect(argumentsOf(objects)).toContain(`--routers=${[...served].toSorted().join(',') || 'none'}`);
    const namespaces = 'namespaces' in scope ? scope.namespaces.join(',') : undefined;
    expect(argumentsOf(objects).filter((each) => each.startsWith('--namespaces='))).toEqual(
      namespaces === undefined ? [] : [`--namespaces=${namespaces}`],
    );
    expectRights(objects, served);
  });
});

function argumentsOf(objects: readonly Rendered[]): string[] {
  return one(objects, 'Deployment').spec.template.spec.containers[0].args;
}

function expectWhole(object: Rendered): void {
  expect(object).toMatchObject({ apiVersion: expect.any(String), kind: expect.any(String) });
  expect(object.metadata.labels).toMatchObject({
    'app.kubernetes.io/name': 'headway',
    'app.kubernetes.io/instance': 'headway',
    'helm.sh/chart': expect.stringMatching(/^headway-/),
  });
  expect(JSON.stringify(object)).not.toMatch(/<no value>|%!/);
}

/** Of each kind of route the operator reads what it is started for, and has no right to any other. */
function expectRights(objects: readonly Rendered[], served: readonly RouterName[]): void {
  const roles = objects.filter(
    ({ kind, metadata }) => kind.endsWith('Role') && /^headway(-headway-system)?$/.test(metadata.name),
  );
  if (roles.length === 0) return;
  const grants = roles.flatMap(({ rules }) => grantsOf(rules));
  for (const [resource, routers] of Object.entries(GROUPS)) {
    expect([resource, grants.includes(`list ${resource}`)]).toEqual([
      resource,
      routers.some((router) => served.includes(router)),
    ]);
  }
}
