// SPDX-License-Identifier: Apache-2.0
import {
  clusterRules,
  configSecretsRules,
  editRules,
  leaderElectionRules,
  operatorRules,
  type RbacRule,
  roleNotes,
  viewRules,
} from './rbac-rules.ts';
import { ruleText, rulesOfAll } from './rbac-text.ts';
import { comment } from './wrap.ts';

const NAMESPACE = 'headway-system';
const WIDTH = 120;

interface Role {
  readonly kind: 'ClusterRole' | 'Role';
  readonly name: string;
  readonly note?: string;
  readonly aggregateTo?: readonly string[];
  readonly rules: readonly RbacRule[];
}

/** deploy/rbac.yaml: the roles without the chart, for operators that run outside of the cluster and for tests. */
export function rbacFile(): string {
  const documents = [
    HEAD,
    serviceAccount(),
    role({ kind: 'ClusterRole', name: 'headway', rules: [...operatorRules, ...clusterRules] }),
    binding('ClusterRole', 'headway'),
    role({
      kind: 'ClusterRole',
      name: 'headway-config-secrets',
      note: roleNotes.configSecrets,
      rules: configSecretsRules,
    }),
    role({
      kind: 'Role',
      name: 'headway-leader-election',
      note: roleNotes.leaderElection,
      rules: leaderElectionRules,
    }),
    binding('Role', 'headway-leader-election'),
    role({
      kind: 'ClusterRole',
      name: 'headway-view',
      note: roleNotes.view,
      aggregateTo: ['view', 'edit', 'admin'],
      rules: viewRules,
    }),
    role({
      kind: 'ClusterRole',
      name: 'headway-edit',
      note: roleNotes.edit,
      aggregateTo: ['edit', 'admin'],
      rules: editRules,
    }),
  ];
  return `${documents.join('\n---\n')}\n`;
}

const HEAD = `# SPDX-License-Identifier: Apache-2.0
# Made from scripts/chart/rbac-rules.ts by \`make generate\`. Do not edit.
#
# What the operator may do, and what people may do with its kinds.
#
# The operator has one ClusterRole. It names no Secret: where the owners of a namespace want Secrets kept with revisions,
# they bind headway-config-secrets there. No pod is made or deleted by the operator itself.
apiVersion: v1
kind: Namespace
metadata:
  name: ${NAMESPACE}
  labels:
    pod-security.kubernetes.io/enforce: restricted`;

function serviceAccount(): string {
  return `apiVersion: v1
kind: ServiceAccount
metadata:
  name: headway
  namespace: ${NAMESPACE}`;
}

function role({ kind, name, note, aggregateTo = [], rules }: Role): string {
  return [
    ...(note === undefined ? [] : comment(note, WIDTH)),
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${kind}`,
    'metadata:',
    `  name: ${name}`,
    ...(kind === 'Role' ? [`  namespace: ${NAMESPACE}`] : []),
    ...(aggregateTo.length > 0 ? ['  labels:'] : []),
    ...aggregateTo.map((to) => `    rbac.authorization.k8s.io/aggregate-to-${to}: "true"`),
    'rules:',
    ...rulesOfAll(rules).map((rule) => ruleText(rule, '  ')),
  ].join('\n');
}

function binding(kind: Role['kind'], name: string): string {
  return [
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${kind}Binding`,
    'metadata:',
    `  name: ${name}`,
    ...(kind === 'Role' ? [`  namespace: ${NAMESPACE}`] : []),
    'roleRef:',
    '  apiGroup: rbac.authorization.k8s.io',
    `  kind: ${kind}`,
    `  name: ${name}`,
    'subjects:',
    '  - kind: ServiceAccount',
    '    name: headway',
    `    namespace: ${NAMESPACE}`,
  ].join('\n');
}
