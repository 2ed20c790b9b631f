// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { TerminalError } from '../../runtime/errors.ts';
import { fromYaml } from '../rollout/test-objects.ts';
import { blueGreenKind } from './kind.ts';

const OBJECT = `
apiVersion: headway.dev/v1alpha1
kind: BlueGreen
metadata: {name: web, generation: 3}
spec:
  targetRef: {kind: Deployment, name: web}
  service: {name: checkout}
status:
  observedGeneration: 3
  stage: Stepping
  active: {slot: green, revision: aaa, version: "1.0"}
  preview: {slot: blue, revision: bbb}
`;

const broken = (spec: object, metadata: object = {}) => {
  const object = fromYaml(OBJECT);
  return {
    ...object,
    metadata: { ...object.metadata, ...metadata },
    spec: { ...(object['spec'] as object), ...spec },
  };
};

describe('a stored BlueGreen', () => {
  it('speaks of stable and canary to the plans, and of slots to people', () => {
    const reading = blueGreenKind.read(fromYaml(OBJECT));
    const { status } = reading.rollout();
    expect(status).toEqual({
      observedGeneration: 3,
      stage: 'Stepping',
      stable: { revision: 'aaa', version: '1.0' },
      canary: { revision: 'bbb' },
    });
    expect(reading.stored({ observedGeneration: 3, stable: { revision: 'bbb' } })).toEqual({
      observedGeneration: 3,
      active: { slot: 'blue', revision: 'bbb' },
    });
  });

  it('names every error of its spec at once', () => {
    const reading = blueGreenKind.read(broken({ previewReplicas: 0, autoPromoteAfter: 'soon' }));
    expect(() => reading.rollout()).toThrow(TerminalError);
    expect(() => reading.rollout()).toThrow(/spec\.previewReplicas.*spec\.autoPromoteAfter/);
  });

  it('needs no more than the names to be deleted', () => {
    const deleting = { deletionTimestamp: '2026-11-21T15:00:00Z' };
    const spec = { previewReplicas: 0, previewService: { name: 'next' }, bake: 7 };
    expect(blueGreenKind.read(broken(spec, deleting)).rollout().spec).toMatchObject({
      targetRef: { name: 'web' },
      service: { name: 'checkout' },
      canaryService: 'next',
    });
  });

  it('does not forget where it is for one field that somebody has spoilt', () => {
    const object = { ...fromYaml(OBJECT), status: { observedGeneration: 3, stage: 'Stepping', preview: 7 } };
    expect(blueGreenKind.read(object).rollout().status).toEqual({ observedGeneration: 3, stage: 'Stepping' });
  });
});
