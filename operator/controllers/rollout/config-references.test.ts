// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { configReferences, renameConfig } from './config-references.ts';

const TEMPLATE = parse(`
metadata: {labels: {app: web}}
spec:
  initContainers:
    - {name: init, image: x, envFrom: [{configMapRef: {name: init}}, {secretRef: {name: init-secret, optional: true}}]}
  containers:
    - name: web
      image: web:1
      env:
        - {name: PLAIN, value: x}
        - {name: LEVEL, valueFrom: {configMapKeyRef: {name: app, key: level}}}
        - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: TOKEN, valueFrom: {secretKeyRef: {name: token, key: token}}}
      envFrom: [{prefix: A_, configMapRef: {name: extra, optional: true}}]
  imagePullSecrets: [{name: registry}]
  volumes:
    - {name: app, configMap: {name: app, optional: true, items: [{key: a, path: b}]}}
    - {name: tls, secret: {secretName: tls}}
    - {name: empty, emptyDir: {}}
    - name: all
      projected:
        defaultMode: 420
        sources:
          - {configMap: {name: flags}}
          - {secret: {name: keys}}
          - {configMap: {name: kube-root-ca.crt}}
          - {serviceAccountToken: {path: token}}
`) as unknown;

describe('what pods read from', () => {
  it('is found in env, envFrom, volumes and projected volumes, each once', () => {
    expect(configReferences(TEMPLATE)).toEqual([
      { kind: 'ConfigMap', name: 'app', optional: false },
      { kind: 'ConfigMap', name: 'extra', optional: true },
      { kind: 'ConfigMap', name: 'flags', optional: false },
      { kind: 'ConfigMap', name: 'init', optional: false },
      { kind: 'Secret', name: 'init-secret', optional: true },
      { kind: 'Secret', name: 'keys', optional: false },
      { kind: 'Secret', name: 'tls', optional: false },
      { kind: 'Secret', name: 'token', optional: false },
    ]);
  });

  it.each([
    [{}],
    [{ spec: null }],
    [{ spec: { containers: null, volumes: null } }],
    [{ spec: { containers: [{ env: [{ valueFrom: null }], envFrom: [{ configMapRef: {} }] }] } }],
  ])('is nothing in %j', (template) => {
    expect(configReferences(template)).toEqual([]);
  });
});

describe('renaming', () => {
  const names = new Map([
    ['ConfigMap/app', 'app-bbb'],
    ['ConfigMap/flags', 'flags-bbb'],
    ['Secret/tls', 'tls-bbb'],
    // not what a Secret of this name is called
    ['ConfigMap/token', 'wrong'],
  ]);

  it('touches every place that names one, and nothing else', () => {
    const text = JSON.stringify(TEMPLATE)
      .replaceAll('"name":"app","key"', '"name":"app-bbb","key"')
      .replaceAll('{"name":"app","optional"', '{"name":"app-bbb","optional"')
      .replaceAll('{"name":"flags"}', '{"name":"flags-bbb"}')
      .replaceAll('"secretName":"tls"', '"secretName":"tls-bbb"');
    expect(renameConfig(TEMPLATE, names)).toEqual(JSON.parse(text));
  });

  it('and back again gives the same template, and leaves the given one alone', () => {
    const before = JSON.stringify(TEMPLATE);
    const renamed = renameConfig(TEMPLATE, names);
    const back = new Map([
      ['ConfigMap/app-bbb', 'app'],
      ['ConfigMap/flags-bbb', 'flags'],
      ['Secret/tls-bbb', 'tls'],
    ]);
    expect(renameConfig(renamed, back)).toEqual(TEMPLATE);
    expect(JSON.stringify(TEMPLATE)).toBe(before);
  });
});
