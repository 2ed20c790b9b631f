// SPDX-License-Identifier: Apache-2.0
import type { TraefikTraffic } from '../../../api/traffic.ts';
import { traefikRouter } from '../../../providers/traffic/traefik/router.ts';
import { boundTo, type RouterBinding, targetOf } from './binding.ts';
import { isServed } from './stores.ts';

export const traefikBinding: RouterBinding<TraefikTraffic> = {
  objects: (_canary, { service }) => [{ resource: 'traefikServices', name: service }],
  bind: (rollout, stores, { service }) =>
    boundTo(traefikRouter, {
      ...targetOf(rollout),
      name: service,
      found: stores.traefikServices.get(`${rollout.metadata.namespace}/${service}`),
      isServed: isServed(stores, 'TraefikService'),
    }),
};
