// SPDX-License-Identifier: Apache-2.0
import { ports } from '../layout.ts';

const annotation = (name: string): string => `__meta_kubernetes_pod_annotation_prometheus_io_${name}`;
const podLabel = '__meta_kubernetes_pod_label_';

/**
 * Scrapes, every second, Traefik and each pod annotated `prometheus.io/scrape: "true"` (with `prometheus.io/port`,
 * and `prometheus.io/path` unless it is /metrics). Series carry `namespace`, `pod`, and the pod's labels under
 * their names with `_` for what PromQL does not allow; `headway.dev/revision` is `revision`.
 */
export function prometheusConfig(kubeconfig: string): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
    scrape_configs: [
      { job_name: 'traefik', static_configs: [{ targets: [`127.0.0.1:${ports.traefik}`] }] },
      {
        job_name: 'pods',
        kubernetes_sd_configs: [{ role: 'pod', kubeconfig_file: kubeconfig }],
        relabel_configs: podRelabelling,
      },
    ],
  };
}

const podRelabelling = [
  { action: 'keep', source_labels: [annotation('scrape')], regex: 'true' },
  { action: 'drop', source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Pending|Succeeded|Failed' },
  // A pod with several ports is one target, at the annotated port.
  {
    source_labels: ['__meta_kubernetes_pod_ip', annotation('port')],
    regex: '(.+);(\\d+)',
    target_label: '__address__',
    replacement: '$1:$2',
  },
  { source_labels: [annotation('path')], regex: '(.+)', target_label: '__metrics_path__' },
  { action: 'labelmap', regex: `${podLabel}(.+)` },
  { source_labels: [`${podLabel}headway_dev_revision`], regex: '(.+)', target_label: 'revision' },
  { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
  { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
];
