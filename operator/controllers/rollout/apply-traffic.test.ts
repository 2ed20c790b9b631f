// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createTestApply, OURS, type TestApply } from './test-apply.ts';
import { INGRESS_CANARY, storesWith } from './test-objects.ts';

let test: TestApply;

beforeEach(() => {
  test = createTestApply();
});

describe('the Services', () => {
  it('pinService replaces the selector of the Service that was seen', async () => {
    await test.perform([{ kind: 'pinService', pin: { kind: 'revision', revision: 'aaa' } }]);
    expect(test.server.calls).toEqual([
      {
        verb: 'jsonPatch',
        resource: 'services',
        name: 'checkout',
        change: {
          fieldManager: 'headway',
          operations: [
            { op: 'test', path: '/metadata/resourceVersion', value: '17' },
            {
              op: 'replace',
              path: '/spec/selector',
              value: { app: 'web', 'headway.dev/revision': 'aaa', 'headway.dev/serving': 'true' },
            },
          ],
        },
      },
    ]);
    expect(test.noted).toEqual(['web wrote services checkout']);
  });

  it('pinCanaryService applies the whole Service', async () => {
    await test.perform([{ kind: 'pinCanaryService', revision: 'bbb' }]);
    expect(test.server.calls).toEqual([
      {
        verb: 'apply',
        resource: 'services',
        name: 'checkout-canary',
        object: expect.objectContaining({
          spec: expect.objectContaining({
            selector: { app: 'web', 'headway.dev/revision': 'bbb', 'headway.dev/serving': 'true' },
          }),
        }),
        options: OURS,
      },
    ]);
  });

  it('removeCanaryService deletes the object that was seen', async () => {
    await test.perform([{ kind: 'removeCanaryService' }]);
    const options = { uid: 'uid-checkout-canary', propagationPolicy: 'Background' };
    expect(test.server.calls).toEqual([
      { verb: 'delete', resource: 'services', name: 'checkout-canary', options },
    ]);
    expect(test.noted).toEqual(['web removed services shop/checkout-canary uid-checkout-canary']);
  });

  it.each([403, 409, 500])('a deletion that is refused with %i is an error', async (status) => {
    test.server.refuse('delete', status);
    await expect(test.perform([{ kind: 'removeCanaryService' }])).rejects.toThrow(`refused with ${status}`);
    expect(test.noted).toEqual([]);
  });
});

describe('the route', () => {
  it('setWeight applies the route, restRoute deletes it', async () => {
    await test.perform([{ kind: 'setWeight', weight: 20 }], INGRESS_CANARY);
    expect(test.server.calls).toEqual([
      expect.objectContaining({ verb: 'apply', resource: 'ingresses', name: 'shop-canary', options: OURS }),
    ]);
    expect(JSON.stringify(test.server.calls[0])).toContain(
      '"nginx.ingress.kubernetes.io/canary-weight":"20"',
    );
    expect(test.noted).toEqual(['web wrote ingresses shop-canary']);
    await test.perform([{ kind: 'restRoute' }], INGRESS_CANARY);
    expect(test.server.calls).toHaveLength(1);
  });

  it('and Services that are not there need no write', async () => {
    test.stores = storesWith({});
    const pin = { kind: 'none' } as const;
    await test.perform([
      { kind: 'pinService', pin },
      { kind: 'pinCanaryService', revision: 'bbb' },
      { kind: 'removeCanaryService' },
      { kind: 'setWeight', weight: 20 },
      { kind: 'restRoute' },
    ]);
    expect(test.server.calls).toEqual([]);
  });
});
