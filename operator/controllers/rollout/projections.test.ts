// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../kube/objects.ts';
import { canaryFrom, DEPLOYMENT, fromYaml } from './test-objects.ts';
import { buildRevision } from './objects.ts';
import { projectDeployment } from './projections.ts';

function deployment(more: { spec?: object; status?: object | null; metadata?: object } = {}): KubeObject {
  const object = fromYaml(DEPLOYMENT);
  const { spec, status, metadata } = more;
  return {
    ...object,
    metadata: { ...object.metadata, ...metadata },
    spec: { ...(object['spec'] as object), ...spec },
    status: status === undefined ? object['status'] : status,
  };
}

describe('a Deployment that is seen again', () => {
  const first = projectDeployment(fromYaml(DEPLOYMENT));
  const changed = (yaml: string) => projectDeployment(fromYaml(yaml), first);

  it.each([
    ['nothing', DEPLOYMENT],
    ['its status', DEPLOYMENT.replace('availableReplicas: 5', 'availableReplicas: 3')],
    ['its labels', DEPLOYMENT.replace('team: red', 'team: blue')],
    ['its replicas', DEPLOYMENT.replace('replicas: 5', 'replicas: 6')],
    ['its template', DEPLOYMENT.replace('web:1.4.2', 'web:1.4.3')],
    ['its selector', DEPLOYMENT.replace('{matchLabels: {app: web}}', '{matchLabels: {app: web, tier: a}}')],
    ['its generation alone, as after new defaults', DEPLOYMENT.replace('generation: 4', 'generation: 5')],
  ])('after a change of %s is what it would be at first sight', (_what, yaml) => {
    expect(changed(yaml)).toEqual(projectDeployment(fromYaml(yaml)));
  });

  it('takes what it knows of a spec that is the same', () => {
    const before = { ...first, hash: 'known' };
    expect(projectDeployment(fromYaml(DEPLOYMENT), before).hash).toBe('known');
    const other = fromYaml(DEPLOYMENT.replace('web:1.4.2', 'web:1.4.3'));
    expect(projectDeployment(other, before).hash).not.toBe('known');
  });
});

describe('a Deployment', () => {
  it('is kept as what a plan reads', () => {
    expect(projectDeployment(fromYaml(DEPLOYMENT))).toEqual({
      namespace: 'shop',
      name: 'web',
      uid: 'uid-web',
      createdAtMs: Date.parse('2026-11-21T09:00:00Z'),
      template: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      hash: expect.stringMatching(/^[a-z0-9]{10}$/),
      version: '1.4.2',
      replicas: 5,
      available: 5,
      pods: 5,
      current: true,
      spec: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      selector: { app: 'web' },
      podLabels: { app: 'web' },
      config: [],
      copies: [],
      replicasManager: 'kubectl',
      source: expect.stringContaining('registry.example:5000/shop/web:1.4.2'),
    });
  });

  it.each([
    [
      'an older generation',
      { observedGeneration: 3, replicas: 5, updatedReplicas: 5, availableReplicas: 5 },
      0,
    ],
    [
      'a rollout on its way',
      { observedGeneration: 4, replicas: 6, updatedReplicas: 3, availableReplicas: 5 },
      2,
    ],
    [
      'a rollout whose new pods are not available, beside old ones that are',
      { observedGeneration: 4, replicas: 6, updatedReplicas: 1, availableReplicas: 5 },
      0,
    ],
    [
      'a rollout whose old pods are the ones that are not available, which cannot be told',
      { observedGeneration: 4, replicas: 6, updatedReplicas: 2, availableReplicas: 2 },
      0,
    ],
    ['pods that are not available', { observedGeneration: 4, replicas: 5, updatedReplicas: 5 }, 0],
    ['no status yet', {}, 0],
    ['no status at all', undefined, 0],
  ])('with %s has so many available pods', (_what, status, available) => {
    const object = deployment();
    expect(projectDeployment({ ...object, status }).available).toBe(available);
  });

  const refusal = 'pods "web-1" is forbidden: exceeded quota: small';

  it.each([
    ['True', refusal],
    ['False', undefined],
  ])('whose ReplicaFailure is %s complains of %p', (status, complaint) => {
    const conditions = [
      { type: 'Available', status: 'False', message: 'too few' },
      { type: 'ReplicaFailure', status, reason: 'FailedCreate', message: refusal },
    ];
    expect(projectDeployment({ ...deployment(), status: { conditions } }).complaint).toBe(complaint);
  });

  it('has one replica where the field is absent', () => {
    expect(projectDeployment(deployment({ spec: { replicas: undefined } })).replicas).toBe(1);
  });

  it('says that it is paused, also where its spec has been read before', () => {
    const paused = deployment({ spec: { paused: true } });
    const before = projectDeployment(paused);
    expect(before.paused).toBe(true);
    expect(projectDeployment(paused, before).paused).toBe(true);
    expect(projectDeployment(deployment(), before).paused).toBeUndefined();
  });

  it('that selects by expressions says why it cannot be released', () => {
    const selector = { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'a', operator: 'Exists' }] };
    expect(projectDeployment(deployment({ spec: { selector } })).problem).toBe(
      'Deployment web selects its pods by matchExpressions; Headway needs matchLabels, so that revisions can be told apart',
    );
    expect(
      projectDeployment(deployment({ spec: { selector: { ...selector, matchExpressions: [] } } })).problem,
    ).toBeUndefined();
  });

  it('that nothing controls is kept as it will be copied; one that is controlled is not', () => {
    expect(JSON.parse(projectDeployment(deployment()).source ?? '')).toMatchObject({
      labels: { team: 'red' },
      spec: { replicas: 5 },
    });
    const ownerReferences = [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'uid-x', controller: true }];
    const controlled = projectDeployment(deployment({ metadata: { ownerReferences } }));
    expect(controlled).toMatchObject({ controllerUid: 'uid-x', controlledBy: 'X x' });
    expect(controlled.source).toBeUndefined();
  });

  it('and its revision have the same fingerprint and hash, whatever replicas and labels of ours they have', () => {
    const target = projectDeployment(deployment());
    const made = buildRevision(canaryFrom(), target.source ?? '', {
      revision: target.hash,
      deployment: 'web-x',
      replicas: 2,
    });
    const revision = projectDeployment({ ...made, metadata: { ...made.metadata, uid: 'uid-x' } });
    expect(revision.template).toBe(target.template);
    expect(revision.hash).toBe(target.hash);
    expect(revision).toMatchObject({
      canary: 'web',
      revision: target.hash,
      controllerUid: 'uid-web',
      replicas: 2,
    });
  });

  it.each([
    ['an image', { containers: [{ name: 'web', image: 'web:2' }] }],
    [
      'a new field',
      { containers: [{ name: 'web', image: 'registry.example:5000/shop/web:1.4.2' }], hostNetwork: true },
    ],
  ])('with %s in its template has another hash', (_what, spec) => {
    const changed = deployment({ spec: { template: { metadata: { labels: { app: 'web' } }, spec } } });
    expect(projectDeployment(changed).hash).not.toBe(projectDeployment(deployment()).hash);
  });

  it('hashes the same for another order of keys', () => {
    const { template } = deployment()['spec'] as { template: { metadata: object; spec: object } };
    const turned = { spec: template.spec, metadata: template.metadata };
    expect(projectDeployment(deployment({ spec: { template: turned } })).hash).toBe(
      projectDeployment(deployment()).hash,
    );
  });

  it('without a template is no Deployment', () => {
    expect(() => projectDeployment(deployment({ spec: { template: undefined } }))).toThrow(/expected object/);
  });
});
