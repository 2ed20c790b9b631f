// SPDX-License-Identifier: Apache-2.0
import type { IngressTraffic } from '../../../api/traffic.ts';
import { canaryIngressName } from '../../../providers/traffic/ingress/canary-ingress.ts';
import { ingressRouter } from '../../../providers/traffic/ingress/router.ts';
import { boundTo, type RouterBinding, targetOf } from './binding.ts';

export const ingressBinding: RouterBinding<IngressTraffic> = {
  objects: (_canary, { name }) => [
    { resource: 'ingresses', name, isReadOnly: true },
    { resource: 'ingresses', name: canaryIngressName(name) },
  ],
  bind: (rollout, { ingresses }, { name, annotationPrefix }) => {
    const { namespace } = rollout.metadata;
    return boundTo(ingressRouter, {
      ...targetOf(rollout),
      ingressName: name,
      annotationPrefix,
      ingress: ingresses.get(`${namespace}/${name}`),
      canaryIngress: ingresses.get(`${namespace}/${canaryIngressName(name)}`),
      neighbours: ingresses.list(namespace),
    });
  },
};
