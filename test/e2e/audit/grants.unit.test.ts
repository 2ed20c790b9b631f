// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { deployedRights } from '../support/deployed.ts';
import { granted } from './grants.ts';
import { describeRight } from './rights.ts';

const account = { namespace: 'headway-system', name: 'headway' };
const subject = '{kind: ServiceAccount, name: headway, namespace: headway-system}';

function role(kind: string, metadata: string, rules: string): unknown {
  return parse(`{kind: ${kind}, metadata: ${metadata}, rules: ${rules}}`);
}

/** The ClusterRole `reader` with another rule. */
function readerOf(rule: string): unknown {
  return role('ClusterRole', '{name: reader}', `[${rule}]`);
}

function binding(kind: string, metadata: string, roleRef: string, subjects = `[${subject}]`): unknown {
  return parse(`{kind: ${kind}, metadata: ${metadata}, roleRef: ${roleRef}, subjects: ${subjects}}`);
}

const reader = role(
  'ClusterRole',
  '{name: reader}',
  '[{apiGroups: [""], resources: [pods, pods/log], verbs: [get]}]',
);
const local = role(
  'Role',
  '{name: jobs, namespace: shop}',
  '[{apiGroups: [batch], resources: [jobs], verbs: [list, delete]}]',
);
const everywhere = binding('ClusterRoleBinding', '{name: b}', '{kind: ClusterRole, name: reader}');

describe('granted', () => {
  it('is everywhere what a ClusterRoleBinding gives', () => {
    expect(granted([reader, everywhere], account)).toEqual([
      { role: 'ClusterRole reader', group: '', resource: 'pods', verb: 'get' },
      { role: 'ClusterRole reader', group: '', resource: 'pods/log', verb: 'get' },
    ]);
  });

  it('is in one namespace what a RoleBinding gives, of a Role as of a ClusterRole', () => {
    const ofRole = binding('RoleBinding', '{name: b, namespace: shop}', '{kind: Role, name: jobs}');
    const clusterRole = '{kind: ClusterRole, name: reader}';
    const ofClusterRole = binding('RoleBinding', '{name: c, namespace: web}', clusterRole);
    const found = granted([ofRole, ofClusterRole, local, reader], account);
    const texts = found.map((grant) => `${grant.namespace}: ${grant.role}: ${describeRight(grant)}`);
    expect(texts).toEqual([
      'shop: Role jobs in namespace shop: `list` on `jobs.batch`',
      'shop: Role jobs in namespace shop: `delete` on `jobs.batch`',
      'web: ClusterRole reader: `get` on `pods`',
      'web: ClusterRole reader: `get` on `pods/log`',
    ]);
  });

  it('has paths that are no resources', () => {
    const paths = readerOf('{nonResourceURLs: [/version], verbs: [get]}');
    expect(granted([paths, everywhere], account)).toEqual([
      { role: 'ClusterRole reader', group: '', resource: '/version', verb: 'get' },
    ]);
  });

  it('passes by what is bound to others, and all other objects', () => {
    const others = [
      '[{kind: ServiceAccount, name: headway, namespace: other}]',
      '[{kind: ServiceAccount, name: other, namespace: headway-system}]',
      '[{kind: User, name: headway, namespace: headway-system}]',
      '[{kind: Group, name: "system:serviceaccounts:headway-system"}]',
      'null',
    ].map((subjects) =>
      binding('ClusterRoleBinding', '{name: o}', '{kind: ClusterRole, name: all}', subjects),
    );
    const service = parse('{apiVersion: v1, kind: Service, metadata: {name: shop}, spec: {}}');
    expect(granted([service, ...others, reader, everywhere], account)).toHaveLength(2);
  });

  it.each<[string, unknown[], string]>([
    ['no binding', [reader], 'no role is bound to ServiceAccount headway-system/headway'],
    [
      'a role that is not there',
      [everywhere],
      'ClusterRoleBinding b binds ClusterRole reader, which is not there',
    ],
    [
      'a Role of another namespace',
      [local, binding('RoleBinding', '{name: b, namespace: web}', '{kind: Role, name: jobs}')],
      'RoleBinding b binds Role jobs, which is not there',
    ],
    [
      'a wildcard',
      [readerOf('{apiGroups: [apps], resources: ["*"], verbs: [get]}'), everywhere],
      'ClusterRole reader grants by a wildcard (get apps/*), which nothing can use up',
    ],
    [
      'names of objects',
      [readerOf('{apiGroups: [""], resources: [pods], resourceNames: [a, b], verbs: [get]}'), everywhere],
      'ClusterRole reader grants for names of objects (a, b), which is not compared',
    ],
    [
      'an aggregated role',
      [parse('{kind: ClusterRole, metadata: {name: reader}, aggregationRule: {}, rules: null}'), everywhere],
      'ClusterRole reader is aggregated: what it grants is not in it',
    ],
  ])('refuses %s', (_title, objects, message) => {
    expect(() => granted(objects, account)).toThrow(message);
  });

  it('can tell every right of deploy/rbac.yaml, each once, and none on Secrets', () => {
    const found = granted(deployedRights(), account);
    const texts = found.map((grant) => `${grant.namespace ?? 'everywhere'}: ${describeRight(grant)}`);
    expect(texts).toContain('everywhere: `patch` on `canaries/status.headway.dev`');
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.filter((one) => one.includes('secrets'))).toEqual([]);
    expect(texts.filter((one) => !one.startsWith('everywhere')).toSorted()).toEqual(
      ['create', 'get', 'update'].map(
        (verb) => `headway-system: \`${verb}\` on \`leases.coordination.k8s.io\``,
      ),
    );
  });
});
