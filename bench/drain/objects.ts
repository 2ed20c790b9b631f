// SPDX-License-Identifier: Apache-2.0
import { API_VERSION } from '../../operator/api/group.ts';
import { demoDeployment, demoService } from '../../test/apps/manifests.ts';

export const shop = 'shop';
export const replicas = 8;

/** An app that breaks what is open when it is told to stop, as most do that nobody has taught better. */
export function deploymentOf(namespace: string, image: string, version: string) {
  return demoDeployment({ name: shop, namespace, image, version, replicas, exit: 'immediate' });
}

export function serviceOf(namespace: string): object {
  return demoService({ name: shop, namespace });
}

/** No router: the ratio of pods behind the Service is the split. A release goes to half and then to all. */
export function canaryOf(namespace: string): object {
  return {
    apiVersion: API_VERSION,
    kind: 'Canary',
    metadata: { name: shop, namespace },
    spec: {
      targetRef: { kind: 'Deployment', name: shop },
      service: { name: shop },
      scaleDownDelay: '5s',
      steps: [{ setWeight: 50 }, { pause: { duration: '5s' } }],
    },
  };
}
