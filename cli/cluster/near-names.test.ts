// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { nearNames } from './near-names.ts';

describe('the names that may have been meant', () => {
  it.each<[string, string[], string[]]>([
    ['chekout', ['checkout', 'cart'], ['checkout']],
    ['check', ['checkout', 'recheck'], ['checkout', 'recheck']],
    ['a', ['b', 'abcdef'], ['abcdef', 'b']],
    ['checkout', ['billing'], []],
    ['', [], []],
    ['web', ['wen', 'wed', 'we', 'w'], ['we', 'wed', 'wen']],
  ])('for %j among %j are %j', (wanted, known, near) => expect(nearNames(wanted, known)).toEqual(near));
});
