// SPDX-License-Identifier: Apache-2.0
// A shop as a person has it; each part takes what a row of the table makes of it.
import { demoDeployment, demoIngress } from '../apps/manifests.ts';

const namespace = 'set-by-the-stand';

export function deployment(spec: object = {}): object {
  const { spec: own, ...rest } = demoDeployment({ name: 'shop', namespace, image: 'shop:1', version: '1' });
  return { ...rest, spec: { ...own, replicas: 0, ...spec } };
}

export function service(spec: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'shop' },
    spec: { selector: { app: 'shop' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
  };
}

export function ingress(spec?: object, annotations?: Record<string, string>): object {
  const whole = demoIngress({ name: 'shop', namespace, host: 'shop.example.test', service: 'shop' });
  const metadata = { ...whole.metadata, ...(annotations ? { annotations } : {}) };
  return { ...whole, metadata, spec: spec ?? whole.spec };
}

/** Of 0 pods, because nobody here would start any; a Canary without `replicas` would not adopt a Deployment at 0. */
export function canary(spec: object = {}, metadata: object = {}): object {
  return {
    apiVersion: 'headway.dev/v1alpha1',
    kind: 'Canary',
    metadata: { name: 'shop', ...metadata },
    spec: {
      targetRef: { kind: 'Deployment', name: 'shop' },
      service: { name: 'shop' },
      replicas: 0,
      steps: [{ setWeight: 50 }, { pause: {} }],
      ...spec,
    },
  };
}
