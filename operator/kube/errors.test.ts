// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import * as errors from './errors.ts';
import { resources } from './resources.ts';

const subject = { verb: 'apply', resource: resources.deployments, namespace: 'shop', name: 'web' } as const;

function answer(status: number, reason: string, retryAfter?: string): errors.KubeApiError {
  const body = JSON.stringify({ kind: 'Status', code: status, reason, message: `because ${reason}` });
  return errors.decodeApiError(subject, { status, body, retryAfter });
}

describe('decodeApiError', () => {
  it('keeps what the server said and what was asked', () => {
    const error = answer(409, 'Conflict', '3');

    expect(error).toMatchObject({
      name: 'KubeApiError',
      status: 409,
      reason: 'Conflict',
      message: 'because Conflict',
      retryAfterMs: 3000,
      verb: 'apply',
      resource: resources.deployments,
      namespace: 'shop',
      objectName: 'web',
    });
  });

  it.each([
    ['no body', '', 'HTTP 502'],
    ['a page of a proxy', '<html>Bad Gateway</html>', 'HTTP 502: <html>Bad Gateway</html>'],
    ['JSON that is no Status', '{"kind":"Pod","message":"x"}', 'HTTP 502: {"kind":"Pod","message":"x"}'],
    ['a Status without a message', '{"kind":"Status"}', 'HTTP 502: {"kind":"Status"}'],
    ['a long page', 'x'.repeat(500), `HTTP 502: ${'x'.repeat(200)}`],
  ])('with %s', (_, body, message) => {
    expect(errors.decodeApiError(subject, { status: 502, body })).toMatchObject({
      status: 502,
      reason: '',
      message,
    });
  });

  it.each([
    ['header', '7', undefined, 7000],
    ['zero', '0', undefined, 0],
    ['details', undefined, 4, 4000],
    ['the header wins', '1', 4, 1000],
    ['a date is not understood', 'Wed, 21 Oct 2015 07:28:00 GMT', undefined, undefined],
    ['negative', '-5', undefined, undefined],
    ['none', undefined, undefined, undefined],
  ])('reads the wait: %s', (_, retryAfter, retryAfterSeconds, expected) => {
    const body = JSON.stringify({ kind: 'Status', details: { retryAfterSeconds } });

    const error = errors.decodeApiError(subject, { status: 429, body, retryAfter });

    expect(error.retryAfterMs).toBe(expected);
  });

  it('keeps the causes of an invalid object', () => {
    const causes = [
      { field: 'spec.steps[0].setWeight', message: 'must be at most 100', reason: 'FieldValueInvalid' },
    ];
    const body = JSON.stringify({ kind: 'Status', reason: 'Invalid', details: { causes } });

    expect(errors.decodeApiError(subject, { status: 422, body }).details?.causes).toEqual(causes);
  });
});

describe('decodeWatchError', () => {
  it.each([
    [{ kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }, 410, 'too old'],
    [{ kind: 'Status', message: 'no code' }, 500, 'no code'],
    [{ nonsense: true }, 500, 'HTTP 500: {"nonsense":true}'],
    [undefined, 500, 'HTTP 500'],
  ])('%o', (object, status, message) => {
    expect(errors.decodeWatchError({ verb: 'watch' }, object)).toMatchObject({ status, message });
  });
});

describe('predicates', () => {
  const predicates = {
    isNotFound: errors.isNotFound,
    isConflict: errors.isConflict,
    isAlreadyExists: errors.isAlreadyExists,
    isForbidden: errors.isForbidden,
    isInvalid: errors.isInvalid,
    isFailedTest: errors.isFailedTest,
    isGone: errors.isGone,
    isTooManyRequests: errors.isTooManyRequests,
    isInDoubt: errors.isInDoubt,
    isOutage: errors.isOutage,
  };

  it.each([
    [404, 'NotFound', ['isNotFound']],
    [409, 'Conflict', ['isConflict']],
    [409, '', ['isConflict']],
    [409, 'AlreadyExists', ['isAlreadyExists']],
    [403, 'Forbidden', ['isForbidden']],
    [422, 'Invalid', ['isInvalid']],
    [410, 'Expired', ['isGone']],
    [429, 'TooManyRequests', ['isTooManyRequests', 'isOutage']],
    [500, 'InternalError', ['isInDoubt', 'isOutage']],
    [503, 'ServiceUnavailable', ['isInDoubt', 'isOutage']],
  ])('%d %s', (status, reason, expected) => {
    const error = answer(status, reason);

    const holding = Object.entries(predicates).filter(([, holds]) => holds(error));

    expect(holding.map(([name]) => name)).toEqual(expected);
  });

  it.each([
    ['an answer without details', undefined, true],
    ['no details', {}, true],
    ['the object', { name: 'web' }, false],
    ['a field', { causes: [{ field: 'spec', message: 'no' }] }, false],
  ])('a 422 of a JSON Patch with %s', (_, details, isTest) => {
    const body = JSON.stringify({ kind: 'Status', reason: 'Invalid', details });
    const error = errors.decodeApiError({ verb: 'jsonPatch' }, { status: 422, body });
    expect([errors.isInvalid(error), errors.isFailedTest(error)]).toEqual([true, isTest]);
  });

  it.each(['timeout', 'connection', 'protocol'] as const)('a write that met a %s is in doubt', (failure) => {
    const error = new errors.KubeConnectionError(failure, subject, new Error('socket hang up'));
    const holding = Object.entries(predicates).filter(([, holds]) => holds(error));
    expect(holding.map(([name]) => name)).toEqual(['isInDoubt', 'isOutage']);
  });

  it.each([new Error('x'), undefined, { status: 404 }])('nothing holds for %o', (error) => {
    expect(Object.values(predicates).some((holds) => holds(error))).toBe(false);
  });
});

describe('describeCall', () => {
  it.each([
    [{ verb: 'raw' }, 'raw'],
    [{ verb: 'list', resource: resources.pods }, 'list pods'],
    [subject, 'patch deployments.apps in namespace shop'],
    [
      { verb: 'jsonPatch', resource: resources.canaries, subresource: 'status', namespace: 'a' },
      'patch canaries.headway.dev/status in namespace a',
    ],
  ] as const)('%o', (call, expected) => {
    expect(errors.describeCall(call)).toBe(expected);
  });

  it('is the head of a connection error', () => {
    const cause = new Error('socket hang up');

    const error = new errors.KubeConnectionError('connection', subject, cause);

    expect(error.message).toBe('patch deployments.apps in namespace shop: socket hang up');
    expect(error.cause).toBe(cause);
  });
});
