// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Profile } from '../types.ts';
import { keyPairOf } from './certificates.ts';
import { configPath } from './config-files.ts';
import { traefikArguments } from './config/traefik.ts';
import { apiserver, controllerManager, etcd, scheduler } from './control-plane.ts';
import { kubeconfigPath } from './kubeconfig.ts';
import { addresses, type Layout, nodeName, ports } from './layout.ts';
import { type Part, selfSigned } from './part.ts';

/** The parts of a profile in the order of their start; ends go the other way. */
export function partsOf(layout: Layout, profile: Profile): Part[] {
  const control = [etcd(layout), apiserver(layout), controllerManager(layout)];
  if (profile === 'api') {
    return control;
  }
  return [
    ...control,
    containerd(layout),
    scheduler(layout),
    kubelet(layout),
    kubeProxy(layout),
    traefik(layout),
    prometheus(layout),
    metricsServer(layout),
  ];
}

function containerd(layout: Layout): Part {
  return {
    name: 'containerd',
    command: ['containerd', `--config=${configPath(layout, 'containerd.toml')}`],
    env: {},
    privateMounts: true,
    probe: { name: 'containerd', socket: layout.containerdSocket },
  };
}

function kubelet(layout: Layout): Part {
  return {
    name: 'kubelet',
    port: ports.kubelet,
    command: [
      'kubelet',
      `--config=${configPath(layout, 'kubelet.yaml')}`,
      `--kubeconfig=${kubeconfigPath(layout, 'kubelet')}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${addresses.node}`,
    ],
    env: {},
    privateMounts: true,
    probe: { name: 'kubelet', url: `http://127.0.0.1:${ports.kubelet}/healthz` },
  };
}

function kubeProxy(layout: Layout): Part {
  return {
    name: 'kube-proxy',
    port: ports.kubeProxy,
    command: ['kube-proxy', `--config=${configPath(layout, 'kube-proxy.yaml')}`],
    env: {},
    privateMounts: false,
    probe: { name: 'kube-proxy', url: `http://127.0.0.1:${ports.kubeProxy}/healthz` },
  };
}

function traefik(layout: Layout): Part {
  return {
    name: 'traefik',
    port: ports.web,
    command: ['traefik', ...traefikArguments()],
    // Requests before the pods that start: a router that gets no processor for seconds is none.
    niceness: -10,
    // There is memory; what collects it would take the processor from requests.
    env: { KUBECONFIG: kubeconfigPath(layout, 'traefik'), GOGC: '400' },
    privateMounts: false,
    probe: { name: 'traefik', url: `http://127.0.0.1:${ports.traefik}/ping` },
  };
}

function prometheus(layout: Layout): Part {
  return {
    name: 'prometheus',
    port: ports.prometheus,
    command: [
      'prometheus',
      `--config.file=${configPath(layout, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(layout.stateDir, 'prometheus')}`,
      `--web.listen-address=0.0.0.0:${ports.prometheus}`,
    ],
    env: {},
    privateMounts: false,
    probe: { name: 'prometheus', url: `http://127.0.0.1:${ports.prometheus}/-/ready` },
  };
}

function metricsServer(layout: Layout): Part {
  const serving = keyPairOf(layout, 'metrics-server-serving');
  const kubeconfig = kubeconfigPath(layout, 'metrics-server');
  return {
    name: 'metrics-server',
    port: ports.metricsServer,
    command: [
      'metrics-server',
      `--kubeconfig=${kubeconfig}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      `--secure-port=${ports.metricsServer}`,
      `--tls-cert-file=${serving.certificate}`,
      `--tls-private-key-file=${serving.key}`,
      '--kubelet-preferred-address-types=InternalIP',
      '--kubelet-use-node-status-port',
      // The least that it takes, and a request must take less than nine tenths of it.
      '--metric-resolution=10s',
      '--kubelet-request-timeout=5s',
    ],
    env: {},
    privateMounts: false,
    probe: selfSigned('metrics-server', ports.metricsServer),
  };
}
