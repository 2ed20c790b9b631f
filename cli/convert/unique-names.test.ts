// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { uniqueByName } from './unique-names.ts';

describe('uniqueByName', () => {
  it.each<[string[], string[]]>([
    [[], []],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [
      ['a', 'a', 'a'],
      ['a', 'a-2', 'a-3'],
    ],
    [
      ['a-2', 'a', 'a'],
      ['a-2', 'a', 'a-3'],
    ],
  ])('%j', (names, unique) => {
    const items = names.map((name, index) => ({ name, index }));
    expect(uniqueByName(items).map(({ name }) => name)).toEqual(unique);
    expect(uniqueByName(items).map(({ index }) => index)).toEqual(items.map(({ index }) => index));
  });

  it('keeps names as short as they have to be', () => {
    const name = 'n'.repeat(63);
    const [, second] = uniqueByName([{ name }, { name }]);
    expect(second?.name).toBe(`${'n'.repeat(59)}-2`);
  });
});
