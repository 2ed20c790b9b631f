// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { configCopyName, type TrackedConfig } from '../../engine/rollout/config.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { copiesOf, copiesText, revisionConfig, trackedConfig } from './config-copies.ts';
import type { SeenConfig } from './config-reader.ts';
import { buildConfigCopy, buildRevision } from './objects.ts';
import { projectDeployment } from './projections.ts';
import { canaryFrom, DEPLOYMENT, fromYaml } from './test-objects.ts';

const CONFIG: TrackedConfig[] = [
  { kind: 'ConfigMap', name: 'app', optional: false, content: 'c1', id: 'c1' },
  { kind: 'ConfigMap', name: 'extra', optional: true, content: 'absent', id: 'absent' },
];
const TARGET = DEPLOYMENT.replace(
  'ports: [{containerPort: 8080}]',
  'envFrom: [{configMapRef: {name: app}}, {configMapRef: {name: extra, optional: true}}]',
);

function revision(config = CONFIG): KubeObject {
  const source = projectDeployment(fromYaml(TARGET)).source ?? '';
  const made = buildRevision(canaryFrom(), source, {
    revision: 'bbb',
    deployment: 'web-bbb',
    replicas: 0,
    config,
  });
  return { ...made, metadata: { ...made.metadata, uid: 'uid-web-bbb' } };
}

describe('the Deployment of a revision with config', () => {
  it('reads from the copies, and says what it has', () => {
    const made = revision();
    expect(JSON.stringify(made['spec'])).toContain(
      '"envFrom":[{"configMapRef":{"name":"app-bbb"}},{"configMapRef":{"name":"extra-bbb","optional":true}}]',
    );
    expect(made.metadata.annotations).toEqual({
      'headway.dev/version': '1.4.2',
      'headway.dev/config': '{"ConfigMap/app":"copied","ConfigMap/extra":"absent"}',
    });
  });

  it('has the template of the target in the eyes of a plan', () => {
    const [target, made] = [projectDeployment(fromYaml(TARGET)), projectDeployment(revision())];
    expect(made.template).toBe(target.template);
    expect(target.config.map(({ name }) => name)).toEqual(['app', 'extra']);
    expect(target.copies).toEqual([]);
    expect(made.copies).toEqual([
      { kind: 'ConfigMap', name: 'app', copy: 'app-bbb', isAbsent: false },
      { kind: 'ConfigMap', name: 'extra', copy: 'extra-bbb', isAbsent: true },
    ]);
  });

  it('is as ever where there is no config', () => {
    expect(revision([]).metadata.annotations).toEqual({ 'headway.dev/version': '1.4.2' });
  });
});

describe('the copies that a Deployment tells of', () => {
  it.each([
    ['nothing', undefined],
    ['no JSON', '{'],
    ['another shape', '["app"]'],
    ['another kind', '{"Pod/app":"copied"}'],
    ['no name', '{"ConfigMap/":"copied"}'],
    ['another state', '{"ConfigMap/app":"lost"}'],
  ])('are none with %s', (_what, text) => {
    const annotations = text === undefined ? {} : { 'headway.dev/config': text };
    expect(copiesOf({ labels: { 'headway.dev/revision': 'bbb' }, annotations })).toEqual([]);
  });

  it('have names that are bounded, distinct and always the same', () => {
    const [one, other] = [`${'a'.repeat(250)}.x`, `${'a'.repeat(250)}.y`];
    expect(configCopyName(one, 'bbb')).toHaveLength(253);
    expect(configCopyName(one, 'bbb')).not.toBe(configCopyName(other, 'bbb'));
    const text = copiesText([{ kind: 'ConfigMap', name: one, optional: false, content: 'c' }]);
    const [copy] = copiesOf({
      labels: { 'headway.dev/revision': 'bbb' },
      annotations: { 'headway.dev/config': text },
    });
    expect(copy?.copy).toBe(configCopyName(one, 'bbb'));
  });
});

describe('what is known', () => {
  const seen = (more: Partial<SeenConfig>) => new Map([['ConfigMap/app-bbb', { ownerUids: [], ...more }]]);
  const table: [string, ReadonlyMap<string, SeenConfig>, object][] = [
    ['ours', seen({ content: 'c1', ownerUids: ['uid-web-bbb'] }), { state: 'there', content: 'c1' }],
    ['not there', seen({ content: 'absent' }), { state: 'missing' }],
    ['unknown', new Map(), { state: 'there' }],
    ['refused', seen({ problem: 'may not' }), { state: 'there', problem: 'may not' }],
    ['of somebody else', seen({ content: 'c1' }), { state: 'taken' }],
    [
      'of an earlier Deployment',
      seen({ content: 'c1', ownerUids: ['uid-old'], canary: 'web' }),
      { state: 'leaving' },
    ],
    ['of another Canary', seen({ content: 'c1', ownerUids: ['uid-old'], canary: 'api' }), { state: 'taken' }],
  ];
  it.each(table)('of a copy that is %s', (_what, snapshot, more) => {
    const [config] = revisionConfig(projectDeployment(revision()), snapshot, 'web');
    expect(config).toEqual({ kind: 'ConfigMap', name: 'app', copy: 'app-bbb', ...more });
  });

  it('of what the target names is what was seen of it', () => {
    const target = projectDeployment(fromYaml(TARGET));
    const snapshot = new Map([['ConfigMap/app', { content: 'c1', id: 'c1', ownerUids: [] }]]);
    expect(trackedConfig(target, snapshot, () => true)).toEqual([
      { kind: 'ConfigMap', name: 'app', optional: false, content: 'c1', id: 'c1' },
      { kind: 'ConfigMap', name: 'extra', optional: true },
    ]);
    expect(trackedConfig(target, snapshot, (kind) => kind === 'Secret')).toEqual([]);
  });
});

describe('a copy', () => {
  it('has the content, never changes, and goes with its revision', () => {
    const source = {
      ...fromYaml('{apiVersion: v1, kind: ConfigMap, metadata: {name: app, labels: {team: red}}}'),
      data: { level: 'info' },
      binaryData: { logo: 'AAEC' },
    };
    const owner = { name: 'web-bbb', uid: 'uid-web-bbb' };
    expect(buildConfigCopy(canaryFrom(), source, { copy: 'app-bbb', revision: 'bbb', owner })).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        namespace: 'shop',
        name: 'app-bbb',
        labels: {
          'app.kubernetes.io/managed-by': 'headway',
          'headway.dev/canary': 'web',
          'headway.dev/role': 'config',
          'headway.dev/revision': 'bbb',
        },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', ...owner }],
      },
      immutable: true,
      data: { level: 'info' },
      binaryData: { logo: 'AAEC' },
    });
  });
});
