// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { groupsOf, userNames } from './users.ts';

describe('users', () => {
  it('has people in groups', () => {
    expect(userNames().map((user) => [user, groupsOf(user)])).toEqual([
      ['admin', ['system:masters']],
      ['alice', ['team-shop']],
      ['bob', ['sre']],
    ]);
  });

  it('knows nobody else', () => {
    expect(() => groupsOf('mallory')).toThrow('no user "mallory"; there are admin, alice, bob');
  });
});
