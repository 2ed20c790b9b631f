// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { list, map, off, section, text } from './value-types.ts';

export const RUNBOOKS = 'https://github.com/headway-dev/headway/blob/main/docs/runbooks.md';

function mode(kind: string) {
  return z
    .enum(['skip', 'fail'])
    .default('fail')
    .describe(
      `What to do where the cluster does not know the kind ${kind}: leave it out, or refuse to install.`,
    );
}

export const monitoringValues = section('What watches the operator.', {
  service: section('The Service in front of /metrics.', {
    labels: map('Labels that it gets besides.'),
    annotations: map('Its annotations, such as for a Prometheus that finds Services by them.'),
  }),
  serviceMonitor: section('A ServiceMonitor of the Prometheus Operator.', {
    enabled: off('Make a ServiceMonitor.'),
    mode: mode('ServiceMonitor'),
    namespace: text('Its namespace. Empty: that of the release.'),
    interval: z.string().default('15s').describe('Time between two scrapes.'),
    scrapeTimeout: z.string().default('10s').describe('How long a scrape may take.'),
    labels: map('Its labels, by which a Prometheus finds it.'),
    annotations: map('Its annotations.'),
    relabelings: list(z.looseObject({}), 'Changes of the labels of targets.'),
    metricRelabelings: list(z.looseObject({}), 'Changes of the labels of metrics.'),
  }),
  prometheusRule: section('Alerts, as a PrometheusRule of the Prometheus Operator.', {
    enabled: off('Make a PrometheusRule.'),
    mode: mode('PrometheusRule'),
    namespace: text('Its namespace. Empty: that of the release.'),
    labels: map('Its labels, by which a Prometheus finds it.'),
    annotations: map('Its annotations.'),
    alertLabels: map('Labels of every alert, such as for a route of the Alertmanager.'),
    runbookUrl: z
      .string()
      .default(RUNBOOKS)
      .describe('Page of the runbooks; the name of the alert in lower case is put behind it as an anchor.'),
  }),
  dashboard: section('A dashboard for Grafana, as a ConfigMap that its sidecar finds.', {
    enabled: off('Make the ConfigMap.'),
    namespace: text('Its namespace. Empty: that of the release.'),
    labels: map('Its labels, by which the sidecar finds it.', { grafana_dashboard: '1' }),
    annotations: map('Its annotations, such as for a folder.'),
  }),
});
