// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { ManagedFields } from '../../../kube/objects.ts';
import { annotationField, labelField, readFieldOwners } from './managed-fields.ts';

const WEIGHT = annotationField('nginx.ingress.kubernetes.io/canary-weight');

const headway: ManagedFields = {
  manager: 'headway',
  operation: 'Apply',
  time: '2026-11-21T10:00:00Z',
  fieldsV1: {
    'f:metadata': {
      'f:annotations': { 'f:nginx.ingress.kubernetes.io/canary-weight': {}, 'f:example.com/note': {} },
      'f:labels': { 'f:app': {} },
      'f:ownerReferences': { 'k:{"uid":"u"}': {} },
    },
    'f:spec': { 'f:rules': {}, 'f:ingressClassName': {} },
  },
};

function update(manager: string, annotations: string[], time = '2026-11-21T10:05:00Z'): ManagedFields {
  const marked = Object.fromEntries(annotations.map((key) => [`f:${key}`, {}]));
  const fieldsV1 = { 'f:metadata': { 'f:annotations': { '.': {}, ...marked } } };
  return { manager, operation: 'Update', time, fieldsV1 };
}

describe('readFieldOwners', () => {
  it('lists what Headway applied', () => {
    expect(readFieldOwners([headway]).ours).toEqual([
      WEIGHT,
      annotationField('example.com/note'),
      labelField('app'),
      'spec.rules',
      'spec.ingressClassName',
    ]);
  });

  it('names the manager of what is not ours, the latest where there are several', () => {
    const { foreign } = readFieldOwners([
      headway,
      update('kubectl-edit', ['a', 'b'], '2026-11-21T10:09:00Z'),
      update('argocd-controller', ['a', 'c'], '2026-11-21T10:07:00Z'),
    ]);
    expect([...foreign]).toEqual([
      [annotationField('a'), 'kubectl-edit'],
      [annotationField('c'), 'argocd-controller'],
      [annotationField('b'), 'kubectl-edit'],
    ]);
  });

  it.each([
    ['a field that Headway owns too', update('flux', ['nginx.ingress.kubernetes.io/canary-weight'])],
    ['a write to status', { ...update('traefik', ['a']), subresource: 'status' }],
    ['what admission added to our apply', { ...update('headway', ['a']) }],
    ['an entry without fields', { manager: 'x', operation: 'Update' }],
    ['fields of another shape', { manager: 'x', fieldsV1: { 'f:metadata': 'odd', 'f:spec': null } }],
  ])('does not count %s', (_, entry) => {
    expect(readFieldOwners([headway, entry]).foreign.size).toBe(0);
  });

  it('asks nothing about an object that Headway never applied', () => {
    const owners = readFieldOwners([update('kubectl-client-side-apply', ['a'])]);
    expect(owners.ours).toEqual([]);
    expect(owners.foreign.size).toBe(0);
  });

  it('does not count an Update under our name as an apply', () => {
    expect(readFieldOwners([update('headway', ['a'])]).ours).toEqual([]);
  });

  it('says nothing of a manager without a name but that it is not us', () => {
    const { foreign } = readFieldOwners([headway, { ...update('', ['a']) }, { operation: 'Update' }]);
    expect(foreign.get(annotationField('a'))).toBe('');
  });

  it('takes prototype keys for keys', () => {
    const odd = JSON.parse(
      '{"f:metadata":{"f:annotations":{"f:__proto__":{},"f:constructor":{}}}}',
    ) as object;
    const { foreign } = readFieldOwners([
      headway,
      { manager: 'x', operation: 'Update', fieldsV1: { ...odd } },
    ]);
    expect([...foreign.keys()]).toEqual([annotationField('__proto__'), annotationField('constructor')]);
  });
});
