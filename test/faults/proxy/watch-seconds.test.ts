// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { endingAfter } from './watch-seconds.ts';

describe('endingAfter', () => {
  it.each([
    ['/api/v1/services?watch=true&timeoutSeconds=412', '/api/v1/services?watch=true&timeoutSeconds=86400'],
    ['/api/v1/services?watch=1', '/api/v1/services?watch=1&timeoutSeconds=86400'],
    [
      '/apis/x/v1/namespaces/shop/ys?labelSelector=a%3Db%2Cc&timeoutSeconds=5&watch=true',
      '/apis/x/v1/namespaces/shop/ys?labelSelector=a%3Db%2Cc&timeoutSeconds=86400&watch=true',
    ],
  ])('%s', (path, expected) => {
    expect(endingAfter(path, 86_400)).toBe(expected);
  });
});
