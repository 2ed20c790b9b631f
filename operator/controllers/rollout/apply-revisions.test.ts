// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Action } from '../../engine/rollout/types.ts';
import { WaitingError } from '../../runtime/errors.ts';
import { contentOf } from './config-reader.ts';
import { projectDeployment } from './projections.ts';
import { createTestApply, type TestApply } from './test-apply.ts';
import { DEPLOYMENT, fromYaml, storesWith } from './test-objects.ts';

const HASH = projectDeployment(fromYaml(DEPLOYMENT)).hash;

let test: TestApply;

beforeEach(() => {
  test = createTestApply();
});

describe('the Deployments of revisions', () => {
  it('createRevision creates the copy of what was seen', async () => {
    await test.perform([{ kind: 'createRevision', revision: HASH, deployment: `web-${HASH}`, replicas: 2 }]);
    expect(test.server.calls).toEqual([
      {
        verb: 'create',
        resource: 'deployments',
        name: `web-${HASH}`,
        object: expect.objectContaining({
          kind: 'Deployment',
          spec: expect.objectContaining({ replicas: 2 }),
        }),
      },
    ]);
    expect(test.noted).toEqual([`web wrote deployments web-${HASH}`]);
  });

  it('scaleRevision changes one field of exactly that Deployment', async () => {
    await test.perform([{ kind: 'scaleRevision', deployment: 'web-aaa', replicas: 3 }]);
    expect(test.server.calls).toEqual([
      {
        verb: 'mergePatch',
        resource: 'deployments',
        name: 'web-aaa',
        change: {
          fieldManager: 'headway',
          patch: { metadata: { uid: 'uid-web-aaa' }, spec: { replicas: 3 } },
        },
      },
    ]);
    expect(test.noted).toEqual(['web wrote deployments web-aaa']);
  });

  it('deleteRevision deletes the object that was seen', async () => {
    await test.perform([{ kind: 'deleteRevision', deployment: 'web-aaa', uid: 'uid-web-aaa' }]);
    const options = { uid: 'uid-web-aaa', propagationPolicy: 'Background' };
    expect(test.server.calls).toEqual([
      { verb: 'delete', resource: 'deployments', name: 'web-aaa', options },
    ]);
    expect(test.noted).toEqual(['web removed deployments shop/web-aaa uid-web-aaa']);
  });

  it('deleteRevision of one that is gone is done', async () => {
    test.server.refuse('delete', 404, 'NotFound');
    await test.perform([{ kind: 'deleteRevision', deployment: 'web-aaa', uid: 'uid-web-aaa' }]);
    expect(test.noted).toEqual(['web removed deployments shop/web-aaa uid-web-aaa']);
  });

  it.each([
    ['has gone', undefined],
    [
      'has another template by now',
      {
        ...fromYaml(DEPLOYMENT),
        spec: { ...(fromYaml(DEPLOYMENT)['spec'] as object), template: { spec: { containers: [] } } },
      },
    ],
  ])('a target that %s is not copied', async (_what, target) => {
    test.stores = storesWith(target ? { deployments: [target] } : {});
    const action = {
      kind: 'createRevision',
      revision: HASH,
      deployment: `web-${HASH}`,
      replicas: 2,
    } as const;
    await expect(test.perform([action])).rejects.toThrow(WaitingError);
    expect(test.server.calls).toEqual([]);
  });
});

describe('copyConfig', () => {
  const source = {
    ...fromYaml('{apiVersion: v1, kind: ConfigMap, metadata: {name: app}}'),
    data: { a: '1' },
  };
  const action: Action = {
    kind: 'copyConfig',
    config: 'ConfigMap',
    name: 'app',
    copy: 'app-aaa',
    deployment: 'web-aaa',
    revision: 'aaa',
    content: contentOf(source),
  };

  it('copies what the plan has seen, for the Deployment of the revision', async () => {
    test.server.items = [source];
    await test.perform([action]);
    expect(test.server.calls.at(-1)).toMatchObject({
      verb: 'create',
      resource: 'configmaps',
      name: 'app-aaa',
      object: {
        metadata: { ownerReferences: [{ kind: 'Deployment', name: 'web-aaa', uid: 'uid-web-aaa' }] },
        immutable: true,
        data: { a: '1' },
      },
    });
    expect(test.noted).toEqual(['web wrote configmaps app-aaa']);
  });

  it.each([
    ['another content', { ...source, data: { a: '2' } }, action],
    ['a Deployment that is gone', source, { ...action, deployment: 'web-gone' }],
  ])('waits for another plan with %s', async (_what, object, asked) => {
    test.server.items = [object];
    await expect(test.perform([asked])).rejects.toThrow(WaitingError);
    expect(test.server.calls.map(({ verb }) => verb)).toEqual(['get']);
  });

  it('notes nothing of a Secret, which no store holds', async () => {
    test.server.items = [{ ...source, kind: 'Secret' }];
    await test.perform([{ ...action, config: 'Secret' }]);
    expect(test.server.calls.at(-1)).toMatchObject({ verb: 'create', resource: 'secrets', name: 'app-aaa' });
    expect(test.noted).toEqual([]);
  });
});
