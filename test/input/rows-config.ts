// SPDX-License-Identifier: Apache-2.0
// Rows about the ConfigMaps and Secrets that a pod template names.
import { demoDeployment } from '../apps/manifests.ts';
import { deployment, service } from './objects.ts';
import type { Row } from './rows-service.ts';

const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shop' }, data: { a: '1' } };
const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'shop' }, stringData: { a: '1' } };

/** A Deployment of pods that read these. */
function reading(...envFrom: readonly object[]): object {
  const { spec } = demoDeployment({ name: 'shop', namespace: '', image: 'shop:1', version: '1' });
  const containers = spec.template.spec.containers.map((container) => ({ ...container, envFrom }));
  return deployment({ template: { ...spec.template, spec: { ...spec.template.spec, containers } } });
}

const binding = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'headway-config-secrets' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'headway-config-secrets' },
  subjects: [{ kind: 'ServiceAccount', name: 'headway', namespace: 'headway-system' }],
};

export const configRows: readonly Row[] = [
  {
    title: 'I19 a ConfigMap that is not there',
    objects: [
      reading({ configMapRef: { name: 'shop' } }, { configMapRef: { name: 'other', optional: true } }),
      service(),
    ],
    reason: 'ConfigNotFound',
    message: 'the template names ConfigMap shop, which is not there; it is taken up as soon as it is',
    mend: [configMap],
  },
  {
    title: 'I19 a Secret that the operator may not read',
    objects: [reading({ secretRef: { name: 'shop' } }), service(), secret],
    spec: { config: { secrets: 'Versioned' } },
    reason: 'ConfigNotFound',
    message:
      'may not get secrets in namespace $NS: secrets "shop" is forbidden: User "system:serviceaccount:headway-system:headway" cannot get resource "secrets" in API group "" in the namespace "$NS"',
    mend: [binding],
  },
  {
    title: 'I19 a Secret that is not there',
    objects: [reading({ secretRef: { name: 'shop' } }), service(), binding],
    spec: { config: { secrets: 'Versioned' } },
    reason: 'ConfigNotFound',
    message: 'the template names Secret shop, which is not there; it is taken up as soon as it is',
    mend: [secret],
  },
];
