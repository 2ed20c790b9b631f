// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson, childName, fnv1a64, labelValue, shortHash } from './names.ts';

const DNS_SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** Names that the API server accepts, up to 253 characters. */
const objectName = fc
  .array(fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,40}[a-z0-9])?$/), { minLength: 1, maxLength: 12 })
  .map((parts) => parts.join('.'))
  .filter((name) => name.length <= 253);

describe('fnv1a64', () => {
  it.each([
    ['', 0xcbf29ce484222325n],
    ['a', 0xaf63dc4c8601ec8cn],
    ['foobar', 0x85944171f73967e8n],
  ])('of %j is the published test vector', (text, hash) => {
    expect(fnv1a64(text)).toBe(hash);
  });

  it('is the product that the rule says, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        let hash = 0xcbf29ce484222325n;
        for (const byte of new TextEncoder().encode(text)) {
          hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
        }
        expect(fnv1a64(text)).toBe(hash);
      }),
      { seed: 7, numRuns: 500 },
    );
  });

  it('takes UTF-8 bytes, not code units', () => {
    expect(fnv1a64('é')).not.toBe(fnv1a64('\u00e9'.normalize('NFD')));
    expect(fnv1a64('😀')).toBe(0xfeff073875020288n);
  });
});

describe('shortHash', () => {
  it.each([
    ['', 10, 's6vf8jvv2p'],
    ['checkout', 10, 't5xrf8j7lz'],
    ['checkout', 4, 't5xr'],
    ['checkout2', 10, 'l26dbsf6zf'],
  ])('of %j in %i characters stays what it is in every version', (text, length, hash) => {
    expect(shortHash(text, length)).toBe(hash);
  });

  it('uses only characters that spell no word', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 13 }), (text, length) => {
        expect(shortHash(text, length)).toMatch(/^[bcdfghjklmnpqrstvwxz2456789]+$/);
        expect(shortHash(text, length)).toHaveLength(length);
      }),
    );
  });

  it('does not collide over ten thousand similar texts', () => {
    const hashes = new Set(Array.from({ length: 10_000 }, (_, i) => shortHash(`checkout-${i}`)));
    expect(hashes.size).toBe(10_000);
  });

  it.each([0, 14, 2.5, Number.NaN])('refuses a length of %d', (length) => {
    expect(() => shortHash('x', length)).toThrow(
      new RangeError(`a hash has 1 to 13 characters, not ${length}`),
    );
  });
});

describe('childName', () => {
  const long = `${'a'.repeat(240)}-checkout-x`;

  it.each([
    { title: 'a short name', base: 'checkout', max: 253, name: 'checkout-canary' },
    {
      title: 'a name that just fits',
      base: 'a'.repeat(246),
      max: 253,
      name: `${'a'.repeat(246)}-canary`,
    },
    {
      title: 'a name one too long',
      base: 'a'.repeat(247),
      max: 253,
      name: `${'a'.repeat(235)}-${shortHash('a'.repeat(247))}-canary`,
    },
    {
      title: 'a cut after dashes',
      base: 'shop-----------------------z',
      max: 25,
      name: `shop-${shortHash('shop-----------------------z')}-canary`,
    },
    {
      title: 'a cut after a dot',
      base: 'shop.example.com-and-more',
      max: 23,
      name: `shop-${shortHash('shop.example.com-and-more')}-canary`,
    },
  ])('$title', ({ base, max, name }) => {
    expect(childName(base, '-canary', max)).toBe(name);
    expect(name.length).toBeLessThanOrEqual(max);
    expect(name).toMatch(DNS_SUBDOMAIN);
  });

  it('keeps apart names that are alike up to the cut', () => {
    expect(childName(`${long}1`, '-canary', 253)).not.toBe(childName(`${long}2`, '-canary', 253));
  });

  it('makes a valid, repeatable name of any valid name', () => {
    fc.assert(
      fc.property(objectName, fc.integer({ min: 40, max: 253 }), (base, max) => {
        const name = childName(base, '-canary', max);
        expect(name).toMatch(DNS_SUBDOMAIN);
        expect(name.length).toBeLessThanOrEqual(max);
        expect(childName(base, '-canary', max)).toBe(name);
      }),
    );
  });

  it('says so when nothing fits', () => {
    expect(() => childName('checkout', '-canary', 14)).toThrow(
      new RangeError('no room for a name in 14 characters with suffix "-canary"'),
    );
  });
});

describe('labelValue', () => {
  it('is the name where it fits, and a shortened one of 63 characters where not', () => {
    expect(labelValue('shop.checkout')).toBe('shop.checkout');
    expect(labelValue('a'.repeat(63))).toBe('a'.repeat(63));
    expect(labelValue('a'.repeat(64))).toBe(`${'a'.repeat(52)}-${shortHash('a'.repeat(64))}`);
  });
});

describe('canonicalJson', () => {
  it.each([
    ['null', null, 'null'],
    ['a string with quotes', 'a"b', '"a\\"b"'],
    ['numbers', [1, -0, 1.5, 1e21], '[1,0,1.5,1e+21]'],
    ['keys in order', { b: 1, a: { d: true, c: false } }, '{"a":{"c":false,"d":true},"b":1}'],
    ['upper case first', { a: 1, B: 2 }, '{"B":2,"a":1}'],
    ['digits as text', { 10: 'x', 9: 'y' }, '{"10":"x","9":"y"}'],
    ['arrays as they are', [3, 1, 2], '[3,1,2]'],
    ['no undefined members', { a: undefined, b: 1 }, '{"b":1}'],
    ['__proto__ as a key', JSON.parse('{"__proto__":{"x":1},"a":2}'), '{"__proto__":{"x":1},"a":2}'],
    ['constructor as a key', { constructor: 1 }, '{"constructor":1}'],
  ])('%s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([
    ['undefined', undefined, 'undefined is no JSON value'],
    ['undefined in an array', [undefined], 'undefined is no JSON value'],
    ['NaN', Number.NaN, 'NaN is no JSON value'],
    ['Infinity', { a: Number.POSITIVE_INFINITY }, 'Infinity is no JSON value'],
    ['a function', () => 1, 'function is no JSON value'],
    ['a bigint', 1n, 'bigint is no JSON value'],
  ])('refuses %s', (_, value, message) => {
    expect(() => canonicalJson(value)).toThrow(new TypeError(message));
  });

  it('says the same value, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => reversed(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, reversed(member)]);
  return Object.fromEntries(entries.reverse());
}
