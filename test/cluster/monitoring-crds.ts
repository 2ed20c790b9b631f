// SPDX-License-Identifier: Apache-2.0
import type { Kubectl } from './established.ts';
import { installCrds, type ModuleCrds } from './module-crds.ts';

/** The kinds of the Prometheus Operator that the chart makes. The Prometheus Operator itself does not run here. */
export const monitoringCrds: ModuleCrds = {
  name: 'monitoring-crds',
  modulePath: 'github.com/prometheus-operator/prometheus-operator',
  part: 'prometheus-operator',
  folder: 'example/prometheus-operator-crd',
  isWanted: (file) => /_(servicemonitors|prometheusrules)\.yaml$/.test(file),
};

/** Installs the CRDs, or does nothing where they are; resolves when they are served. */
export function installMonitoringCrds(kubectl: Kubectl): Promise<void> {
  return installCrds(kubectl, monitoringCrds);
}
