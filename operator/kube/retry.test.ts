// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { decodeApiError, KubeConnectionError } from './errors.ts';
import { retryDelayMs } from './retry.ts';

function refused(status: number, retryAfter?: string): Error {
  return decodeApiError({ verb: 'get' }, { status, body: '', retryAfter });
}

function broken(failure: 'timeout' | 'connection' | 'protocol'): Error {
  return new KubeConnectionError(failure, { verb: 'get' }, new Error('x'));
}

describe('retryDelayMs', () => {
  it.each([
    ['429 with a wait, any verb', refused(429, '2'), 1, false, 2000],
    ['429 without a wait', refused(429), 1, false, 1000],
    ['429 with a wait beyond 10 s is the caller’s', refused(429, '11'), 1, true, undefined],
    ['429 for the third time', refused(429, '1'), 3, true, undefined],
    ['503, repeatable', refused(503, '1'), 2, true, 1000],
    ['503, a create', refused(503, '1'), 1, false, undefined],
    ['401 once', refused(401), 1, false, 0],
    ['401 twice', refused(401), 2, true, undefined],
    ['409', refused(409), 1, true, undefined],
    ['500', refused(500, '1'), 1, true, undefined],
    ['broken connection, repeatable', broken('connection'), 1, true, 50],
    ['broken connection, second time', broken('connection'), 2, true, 100],
    ['broken connection, a create', broken('connection'), 1, false, undefined],
    ['timeout', broken('timeout'), 1, true, undefined],
    ['protocol', broken('protocol'), 1, true, undefined],
    ['anything else', new Error('fence'), 1, true, undefined],
  ])('%s', (...row) => {
    const [, error, attempt, repeatable, expected] = row;

    expect(retryDelayMs(error, attempt, repeatable)).toBe(expected);
  });
});
