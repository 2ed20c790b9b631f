// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { KubeApiError } from '../kube/errors.ts';
import { redactFields, redactText } from './redact.ts';

describe('redactText', () => {
  it.each([
    ['a bearer token', 'sent Authorization: Bearer eyJhbGciOi.x-y_z', 'sent Authorization: Bearer ***'],
    ['basic credentials', 'basic dXNlcjpwYXNz', 'basic ***'],
    [
      'a password in an address',
      'GET http://me:s3cret@prometheus:9090/x',
      'GET http://***@prometheus:9090/x',
    ],
    ['a private key', 'a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b', 'a *** b'],
    ['half a private key', 'a -----BEGIN PRIVATE KEY-----\nMIIE', 'a ***'],
    ['nothing', 'basic idea: a bearer of news', 'basic idea: a bearer of news'],
    ['an address without a password', 'http://prometheus:9090/x@y', 'http://prometheus:9090/x@y'],
  ])('%s', (_, text, clean) => {
    expect(redactText(text)).toBe(clean);
  });

  it('bounds the length', () => {
    expect(redactText('x'.repeat(5000))).toBe(`${'x'.repeat(4096)}... (5000 characters)`);
  });
});

describe('redactFields', () => {
  it('masks by name at any depth and keeps the names of secrets', () => {
    const fields = {
      token: 't',
      Authorization: 'x',
      nested: [{ apiPassword: 1, secretName: 'pull', tokenFile: '/run/token' }],
      'client-key-data': 'k',
      password: undefined,
      cookie: null,
      object: 'shop/checkout',
    };
    expect(redactFields(fields)).toEqual({
      token: '***',
      Authorization: '***',
      nested: [{ apiPassword: '***', secretName: 'pull', tokenFile: '/run/token' }],
      'client-key-data': '***',
      password: undefined,
      cookie: null,
      object: 'shop/checkout',
    });
  });

  it.each([
    ['a bigint', 1n, '1'],
    ['a function', () => 1, '[function]'],
    ['a symbol', Symbol('x'), 'Symbol(x)'],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['an invalid date', new Date(Number.NaN), 'Invalid Date'],
    ['a map', new Map([['token', 'x']]), { token: '***' }],
    [
      'a long list',
      Array.from({ length: 51 }, () => 1),
      [...Array.from({ length: 50 }, () => 1), '... (51 items)'],
    ],
  ])('writes %s so that JSON can say it', (_, value, text) => {
    expect(redactFields({ value })).toEqual({ value: text });
  });

  it('ends in a circle', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(JSON.stringify(redactFields({ circle }))).toContain('{...}');
  });

  it('takes prototype keys for keys', () => {
    const fields = JSON.parse('{"__proto__":{"token":"x"},"constructor":"y"}') as Record<string, unknown>;
    expect(JSON.stringify(redactFields(fields))).toBe('{"__proto__":{"token":"***"},"constructor":"y"}');
  });

  it('tells the facts of an error, its cause, and nothing else of it', () => {
    const cause = Object.assign(new Error('connect http://a:b@c'), {
      code: 'ECONNREFUSED',
      headers: 'secret',
    });
    const error = new KubeApiError({ verb: 'apply', status: 409, reason: 'Conflict', message: 'no' });
    error.cause = cause;
    expect(redactFields({ err: error })).toEqual({
      err: {
        type: 'KubeApiError',
        message: 'no',
        status: 409,
        reason: 'Conflict',
        verb: 'apply',
        stack: expect.stringContaining('redact.test.ts') as unknown,
        cause: {
          type: 'Error',
          message: 'connect http://***@c',
          code: 'ECONNREFUSED',
          stack: expect.any(String) as unknown,
        },
      },
    });
  });
});
