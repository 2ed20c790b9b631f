// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { ourLabels, ownerReference } from './ownership.ts';

describe('what is made for a Canary', () => {
  it('names it as its controller', () => {
    expect(ownerReference({ kind: 'Canary', name: 'checkout', uid: 'u1' })).toEqual({
      apiVersion: 'headway.dev/v1alpha1',
      kind: 'Canary',
      name: 'checkout',
      uid: 'u1',
      controller: true,
      blockOwnerDeletion: true,
    });
  });

  it('bears its name as far as a label takes it, and what it is there for', () => {
    expect(ourLabels('checkout', 'revision')).toEqual({
      'app.kubernetes.io/managed-by': 'headway',
      'headway.dev/canary': 'checkout',
      'headway.dev/role': 'revision',
    });
    expect(ourLabels('c'.repeat(253), 'revision')['headway.dev/canary']).toHaveLength(63);
  });
});
