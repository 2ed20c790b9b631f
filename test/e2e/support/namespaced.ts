// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { isNamespaced } from '../audit/rights.ts';
import { namespacedAccount, operatorAccount, operatorNamespace } from './world.ts';

const RBAC = 'rbac.authorization.k8s.io';

const Rule = z.object({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
});
type Rule = z.infer<typeof Rule>;

const Role = z.looseObject({
  kind: z.literal('ClusterRole'),
  metadata: z.looseObject({ name: z.literal(operatorAccount.name) }),
  rules: z.array(Rule),
});

/**
 * What an operator needs that serves one namespace, made of the objects of an installation for all of them: an account of
 * its own, the rules of its ClusterRole in a Role of that namespace, and a ClusterRole for those rules alone that are about
 * kinds in no namespace. It shares the Role for Leases. Throws where the ClusterRole is not among the objects.
 */
export function namespacedInstallation(objects: readonly unknown[], namespace: string): object[] {
  const found = objects.map((object) => Role.safeParse(object).data).find((role) => role !== undefined);
  if (!found) throw new Error(`there is no ClusterRole ${operatorAccount.name}`);
  const { name } = namespacedAccount;
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: namespacedAccount },
    role('Role', { name, namespace }, rulesFor(found.rules, true)),
    binding('RoleBinding', { name, namespace }, { kind: 'Role', name }),
    role('ClusterRole', { name }, rulesFor(found.rules, false)),
    binding('ClusterRoleBinding', { name }, { kind: 'ClusterRole', name }),
    binding(
      'RoleBinding',
      { name, namespace: operatorNamespace },
      { kind: 'Role', name: 'headway-leader-election' },
    ),
  ];
}

/** Of each rule what is about kinds that live in namespaces, or about those that do not. */
function rulesFor(rules: readonly Rule[], wanted: boolean): Rule[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => {
      const kept = resources.filter((resource) => isNamespaced({ group, resource }) === wanted);
      return kept.length === 0 ? [] : [{ apiGroups: [group], resources: kept, verbs }];
    }),
  );
}

interface Name {
  readonly name: string;
  readonly namespace?: string;
}

function role(kind: 'Role' | 'ClusterRole', metadata: Name, rules: readonly Rule[]): object {
  return { apiVersion: `${RBAC}/v1`, kind, metadata, rules };
}

function binding(kind: string, metadata: Name, roleRef: { kind: string; name: string }): object {
  const subjects = [{ kind: 'ServiceAccount', ...namespacedAccount }];
  return { apiVersion: `${RBAC}/v1`, kind, metadata, roleRef: { apiGroup: RBAC, ...roleRef }, subjects };
}
