// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { isOlder } from './resource-version.ts';

describe('isOlder', () => {
  it.each([
    ['9', '10', true],
    ['10', '9', false],
    ['10', '10', false],
    ['18446744073709551615', '18446744073709551616', true],
    ['', '10', undefined],
    ['10', '', undefined],
    ['abc', 'abd', undefined],
    ['-1', '1', undefined],
  ])('%j than %j: %s', (one, other, expected) => {
    expect(isOlder(one, other)).toBe(expected);
  });
});
