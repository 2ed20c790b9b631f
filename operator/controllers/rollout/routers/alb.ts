// SPDX-License-Identifier: Apache-2.0
import type { AlbTraffic } from '../../../api/alb.ts';
import { albRouter } from '../../../providers/traffic/alb/router.ts';
import { boundTo, type RouterBinding, targetOf } from './binding.ts';

export const albBinding: RouterBinding<AlbTraffic> = {
  objects: (_canary, { ingress }) => [{ resource: 'ingresses', name: ingress }],
  bind: (rollout, { ingresses }, { ingress, action, annotationPrefix }) => {
    const target = targetOf(rollout);
    return boundTo(albRouter, {
      ...target,
      ingressName: ingress,
      action: action ?? target.service,
      annotationPrefix,
      ingress: ingresses.get(`${target.namespace}/${ingress}`),
    });
  },
};
