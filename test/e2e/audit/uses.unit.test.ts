// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { auditLine, type LineFields, OPERATOR } from './lines.ts';
import { AuditLine } from './log.ts';
import { describeRight } from './rights.ts';
import { requestOf, used } from './uses.ts';

function request(fields: Partial<LineFields>) {
  const base = { at: 1, resource: 'deployments', group: 'apps', name: 'shop', namespace: 'shop' };
  return requestOf(AuditLine.parse(JSON.parse(auditLine({ ...base, ...fields }))));
}

/** `namespace: right`, with a mark for what was refused. */
function texts(...all: Partial<LineFields>[]): string[] {
  return used(all.map((fields) => request(fields))).map(
    (use) => `${use.namespace}: ${describeRight(use)}${use.isRefused ? ' refused' : ''}`,
  );
}

const lacking = (verb: string): string =>
  `deployments.apps "shop" is forbidden: User "${OPERATOR}" cannot ${verb} resource "deployments" in API group "apps" in the namespace "shop"`;

const owner = { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: 'shop', uid: '1' };

function ownedBy(...ownerReferences: object[]): object {
  return { kind: 'Deployment', metadata: { name: 'shop', ownerReferences } };
}

describe('used', () => {
  const status = { resource: 'canaries', group: 'headway.dev', subresource: 'status' };
  const log = { verb: 'get', resource: 'pods', group: '', subresource: 'log' };
  it.each<[string, Partial<LineFields>, string]>([
    ['a read', { verb: 'get' }, 'shop: `get` on `deployments.apps`'],
    ['a list of all namespaces', { verb: 'list', namespace: '' }, ': `list` on `deployments.apps`'],
    ['a watch, which is no list', { verb: 'watch', name: '' }, 'shop: `watch` on `deployments.apps`'],
    [
      'a watch that goes on',
      { verb: 'watch', stage: 'ResponseStarted' },
      'shop: `watch` on `deployments.apps`',
    ],
    ['a subresource', status, 'shop: `patch` on `canaries/status.headway.dev`'],
    ['the core group', log, 'shop: `get` on `pods/log`'],
    ['a deletion of many', { verb: 'deletecollection' }, 'shop: `deletecollection` on `deployments.apps`'],
    ['a kind that is not served', { verb: 'list', code: 404 }, 'shop: `list` on `deployments.apps`'],
    ['a conflict', { verb: 'update', code: 409 }, 'shop: `update` on `deployments.apps`'],
    [
      'a refusal',
      { verb: 'delete', code: 403, message: lacking('delete') },
      'shop: `delete` on `deployments.apps` refused',
    ],
    [
      'a refused POST',
      { verb: 'create', code: 403, message: lacking('create') },
      'shop: `create` on `deployments.apps` refused',
    ],
    [
      'a refusal by an admission',
      { code: 403, message: 'admission webhook "x" denied the request' },
      'shop: `patch` on `deployments.apps` refused',
    ],
  ])('is %s', (_title, fields, text) => {
    expect(texts(fields)).toEqual([text]);
  });

  it('is create beside patch where a server-side apply has made the object', () => {
    expect(texts({ code: 201 })).toEqual([
      'shop: `patch` on `deployments.apps`',
      'shop: `create` on `deployments.apps`',
    ]);
    expect(texts({ code: 200 })).toEqual(['shop: `patch` on `deployments.apps`']);
  });

  it('is create where a server-side apply may patch and not make', () => {
    expect(texts({ code: 403, message: lacking('create') })).toEqual([
      'shop: `patch` on `deployments.apps`',
      'shop: `create` on `deployments.apps` refused',
    ]);
  });

  it('is the path of what is no resource', () => {
    const line = auditLine({ at: 1, verb: 'get', resource: 'x', name: 'x', uri: '/version?timeout=1s' });
    const entry = { ...AuditLine.parse(JSON.parse(line)), objectRef: undefined };
    expect(used([requestOf(entry)])).toEqual([
      { group: '', resource: '/version', verb: 'get', namespace: '', isRefused: false },
    ]);
  });

  it.each<[string, object[], string[]]>([
    [
      'that cannot go before it',
      [{ ...owner, blockOwnerDeletion: true }],
      ['shop: `update` on `canaries/finalizers.headway.dev`'],
    ],
    ['that can', [{ ...owner, blockOwnerDeletion: false }, owner], []],
    [
      'of the core group and another one',
      [
        { ...owner, apiVersion: 'v1', kind: 'Service', blockOwnerDeletion: true },
        { ...owner, kind: 'BlueGreen', blockOwnerDeletion: true },
      ],
      ['shop: `update` on `services/finalizers`', 'shop: `update` on `bluegreens/finalizers.headway.dev`'],
    ],
  ])('is the finalizers of an owner %s', (_title, owners, expected) => {
    const made = { verb: 'create', code: 201, object: ownedBy(...owners) };
    expect(texts(made)).toEqual(['shop: `create` on `deployments.apps`', ...expected]);
    expect(texts({ ...made, code: 409 })).toEqual(['shop: `create` on `deployments.apps`']);
  });

  it('refuses an owner of a kind that nobody knows', () => {
    const object = ownedBy({ ...owner, kind: 'Rollout', blockOwnerDeletion: true });
    expect(() => texts({ verb: 'create', code: 201, object })).toThrow(
      'operator/kube/resources.ts does not know Rollout of headway.dev',
    );
  });

  it('is told once for each namespace, and as refused only where it never was given', () => {
    const refused = { verb: 'get', code: 403 };
    const given = { verb: 'get' };
    expect(texts(refused, given, refused, { ...refused, namespace: 'web' })).toEqual([
      'shop: `get` on `deployments.apps`',
      'web: `get` on `deployments.apps` refused',
    ]);
  });
});
