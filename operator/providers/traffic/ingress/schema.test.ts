// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { projectIngress } from './schema.ts';
import { ingressFrom } from './test-objects.ts';

describe('projectIngress', () => {
  it('keeps what the router reads', () => {
    const raw = ingressFrom(`
      metadata:
        deletionTimestamp: "2026-11-21T10:00:00Z"
        labels: {app: web}
        annotations: {a: b, kubectl.kubernetes.io/last-applied-configuration: "{...}"}
        ownerReferences:
          - {apiVersion: v1, kind: ConfigMap, name: other, uid: uid-other}
          - {apiVersion: headway.dev/v1alpha1, kind: Canary, name: checkout, uid: uid-canary, controller: true}
      spec:
        ingressClassName: nginx
        defaultBackend: {service: {name: web, port: {number: 80}}}
        rules: [{host: a.example.com}]
        tls: [{hosts: [a.example.com], secretName: a}]
      status: {loadBalancer: {ingress: [{ip: 10.0.0.1}]}}`);
    expect(projectIngress(raw)).toEqual({
      namespace: 'shop',
      name: 'web',
      uid: 'uid-web',
      resourceVersion: '7',
      deleting: true,
      labels: { app: 'web' },
      annotations: { a: 'b' },
      controller: { kind: 'Canary', name: 'checkout', uid: 'uid-canary' },
      spec: {
        ingressClassName: 'nginx',
        defaultBackend: { service: { name: 'web', port: { number: 80 } } },
        rules: [{ host: 'a.example.com' }],
        tls: [{ hosts: ['a.example.com'], secretName: 'a' }],
      },
      owners: { ours: [], foreign: new Map() },
      actionWriters: new Map(),
    });
  });

  it('knows who wrote an action last, and of no other annotation', () => {
    const raw = ingressFrom('{}');
    const entry = (manager: string, time: string, ...keys: string[]) => ({
      manager,
      time,
      fieldsV1: {
        'f:metadata': { 'f:annotations': Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) },
      },
    });
    raw.metadata.managedFields = [
      entry('argocd', '2026-11-21T10:05:00Z', 'alb/actions.a', 'alb/scheme'),
      entry('headway', '2026-11-21T10:00:00Z', 'alb/actions.b'),
      entry('kubectl', '2026-11-21T10:00:00Z', 'alb/actions.a', 'alb/actions.b'),
    ];
    expect(projectIngress(raw).actionWriters).toEqual(
      new Map([
        ['alb/actions.a', 'argocd'],
        ['alb/actions.b', 'headway'],
      ]),
    );
  });

  it.each([
    ['nothing but a name', ''],
    ['an empty spec', 'spec: {}'],
    [
      'nulls',
      'metadata: {labels: null, annotations: null, ownerReferences: null, managedFields: null}\nspec: null',
    ],
    ['nulls in spec', 'spec: {ingressClassName: null, defaultBackend: null, rules: null, tls: null}'],
  ])('makes empty lists and maps of %s', (_, yaml) => {
    const snapshot = projectIngress(ingressFrom(yaml === '' ? '{}' : yaml));
    expect(snapshot.spec).toEqual({
      ingressClassName: undefined,
      defaultBackend: undefined,
      rules: [],
      tls: [],
    });
    expect([snapshot.labels, snapshot.annotations, snapshot.controller, snapshot.deleting]).toEqual([
      {},
      {},
      undefined,
      false,
    ]);
  });

  it('refuses what is no Ingress', () => {
    expect(() => projectIngress(ingressFrom('spec: {rules: [{http: {paths: [{backend: 3}]}}]}'))).toThrow(
      /expected object, received number/,
    );
  });

  it('costs little: nothing of managedFields, status or last-applied stays', () => {
    const raw = ingressFrom('spec: {rules: []}');
    raw.metadata.annotations = { 'kubectl.kubernetes.io/last-applied-configuration': 'x'.repeat(100_000) };
    raw.metadata.managedFields = [
      { manager: 'kubectl', fieldsV1: { 'f:metadata': { 'f:annotations': { 'f:a': {} } } } },
    ];
    raw['status'] = { note: 'y'.repeat(100_000) };
    expect(JSON.stringify(projectIngress(raw)).length).toBeLessThan(300);
  });
});
