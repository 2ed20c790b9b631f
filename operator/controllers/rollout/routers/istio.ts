// SPDX-License-Identifier: Apache-2.0
import type { IstioTraffic } from '../../../api/istio.ts';
import { istioRouter } from '../../../providers/traffic/istio/router.ts';
import { boundTo, type RouterBinding, targetOf } from './binding.ts';
import { isServed } from './stores.ts';

/** DestinationRules are not named: those for the Service count, and any of the namespace wakes it. */
export const istioBinding: RouterBinding<IstioTraffic> = {
  objects: (_canary, { virtualServices }) =>
    virtualServices.map(({ name }) => ({ resource: 'virtualServices', name })),
  bind: (rollout, stores, { virtualServices }) => {
    const { namespace } = rollout.metadata;
    return boundTo(istioRouter, {
      ...targetOf(rollout),
      virtualServices: virtualServices.map((named) => ({
        ...named,
        found: stores.virtualServices.get(`${namespace}/${named.name}`),
      })),
      destinationRules: stores.destinationRules.list(namespace),
      isServed: isServed(stores, 'VirtualService'),
      podLabels: stores.deployments.get(`${namespace}/${rollout.spec.targetRef.name}`)?.podLabels,
    });
  },
};
