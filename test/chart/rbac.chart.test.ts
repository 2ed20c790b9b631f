// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { grantsOf, namesOf, objectsIn, one, render, type Rendered } from './rendered.ts';
import { helmTemplate } from './helm.ts';

const root = resolve(import.meta.dirname, '../..');
const file = objectsIn(readFileSync(resolve(root, 'deploy/rbac.yaml'), 'utf8'));

function isRbac({ apiVersion, kind }: Rendered): boolean {
  return apiVersion.startsWith('rbac.') || kind === 'ServiceAccount';
}

describe('the roles of the whole cluster', () => {
  let objects: Rendered[];
  beforeAll(async () => {
    objects = (await render()).filter(isRbac);
  });

  it('are those of deploy/rbac.yaml, object by object', () => {
    expect(namesOf(objects).toSorted()).toEqual(namesOf(file.filter(isRbac)).toSorted());
  });

  it.each(
    file
      .filter(isRbac)
      .map((object): [string, Rendered] => [`${object.kind} ${object.metadata.name}`, object]),
  )('%s says the same', (_, { kind, metadata, rules, roleRef, subjects }) => {
    const made = one(objects, kind, metadata.name);
    expect(grantsOf(made.rules).toSorted()).toEqual(grantsOf(rules).toSorted());
    expect(made).toMatchObject({ metadata, ...(roleRef ? { roleRef, subjects } : {}) });
  });

  it('say why they are what they are', async () => {
    const yaml = await helmTemplate({ only: ['templates/rbac.yaml'] });
    const reasons = readFileSync(resolve(root, 'deploy/rbac.yaml'), 'utf8').match(/^ +# .*$/gm) ?? [];
    expect(reasons.length).toBeGreaterThan(20);
    for (const reason of reasons) expect(yaml).toContain(reason);
  });
});

describe('the roles of some namespaces', () => {
  const values = {
    scope: 'Namespaced',
    namespaces: ['shop', 'cart'],
    rbac: { configSecrets: { namespaces: ['shop'] } },
  };
  let objects: Rendered[];
  beforeAll(async () => {
    objects = (await render({ values })).filter(isRbac);
  });

  it('let the operator write nothing outside of them but its Lease', () => {
    const bound = objects
      .filter(({ kind }) => kind === 'ClusterRoleBinding')
      .flatMap(({ roleRef }) => grantsOf(one(objects, 'ClusterRole', roleRef.name).rules));
    expect(bound.toSorted()).toEqual(
      ['list', 'watch'].map((verb) => `${verb} metricsproviders.headway.dev`).toSorted(),
    );
    const places = objects
      .filter(({ kind }) => kind === 'Role')
      .map(({ metadata: { namespace } }) => namespace ?? 'none');
    expect(places.toSorted()).toEqual(['cart', 'headway-system', 'shop']);
  });

  it('are in each of them what the ClusterRole is elsewhere, without what belongs to the cluster', () => {
    const whole = grantsOf(one(file, 'ClusterRole', 'headway').rules).filter(
      (grant) => !grant.includes('metricsproviders'),
    );
    for (const namespace of values.namespaces) {
      const role = objects.find(({ kind, metadata }) => kind === 'Role' && metadata.namespace === namespace);
      expect(grantsOf(role?.rules).toSorted()).toEqual(whole.toSorted());
    }
  });

  it('bind Secrets only where that is asked for', () => {
    const bindings = objects.filter(({ roleRef }) => roleRef?.name.endsWith('-config-secrets'));
    expect(namesOf(bindings)).toEqual(['RoleBinding headway-headway-system-config-secrets in shop']);
  });

  it('have names of their own for each operator', async () => {
    const other = (await render({ namespace: 'team-b', values })).filter(isRbac);
    const clusterWide = (all: readonly Rendered[]) =>
      namesOf(all.filter(({ metadata }) => !metadata.namespace));
    const both = [...clusterWide(objects), ...clusterWide(other)];
    expect(new Set(both).size).toBe(both.length);
  });
});

describe('what can be left out', () => {
  it('is everything, for clusters whose administrators grant it', async () => {
    const objects = await render({ values: { rbac: { create: false } } });
    expect(objects.filter(({ apiVersion }) => apiVersion.startsWith('rbac.'))).toEqual([]);
  });

  it('is what people may do, and the role for Secrets', async () => {
    const values = { rbac: { userRoles: false, configSecrets: { create: false } } };
    const names = namesOf((await render({ values })).filter(({ kind }) => kind === 'ClusterRole'));
    expect(names).toEqual(['ClusterRole headway']);
  });

  it('is the Lease, where there is no election', async () => {
    const values = { replicas: 1, operator: { leaderElection: false } };
    const objects = await render({ values });
    expect(JSON.stringify(objects.flatMap(({ rules }) => grantsOf(rules)))).not.toContain('leases');
  });

  it('is writing Ingresses, where only an ALB is served', async () => {
    const values = { traffic: { ingress: { enabled: false } } };
    const grants = grantsOf(one(await render({ values }), 'ClusterRole', 'headway').rules);
    const onIngresses = grants.filter((grant) => grant.endsWith(' ingresses.networking.k8s.io'));
    expect(onIngresses.map((grant) => grant.split(' ')[0])).toEqual(['get', 'list', 'watch', 'patch']);
  });
});
