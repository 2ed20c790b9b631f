// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { type Right, rightKey } from './rights.ts';

/** A right that a role gives to an account. */
export interface Grant extends Right {
  /** `ClusterRole headway`, `Role headway in namespace shop`. */
  readonly role: string;
  /** Where it holds; absent: in all namespaces, and for what is in none. */
  readonly namespace?: string;
}

/** A ServiceAccount. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
}

const Texts = z
  .array(z.string())
  .nullish()
  .transform((texts) => texts ?? []);
const Metadata = z.looseObject({ name: z.string(), namespace: z.string().default('') });

const Rule = z.looseObject({
  apiGroups: Texts,
  resources: Texts,
  verbs: Texts,
  resourceNames: Texts,
  nonResourceURLs: Texts,
});
type Rule = z.infer<typeof Rule>;

const Role = z.looseObject({
  kind: z.enum(['Role', 'ClusterRole']),
  metadata: Metadata,
  rules: z.array(Rule).nullish(),
  aggregationRule: z.looseObject({}).nullish(),
});
type Role = z.infer<typeof Role>;

const Subject = z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() });
const Binding = z.looseObject({
  kind: z.enum(['RoleBinding', 'ClusterRoleBinding']),
  metadata: Metadata,
  roleRef: z.looseObject({ kind: z.enum(['Role', 'ClusterRole']), name: z.string() }),
  subjects: z.array(Subject).nullish(),
});
type Binding = z.infer<typeof Binding>;

/** The kinds that say who may do what. */
export const RBAC_KINDS = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'] as const;

/**
 * The rights that bindings give to the account by its own name, from roles and bindings among the objects; other objects are
 * passed by, and so is what everybody may who has logged in. Throws where nothing is bound to the account, where a role that
 * is bound is not among the objects, and for what names no right one by one: wildcards, names of objects, aggregation.
 */
export function granted(objects: readonly unknown[], account: Account): Grant[] {
  const roles = all(Role, objects);
  const bindings = all(Binding, objects).filter(({ subjects }) => isNamed(account, subjects ?? []));
  if (bindings.length === 0)
    throw new Error(`no role is bound to ServiceAccount ${account.namespace}/${account.name}`);
  return bindings.flatMap((binding) => grantsOf(binding, roleOf(binding, roles)));
}

function all<T>(schema: z.ZodType<T>, objects: readonly unknown[]): T[] {
  return objects.flatMap((object) => {
    const { success, data } = schema.safeParse(object);
    return success ? [data] : [];
  });
}

function isNamed(account: Account, subjects: readonly z.infer<typeof Subject>[]): boolean {
  return subjects.some(
    ({ kind, name, namespace }) =>
      kind === 'ServiceAccount' && name === account.name && namespace === account.namespace,
  );
}

function roleOf({ kind, metadata, roleRef }: Binding, roles: readonly Role[]): Role {
  const namespace = roleRef.kind === 'Role' ? metadata.namespace : '';
  const role = roles.find(
    (one) =>
      one.kind === roleRef.kind && one.metadata.name === roleRef.name && one.metadata.namespace === namespace,
  );
  if (!role)
    throw new Error(`${kind} ${metadata.name} binds ${roleRef.kind} ${roleRef.name}, which is not there`);
  return role;
}

function grantsOf({ kind, metadata }: Binding, role: Role): Grant[] {
  const where = kind === 'RoleBinding' ? { namespace: metadata.namespace } : {};
  const name = nameOf(role);
  if (role.aggregationRule) throw new Error(`${name} is aggregated: what it grants is not in it`);
  const rights = (role.rules ?? []).flatMap((rule) => rightsOf(rule, name));
  return rights.map((right) => ({ ...right, role: name, ...where }));
}

function nameOf({ kind, metadata: { name, namespace } }: Role): string {
  return kind === 'Role' ? `${kind} ${name} in namespace ${namespace}` : `${kind} ${name}`;
}

function rightsOf(rule: Rule, role: string): Right[] {
  const { apiGroups, resources, verbs, resourceNames, nonResourceURLs } = rule;
  if (resourceNames.length > 0)
    throw new Error(
      `${role} grants for names of objects (${resourceNames.join(', ')}), which is not compared`,
    );
  const ofResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) => verbs.map((verb) => ({ group, resource, verb }))),
  );
  const ofPaths = nonResourceURLs.flatMap((path) =>
    verbs.map((verb) => ({ group: '', resource: path, verb })),
  );
  const rights = [...ofResources, ...ofPaths];
  const wild = rights.find((right) => rightKey(right).includes('*'));
  if (wild) throw new Error(`${role} grants by a wildcard (${rightKey(wild)}), which nothing can use up`);
  return rights;
}
