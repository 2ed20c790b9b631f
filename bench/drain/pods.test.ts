// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { deploymentOf } from './objects.ts';
import { areExactly, type PodView, podView } from './pods.ts';

const { template } = deploymentOf('shop', 'demo:1', 'v2').spec;

function pod(ready: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: 'shop', name: 'shop-1' },
    spec: template.spec,
    status: { conditions: [{ type: 'Ready', status: ready }] },
  };
}

describe('podView', () => {
  it('reads the version from the environment that the demo app has', () => {
    expect(podView(pod('True'))).toEqual({ namespace: 'shop', version: 'v2', isReady: true });
    expect(podView(pod('False')).isReady).toBe(false);
    expect(podView({ ...pod('True'), status: {} }).isReady).toBe(false);
  });
});

describe('areExactly', () => {
  const good: PodView = { namespace: 'shop', version: 'v1', isReady: true };

  it.each<[string, PodView[], boolean]>([
    ['so many good pods', [good, good], true],
    ['one too few', [good], false],
    ['one more, which ends', [good, good, good], false],
    ['one that is not ready', [good, { ...good, isReady: false }], false],
    ['one of another version', [good, { ...good, version: 'v2' }], false],
  ])('%s', (_what, pods, expected) => {
    expect(areExactly(pods, 2, 'v1')).toBe(expected);
  });
});
