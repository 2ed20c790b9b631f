// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { allDelays, lanes } from './lanes.ts';
import { isWhole, readOptions } from './options.ts';

describe('readOptions', () => {
  it('plays everything with a million requests', () => {
    const everything = { requests: 1_000_000, delays: [...allDelays], lanes };
    expect(readOptions({})).toEqual(everything);
    expect(readOptions({ REQUESTS: '', DELAYS: '', LANES: '' })).toEqual(everything);
  });

  it('takes parts in the order of the whole', () => {
    const {
      requests,
      delays,
      lanes: some,
    } = readOptions({
      REQUESTS: '100000',
      DELAYS: '10,0',
      LANES: 'hand,canary-ratio',
    });
    expect({ requests, delays }).toEqual({ requests: 100_000, delays: [0, 10] });
    expect(some.map(({ name }) => name)).toEqual([
      'hand-route',
      'hand-gateway',
      'canary-ratio',
      'hand-ratio',
    ]);
  });

  it.each([
    [{ REQUESTS: 'many' }, 'REQUESTS is a whole number above 0, not "many"'],
    [{ REQUESTS: '-5' }, 'REQUESTS is a whole number above 0, not "-5"'],
    [{ DELAYS: '0,7' }, 'DELAYS are of 0, 1, 3.3, 10 seconds, not "7"'],
    [{ LANES: 'tram' }, /^LANES are of canary-route, .*, not "tram"$/],
  ])('refuses %j', (env, message) => {
    expect(() => readOptions(env)).toThrow(message);
  });
});

describe('isWhole', () => {
  it.each([
    [{}, true],
    [{ REQUESTS: '1000' }, true],
    [{ DELAYS: '0,10' }, true],
    [{ LANES: 'gateway' }, false],
  ])('%j: %s', (env, expected) => {
    expect(isWhole(readOptions(env))).toBe(expected);
  });
});
