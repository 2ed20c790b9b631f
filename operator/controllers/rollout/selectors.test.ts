// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Pin } from '../../engine/rollout/types.ts';
import { pinOfSelector, withoutPin, withPin } from './selectors.ts';

const OWN = { app: 'web', tier: 'front' };

const pins: [Pin, Record<string, string>][] = [
  [{ kind: 'none' }, OWN],
  [{ kind: 'nobody' }, { ...OWN, 'headway.dev/revision': 'not-judged-yet', 'headway.dev/serving': 'true' }],
  [
    { kind: 'revision', revision: 'aaa' },
    { ...OWN, 'headway.dev/revision': 'aaa', 'headway.dev/serving': 'true' },
  ],
  [{ kind: 'all' }, { ...OWN, 'headway.dev/canary': 'web', 'headway.dev/serving': 'true' }],
  [
    { kind: 'replica-set', podHash: '5d4f' },
    { ...OWN, 'pod-template-hash': '5d4f' },
  ],
];

describe('a pin', () => {
  it.each(pins)('%p is these labels, and read back from them', (pin, selector) => {
    expect(withPin(OWN, pin, 'web')).toEqual(selector);
    expect(pinOfSelector(selector)).toEqual(pin);
    expect(withoutPin(selector)).toEqual(OWN);
  });

  it.each(pins)('%p takes the place of any other', (pin, selector) => {
    for (const [, before] of pins) expect(withPin(before, pin, 'web')).toEqual(selector);
  });

  it('of a revision counts where a selector has several', () => {
    const selector = {
      'headway.dev/revision': 'aaa',
      'headway.dev/canary': 'web',
      'headway.dev/serving': 'true',
      'pod-template-hash': '5d4f',
    };
    expect(pinOfSelector(selector)).toEqual({ kind: 'revision', revision: 'aaa' });
    expect(withoutPin(selector)).toEqual({});
  });

  it.each([
    [{ 'headway.dev/revision': 'aaa' }, { kind: 'revision', revision: 'aaa', whole: true }],
    [
      { 'headway.dev/canary': 'web', 'headway.dev/serving': 'no' },
      { kind: 'all', whole: true },
    ],
  ])('of %p also finds the pods that were taken out', (selector, pin) => {
    expect(pinOfSelector({ ...OWN, ...selector })).toEqual(pin);
  });

  it('leaves keys such as __proto__ what they are', () => {
    const odd = JSON.parse('{"__proto__": "x", "constructor": "y"}') as Record<string, string>;
    expect(JSON.stringify(withPin(odd, { kind: 'none' }, 'web'))).toBe('{"__proto__":"x","constructor":"y"}');
  });
});
