// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Action } from '../../engine/rollout/types.ts';
import { createTestApply, OURS, type TestApply } from './test-apply.ts';

let test: TestApply;

beforeEach(() => {
  test = createTestApply();
});

describe('what was decided before a break in what is seen', () => {
  it('is not gone on with', async () => {
    const scale: Action = { kind: 'scaleRevision', deployment: 'web-aaa', replicas: 4 };
    const { mergePatch } = test.server.client;
    test.server.client.mergePatch = (...args) => {
      test.isMet = false;
      return mergePatch(...args);
    };
    expect(await test.perform([scale, { kind: 'pinCanaryService', revision: 'aaa' }])).toBe(false);
    expect(test.server.calls.map(({ verb, name }) => `${verb} ${name}`)).toEqual(['mergePatch web-aaa']);
    test.isMet = true;
    expect(await test.perform([scale])).toBe(true);
  });
});

describe('each action is one call', () => {
  it.each([
    ['drainPod', 'false', { 'controller.kubernetes.io/pod-deletion-cost': '-2147483648' }],
    ['returnPod', 'true', undefined],
  ] as const)('%s changes the label of exactly that pod', async (kind, serving, annotations) => {
    await test.perform([{ kind, pod: 'web-aaa-1', uid: 'uid-web-aaa-1' }]);
    const labels = { 'headway.dev/serving': serving };
    const metadata = { uid: 'uid-web-aaa-1', labels, ...(annotations ? { annotations } : {}) };
    expect(test.server.calls).toEqual([
      {
        verb: 'mergePatch',
        resource: 'pods',
        name: 'web-aaa-1',
        change: { fieldManager: 'headway', patch: { metadata } },
      },
    ]);
    expect(test.noted).toEqual(['web wrote pods web-aaa-1']);
  });

  it('setReplicas adds the number only to the Canary that was seen', async () => {
    await test.perform([{ kind: 'setReplicas', replicas: 5 }]);
    expect(test.server.calls).toEqual([
      {
        verb: 'jsonPatch',
        resource: 'canaries',
        name: 'web',
        change: {
          fieldManager: 'headway',
          operations: [
            { op: 'test', path: '/metadata/resourceVersion', value: '1' },
            { op: 'add', path: '/spec/replicas', value: 5 },
          ],
        },
      },
    ]);
    expect(test.noted).toEqual(['web wrote canaries web']);
  });

  it('scaleTarget owns replicas of the Deployment of the user and nothing else', async () => {
    await test.perform([{ kind: 'scaleTarget', replicas: 0 }]);
    expect(test.server.calls).toEqual([
      {
        verb: 'apply',
        resource: 'deployments',
        name: 'web',
        object: { metadata: { namespace: 'shop', name: 'web', uid: 'uid-web' }, spec: { replicas: 0 } },
        options: OURS,
      },
    ]);
    expect(test.noted).toEqual(['web wrote deployments web']);
  });

  it.each(['drainPod', 'returnPod'] as const)('a pod that has gone: %s is nothing', async (kind) => {
    test.server.refuse('mergePatch', 404, 'NotFound');
    await test.perform([{ kind, pod: 'web-aaa-1', uid: 'uid-web-aaa-1' }]);
    expect(test.noted).toEqual([]);
  });

  it('a pod that may not be changed is an error', async () => {
    test.server.refuse('mergePatch', 403, 'Forbidden');
    await expect(test.perform([{ kind: 'drainPod', pod: 'a', uid: 'u' }])).rejects.toThrow(
      'refused with 403',
    );
  });
});

describe('several actions', () => {
  const actions: Action[] = [
    { kind: 'scaleRevision', deployment: 'web-aaa', replicas: 3 },
    { kind: 'pinService', pin: { kind: 'all' } },
    { kind: 'scaleTarget', replicas: 0 },
  ];

  it('are done in their order', async () => {
    await test.perform(actions);
    expect(test.server.calls.map(({ verb, name }) => `${verb} ${name}`)).toEqual([
      'mergePatch web-aaa',
      'jsonPatch checkout',
      'apply web',
    ]);
  });

  it('end with the first that fails; what was written before is remembered', async () => {
    test.server.refuse('jsonPatch', 422, 'Invalid');
    await expect(test.perform(actions)).rejects.toThrow('refused with 422');
    expect(test.server.calls.map(({ verb }) => verb)).toEqual(['mergePatch', 'jsonPatch']);
    expect(test.noted).toEqual(['web wrote deployments web-aaa']);
  });
});
