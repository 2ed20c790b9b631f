// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type CallSubject, decodeApiError, KubeConnectionError } from '../kube/errors.ts';
import { resources } from '../kube/resources.ts';
import { TerminalError, WaitingError } from '../runtime/errors.ts';
import { NotLeadingError } from '../runtime/leader-election.ts';
import { classifyFailure } from './failure.ts';

const subject: CallSubject = {
  verb: 'apply',
  resource: resources.deployments,
  namespace: 'shop',
  name: 'web',
};

function refused(status: number, reason = ''): Error {
  const body = JSON.stringify({ kind: 'Status', reason, message: 'the server’s sentence' });
  return decodeApiError(subject, { status, body });
}

function patchRefused(details: object): Error {
  const body = JSON.stringify({
    kind: 'Status',
    reason: 'Invalid',
    message: 'the server’s sentence',
    details,
  });
  return decodeApiError({ ...subject, verb: 'jsonPatch' }, { status: 422, body });
}

describe('classifyFailure', () => {
  it.each<[string, unknown, object]>([
    [
      'TerminalError',
      new TerminalError('InvalidSpec', 'spec.steps: is required'),
      { kind: 'terminal', reason: 'InvalidSpec', message: 'spec.steps: is required' },
    ],
    [
      'WaitingError',
      new WaitingError('TargetNotFound', 'Deployment web does not exist', 30_000),
      {
        kind: 'waiting',
        reason: 'TargetNotFound',
        message: 'Deployment web does not exist',
        afterMs: 30_000,
      },
    ],
    [
      'a 403 names verb, resource and namespace',
      refused(403, 'Forbidden'),
      {
        kind: 'transient',
        reason: 'Forbidden',
        message: 'may not patch deployments.apps in namespace shop: the server’s sentence',
      },
    ],
    [
      'another refusal',
      refused(422, 'Invalid'),
      {
        kind: 'transient',
        reason: 'ApiError',
        message: 'patch deployments.apps in namespace shop: the server’s sentence',
      },
    ],
    [
      'a bug',
      new TypeError('x is undefined'),
      { kind: 'transient', reason: 'InternalError', message: 'x is undefined' },
    ],
    ['not even an Error', 'odd', { kind: 'transient', reason: 'InternalError', message: 'odd' }],
    [
      'a JSON Patch that would make something invalid',
      patchRefused({
        name: 'web',
        kind: 'HTTPRoute',
        causes: [{ field: 'spec.rules', message: 'too many' }],
      }),
      {
        kind: 'transient',
        reason: 'ApiError',
        message: 'patch deployments.apps in namespace shop: the server’s sentence',
      },
    ],
    ['a JSON Patch whose test did not hold: a lost race', patchRefused({}), { kind: 'silent' }],
    ['a conflict', refused(409, 'Conflict'), { kind: 'silent' }],
    ['a name that is taken: the next plan says by whom', refused(409, 'AlreadyExists'), { kind: 'silent' }],
    ['a 429', refused(429), { kind: 'silent' }],
    ['a 500', refused(500), { kind: 'silent' }],
    ['no connection', new KubeConnectionError('timeout', subject, new Error('x')), { kind: 'silent' }],
    ['a lost Lease', new NotLeadingError(), { kind: 'silent' }],
  ])('%s', (_, error, expected) => {
    expect(classifyFailure(error)).toEqual(expected);
  });
});
