// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { TerminalError } from '../../runtime/errors.ts';
import { canaryKind } from '../canary/kind.ts';
import { CANARY, fromYaml } from './test-objects.ts';

function broken(spec: object, metadata: object = {}) {
  const object = fromYaml(CANARY);
  return {
    ...object,
    metadata: { ...object.metadata, ...metadata },
    spec: { ...(object['spec'] as object), ...spec },
  };
}

describe('a stored object', () => {
  it('fills in the defaults', () => {
    const rollout = canaryKind.read(fromYaml(CANARY)).rollout();
    expect(rollout.metadata).toMatchObject({
      name: 'web',
      namespace: 'shop',
      generation: 3,
      annotations: {},
    });
    expect(rollout.spec).toMatchObject({
      suspend: false,
      scaleDownDelay: '30s',
      progressDeadline: '10m',
      onNoData: 'Pause',
    });
    expect(rollout).not.toHaveProperty('status');
  });

  it('names every error at once', () => {
    const object = broken({ replicas: -1, scaleDownDelay: '1 m', steps: [{ setWeight: 101 }] });
    expect(() => canaryKind.read(object).rollout()).toThrow(TerminalError);
    expect(() => canaryKind.read(object).rollout()).toThrow(
      /spec\.replicas.*; .*spec\.(steps\[0\]\.setWeight|scaleDownDelay)/,
    );
    expect(() => canaryKind.read(object).rollout()).toThrow(
      expect.objectContaining({ reason: 'InvalidSpec' }),
    );
  });

  it.each([[undefined], [null], [3]])('takes a spec %p for an error and nothing worse', (spec) => {
    expect(() => canaryKind.read({ ...fromYaml(CANARY), spec }).rollout()).toThrow(TerminalError);
  });

  it.each([
    ['a status that is no object', 'x'],
    ['a status that is a list', [{ stage: 'Idle' }]],
  ])('takes %s for none', (_what, status) => {
    expect(canaryKind.read({ ...fromYaml(CANARY), status }).rollout()).not.toHaveProperty('status');
  });

  it.each([
    ['phase', 'Nonsense'],
    ['step', { index: 'two' }],
    ['observedGeneration', 'three'],
    ['history', 7],
  ])('forgets a spoilt %s and nothing else', (field, value) => {
    const status = {
      stage: 'Stepping',
      stable: { revision: 'aaa' },
      canary: { revision: 'bbb' },
      [field]: value,
    };
    const read = canaryKind.read({ ...fromYaml(CANARY), status }).rollout().status;
    expect(read).toMatchObject({
      stage: 'Stepping',
      stable: { revision: 'aaa' },
      canary: { revision: 'bbb' },
    });
    expect(read?.[field as 'phase']).not.toEqual(value);
  });

  it('takes a release whose stage nobody knows for one that begins again', () => {
    const status = { observedGeneration: 3, stage: 'Flying', stable: { revision: 'aaa' } };
    expect(canaryKind.read({ ...fromYaml(CANARY), status }).rollout().status).toEqual({
      observedGeneration: 3,
      stable: { revision: 'aaa' },
    });
  });

  it('keeps a status that is ours', () => {
    const status = { observedGeneration: 3, stage: 'Idle', stable: { revision: 'aaa' } };
    expect(canaryKind.read({ ...fromYaml(CANARY), status }).rollout().status).toEqual(status);
  });

  describe('of one that is being deleted', () => {
    const deleting = { deletionTimestamp: '2026-11-21T10:00:00Z' };

    it('needs no more than the names', () => {
      const rollout = canaryKind
        .read(broken({ steps: [{ setWeight: 101 }], replicas: 4 }, deleting))
        .rollout();
      expect(rollout.spec).toMatchObject({
        targetRef: { name: 'web' },
        service: { name: 'checkout' },
        replicas: 4,
      });
      expect(rollout.spec.steps).toEqual([{ setWeight: 100 }, { pause: { duration: '1s' } }]);
    });

    it('takes a sound spec as it is', () => {
      expect(canaryKind.read(broken({}, deleting)).rollout().spec.steps).toEqual([
        { setWeight: 20 },
        { pause: {} },
      ]);
    });

    it('drops what is wrong of the rest', () => {
      const rollout = canaryKind
        .read(broken({ steps: 3, replicas: -4, traffic: { ingress: 7 } }, deleting))
        .rollout();
      expect(rollout.spec.replicas).toBeUndefined();
      expect(rollout.spec.traffic).toBeUndefined();
    });

    it('without names is an error', () => {
      expect(() => canaryKind.read(broken({ targetRef: 3 }, deleting)).rollout()).toThrow(TerminalError);
    });
  });
});

describe('the identity of a stored object', () => {
  it('reads identity and status of whatever is stored', () => {
    const object = { ...broken({ steps: 3 }), status: { observedGeneration: 2 } };
    const { metadata, status } = canaryKind.read(object);
    expect({ metadata, status }).toEqual({
      metadata: {
        namespace: 'shop',
        name: 'web',
        uid: 'uid-web',
        generation: 3,
        resourceVersion: '1',
        deleting: false,
      },
      status: { observedGeneration: 2 },
    });
    expect(canaryKind.read({ apiVersion: 'x', kind: 'Canary', metadata: {} }).metadata).toEqual({
      namespace: '',
      name: '',
      uid: '',
      generation: 0,
      resourceVersion: '',
      deleting: false,
    });
  });
});
