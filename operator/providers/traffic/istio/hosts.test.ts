// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { coversHost, hostOf, isHostOf } from './hosts.ts';

const name = { namespace: 'shop', service: 'web' };

describe('a host', () => {
  it.each([
    ['web', 'web-canary'],
    ['web.shop', 'web-canary.shop'],
    ['web.shop.svc', 'web-canary.shop.svc'],
    ['web.shop.svc.cluster.local', 'web-canary.shop.svc.cluster.local'],
    ['web.shop.svc.my.domain', 'web-canary.shop.svc.my.domain'],
  ])('%s is the Service, and its canary is %s', (host, canary) => {
    expect(isHostOf(host, name)).toBe(true);
    expect(hostOf(host, 'web', 'web-canary')).toBe(canary);
    expect(isHostOf(canary, { namespace: 'shop', service: 'web-canary' })).toBe(true);
  });

  it.each([
    'web-canary',
    'web.other',
    'web.other.svc.cluster.local',
    'web.shop.example.com',
    'web.shop.svc.',
    'web.shop.svc.clusterset.local',
    'www.web.shop.svc.cluster.local',
    '*.shop.svc.cluster.local',
    '*',
    '',
  ])('%s is another', (host) => {
    expect(isHostOf(host, name)).toBe(false);
  });

  it.each([
    ['*', true],
    ['*.local', true],
    ['*.svc.cluster.local', true],
    ['*.shop.svc.cluster.local', true],
    ['*.other.svc.cluster.local', false],
    ['*.example.com', false],
    ['web.shop.svc.cluster.local', false],
  ])('%s with a star stands for it among others: %s', (pattern, covers) => {
    expect(coversHost(pattern, name)).toBe(covers);
  });
});
