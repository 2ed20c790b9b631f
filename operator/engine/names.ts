// SPDX-License-Identifier: Apache-2.0

/** No vowels and nothing that looks like one, so that no word comes out: the alphabet of Kubernetes' SafeEncodeString. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** 27^13 is the greatest power of 27 below 2^64: more characters would carry no more of the hash. */
const MAX_HASH_LENGTH = 13;

/** The upper and the lower half of the offset basis 0xcbf29ce484222325. */
const FNV_BASIS_HIGH = 0xcbf29ce4;
const FNV_BASIS_LOW = 0x84222325;
/** The prime is 2^40 + this. */
const FNV_PRIME_LOW = 0x1b3;

const encoder = new TextEncoder();

/**
 * FNV-1a, 64 bit, over the UTF-8 bytes of `text`
 * (http://www.isthe.com/chongo/tech/comp/fnv/). It names things; it protects nothing. In halves of 32 bit: templates
 * are hashed with every event of a Deployment, and three bigints for each byte were most of the garbage of a busy hour.
 */
export function fnv1a64(text: string): bigint {
  let high = FNV_BASIS_HIGH;
  let low = FNV_BASIS_LOW;
  for (const byte of encoder.encode(text)) {
    low = (low ^ byte) >>> 0;
    // times the prime, without what goes beyond 64 bit; no product here reaches 2^53
    const product = low * FNV_PRIME_LOW;
    high = (Math.imul(high, FNV_PRIME_LOW) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return (BigInt(high) << 32n) | BigInt(low);
}

/**
 * `length` characters, valid anywhere in a Kubernetes name or label value, that are the same for the same text on
 * every machine and in every version of Headway. Ten of them carry 47 bits. Throws a RangeError unless `length` is an
 * integer from 1 to 13.
 */
export function shortHash(text: string, length = 10): string {
  if (!Number.isInteger(length) || length < 1 || length > MAX_HASH_LENGTH) {
    throw new RangeError(`a hash has 1 to ${MAX_HASH_LENGTH} characters, not ${length}`);
  }
  const base = BigInt(ALPHABET.length);
  let rest = fnv1a64(text);
  let hash = '';
  for (let count = 0; count < length; count++) {
    hash += ALPHABET.charAt(Number(rest % base));
    rest /= base;
  }
  return hash;
}

/**
 * `base + suffix` where it fits into `max` characters. Otherwise as much of `base` as fits, `-`, a hash of the whole
 * `base`, and `suffix`: the same name every time, another one for another base, and still a valid name when `base` and
 * `suffix` make one. Throws a RangeError when `max` leaves no room for one character of `base` and the hash.
 */
export function childName(base: string, suffix: string, max: number): string {
  const whole = base + suffix;
  if (whole.length <= max) return whole;
  const tail = `-${shortHash(base)}${suffix}`;
  const room = max - tail.length;
  if (room < 1) throw new RangeError(`no room for a name in ${max} characters with suffix "${suffix}"`);
  return base.slice(0, room).replace(/[-.]+$/, '') + tail;
}

const MAX_LABEL_VALUE = 63;

/** An object's name as a label value: at most 63 characters, the same for the same name. */
export function labelValue(name: string): string {
  return childName(name, '', MAX_LABEL_VALUE);
}

/**
 * JSON with the keys of every object in code unit order and no white space, so that two values have the same text
 * exactly when they are the same JSON value. Members that are undefined are left out, as JSON.stringify does. Throws a
 * TypeError for what JSON cannot say: undefined elsewhere, functions, symbols, bigints, NaN and the infinities.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item: unknown) => canonicalJson(item)).join(',')}]`;
  if (typeof value === 'object') return canonicalObject(value);
  throw new TypeError(`${typeof value === 'number' ? value : typeof value} is no JSON value`);
}

function canonicalObject(value: object): string {
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
