// SPDX-License-Identifier: Apache-2.0
import { keyPairOf } from '../certificates.ts';
import type { Layout } from '../layout.ts';

/** The kubelet beside others on a machine that is not its own: own cgroup root, no machine-wide demands. */
export function kubeletConfig(layout: Layout): object {
  const serving = keyPairOf(layout, 'kubelet-server');
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: keyPairOf(layout, 'ca').certificate },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: serving.certificate,
    tlsPrivateKeyFile: serving.key,
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    cgroupDriver: 'cgroupfs',
    // Two kubelets below one root would delete each other's pods.
    cgroupRoot: `/${layout.cgroup}/pods`,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    localStorageCapacityIsolation: false,
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    makeIPTablesUtilChains: false,
    resolvConf: '',
    serializeImagePulls: false,
    maxPods: 200,
    logging: { verbosity: 1 },
  };
}
