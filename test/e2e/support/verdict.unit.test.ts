// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { pausedFor, rolledBackFor } from './verdict.ts';

const compared =
  'success-rate: the canary has 24.1% errors (21 of 87), more than 1.25 times the 0% of stable; evidence 1700 to 1';
const limited = 'success-rate 66% < 95% in 2 of 3 checks';
const since = 'since 22:48:00 (0.0 s)';

describe('rolledBackFor', () => {
  const pattern = rolledBackFor({ where: 'in the bake of 1.2.0', to: '1.1.0 (6f9c)' });

  it.each([compared, limited])('knows %s', (evidence) => {
    expect(`${evidence} in the bake of 1.2.0; all traffic on 1.1.0 (6f9c) ${since}`).toMatch(pattern);
  });

  it.each([
    ['another reason', `aborted on request in the bake of 1.2.0; all traffic on 1.1.0 (6f9c) ${since}`],
    ['another place', `${limited} at 25%; all traffic on 1.1.0 (6f9c) ${since}`],
    ['another version', `${limited} in the bake of 1.2.0; all traffic on 1.1.0 (7777) ${since}`],
    ['a dot that is none', `${limited} in the bake of 1x2.0; all traffic on 1.1.0 (6f9c) ${since}`],
    ['traffic that is not back', `${limited} in the bake of 1.2.0; taking all traffic back to 1.1.0 (6f9c)`],
  ])('does not take %s for it', (_what, message) => {
    expect(message).not.toMatch(pattern);
  });
});

describe('pausedFor', () => {
  it.each([compared, limited])('knows %s', (evidence) => {
    const message = `step 1/2, 25% on 1.1.0; ${evidence}; paused since 22:48:00; promote, retry or abort`;
    expect(message).toMatch(pausedFor('25% on 1.1.0'));
    expect(message).not.toMatch(pausedFor('50% on 1.1.0'));
  });
});
