// SPDX-License-Identifier: Apache-2.0
import { addresses, nodeName } from '../layout.ts';

export function kubeProxyConfig(kubeconfig: string): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    clientConnection: { kubeconfig },
    mode: 'nftables',
    hostnameOverride: nodeName,
    // At 2 it says when it has followed the Services, and how long that took: whoever explains a loss looks there.
    logging: { verbosity: 2 },
    clusterCIDR: addresses.podRange,
    // Zero leaves the machine's own limits as they are.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
}
