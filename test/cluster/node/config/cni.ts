// SPDX-License-Identifier: Apache-2.0
import { addresses } from '../layout.ts';

/**
 * Each pod on a routed pair of its own. On a bridge, answers between two pods would bypass the translation of
 * Service addresses unless the machine has the module br_netfilter.
 */
export function cniConfig(): object {
  return {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [
      {
        type: 'ptp',
        ipMasq: false,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: addresses.podRange }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  };
}
