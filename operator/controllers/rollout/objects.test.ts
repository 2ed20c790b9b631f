// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { KubeObject } from '../../kube/objects.ts';
import { buildCanaryService, buildRevision, canaryServiceHash } from './objects.ts';
import { projectDeployment } from './projections.ts';
import { projectService } from './service-projection.ts';
import { canaryFrom, DEPLOYMENT, fromYaml, SERVICE } from './test-objects.ts';

/** As it is on the wire. */
function sent(object: object): unknown {
  return JSON.parse(JSON.stringify(object));
}

function revisionOf(target: KubeObject) {
  const made = { revision: 'bcdfghjklm', deployment: 'web-bcdfghjklm', replicas: 2 };
  return buildRevision(canaryFrom(), projectDeployment(target).source ?? '', made);
}

describe('buildRevision', () => {
  it('is the Deployment of the user but for name, replicas and labels, without what GitOps tools track it by', () => {
    expect(sent(revisionOf(fromYaml(DEPLOYMENT)))).toEqual(
      parse(`apiVersion: apps/v1
kind: Deployment
metadata:
  namespace: shop
  name: web-bcdfghjklm
  labels:
    app: web
    team: red
    app.kubernetes.io/managed-by: headway
    headway.dev/canary: web
    headway.dev/role: revision
    headway.dev/revision: bcdfghjklm
  annotations:
    headway.dev/version: 1.4.2
  ownerReferences:
    - apiVersion: headway.dev/v1alpha1
      kind: Canary
      name: web
      uid: uid-web
      controller: true
      blockOwnerDeletion: true
spec:
  replicas: 2
  revisionHistoryLimit: 10
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 0
  selector:
    matchLabels:
      app: web
      headway.dev/revision: bcdfghjklm
      headway.dev/canary: web
  template:
    metadata:
      annotations:
        prometheus.io/scrape: "true"
      labels:
        app: web
        headway.dev/revision: bcdfghjklm
        headway.dev/serving: "true"
        headway.dev/canary: web
    spec:
      containers:
        - name: web
          image: registry.example:5000/shop/web:1.4.2
          ports:
            - containerPort: 8080
  paused: false
`),
    );
  });

  it('runs although the Deployment is paused, and carries no version where the images say none', () => {
    const target = fromYaml(DEPLOYMENT);
    const spec = target['spec'] as { template: object };
    const template = { ...spec.template, spec: { containers: [{ name: 'web', image: 'web' }] } };
    const made = revisionOf({ ...target, spec: { ...spec, paused: true, template } });
    expect(made['spec']).toMatchObject({ paused: false });
    expect(made.metadata.annotations).toBeUndefined();
  });

  it('of a Deployment without labels has only ours', () => {
    const target = fromYaml(DEPLOYMENT);
    delete target.metadata.labels;
    expect(Object.keys(revisionOf(target).metadata.labels ?? {})).toEqual([
      'app.kubernetes.io/managed-by',
      'headway.dev/canary',
      'headway.dev/role',
      'headway.dev/revision',
    ]);
  });
});

describe('buildCanaryService', () => {
  it('has the ports of the Service without its node ports, and the pods of one revision', () => {
    const service = projectService(fromYaml(SERVICE));
    expect(sent(buildCanaryService(canaryFrom(), service, 'bcdfghjklm'))).toEqual(
      parse(`metadata:
  namespace: shop
  name: checkout-canary
  labels:
    app.kubernetes.io/managed-by: headway
    headway.dev/canary: web
    headway.dev/role: canary-service
  annotations:
    headway.dev/written: ${canaryServiceHash(canaryFrom(), service, 'bcdfghjklm')}
  ownerReferences:
    - apiVersion: headway.dev/v1alpha1
      kind: Canary
      name: web
      uid: uid-web
      controller: true
      blockOwnerDeletion: true
spec:
  type: ClusterIP
  selector:
    app: web
    headway.dev/revision: bcdfghjklm
    headway.dev/serving: "true"
  ports:
    - name: http
      port: 80
      targetPort: 8080
      protocol: TCP
    - name: admin
      port: 90
      targetPort: admin
      protocol: TCP
      appProtocol: http
`),
    );
  });

  it('does not take over the pin of the Service', () => {
    const selector = { app: 'web', 'headway.dev/canary': 'web' };
    const service = { ...projectService(fromYaml(SERVICE)), selector };
    expect(buildCanaryService(canaryFrom(), service, 'bbb')['spec']).toMatchObject({
      selector: { app: 'web', 'headway.dev/revision': 'bbb', 'headway.dev/serving': 'true' },
    });
  });
});
