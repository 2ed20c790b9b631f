// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardFile } from './dashboard.ts';
import { rbacFile } from './rbac-file.ts';
import {
  clusterRules,
  configSecretsRules,
  editRules,
  leaderElectionRules,
  operatorRules,
  viewRules,
} from './rbac-rules.ts';
import { rulesTemplate } from './rbac-text.ts';
import { schemaFile } from './values-schema.ts';
import { valuesFile, withValuesTable } from './values-files.ts';

const CHART = 'charts/headway';

/** What the chart needs and is said in another place: contents by path from the root of the checkout. */
export function generatedFiles(root: string): ReadonlyMap<string, string> {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const crds = readdirSync(join(root, 'crds')).filter((file) => file.endsWith('.yaml'));
  const { version } = JSON.parse(read('package.json')) as { version: string };
  return new Map([
    ['deploy/rbac.yaml', rbacFile()],
    [`${CHART}/Chart.yaml`, withVersion(read(`${CHART}/Chart.yaml`), version)],
    [`${CHART}/README.md`, withValuesTable(read(`${CHART}/README.md`))],
    [`${CHART}/values.yaml`, valuesFile()],
    [`${CHART}/values.schema.json`, schemaFile()],
    [`${CHART}/templates/_rules.tpl`, rulesTemplate(RULES)],
    [`${CHART}/files/dashboards/headway.json`, dashboardFile()],
    ...crds.map((file): [string, string] => [`${CHART}/files/crds/${file}`, read(`crds/${file}`)]),
  ]);
}

const RULES = {
  operator: operatorRules,
  cluster: clusterRules,
  configSecrets: configSecretsRules,
  leaderElection: leaderElectionRules,
  view: viewRules,
  edit: editRules,
};

/** The chart is released with the operator, under its version. */
function withVersion(chart: string, version: string): string {
  return chart
    .replace(/^version: .*$/m, `version: ${version}`)
    .replace(/^appVersion: .*$/m, `appVersion: "${version}"`);
}

/** Folders of which every file is generated. */
export const wholeFolders = [`${CHART}/files/crds`, `${CHART}/files/dashboards`];
