// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { operatorPod, operatorPodNamespace, operatorPorts } from './operator-pod.ts';
import { OPTIONS } from '../../operator/config-options.ts';

const rbac = readFileSync(join(import.meta.dirname, '../../deploy/rbac.yaml'), 'utf8');
const named = parseAllDocuments(rbac).map(
  (document) => document.toJS() as { kind: string; metadata: { name: string; labels?: object } },
);

describe('operatorPod', () => {
  const pod = operatorPod({ name: 'a', image: 'localhost/headway:1', args: ['--workers=1'] });
  const [container] = pod.spec.containers;

  it('runs under the rights of deploy/rbac.yaml, where only restricted pods are admitted', () => {
    expect(named).toContainEqual(
      expect.objectContaining({
        kind: 'Namespace',
        metadata: {
          name: operatorPodNamespace,
          labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
        },
      }),
    );
    const account = { name: pod.spec.serviceAccountName, namespace: pod.metadata.namespace };
    expect(named).toContainEqual(expect.objectContaining({ kind: 'ServiceAccount', metadata: account }));
  });

  it('has every right on its node taken away, and leaves the user to the image', () => {
    expect(pod.spec.securityContext).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod.spec).not.toHaveProperty('volumes');
  });

  it('gives the operator its flags, and asks it at the ports that it has by default', () => {
    expect(container).toMatchObject({
      image: 'localhost/headway:1',
      imagePullPolicy: 'Never',
      args: ['--workers=1'],
    });
    expect(container).not.toHaveProperty('command');
    expect([OPTIONS.healthAddress.default, OPTIONS.metricsAddress.default]).toEqual([
      `:${operatorPorts.health}`,
      `:${operatorPorts.metrics}`,
    ]);
    expect(container?.readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'health' });
  });
});
