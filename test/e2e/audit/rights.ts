// SPDX-License-Identifier: Apache-2.0
import { type Resource, resources } from '../../../operator/kube/resources.ts';

/** What RBAC grants and what a request asks for. */
export interface Right {
  /** '' is the core group. */
  readonly group: string;
  /** Plural, with its subresource behind a slash, such as `pods/log`; a path such as `/version` for what is no resource. */
  readonly resource: string;
  readonly verb: string;
}

/** As people write it: `` `delete` on `jobs.batch` ``. */
export function describeRight({ verb, group, resource }: Right): string {
  return `\`${verb}\` on \`${group === '' ? resource : `${resource}.${group}`}\``;
}

/** The same for the same right and no other. */
export function rightKey({ group, resource, verb }: Right): string {
  return `${verb} ${group}/${resource}`;
}

const known: readonly Resource[] = Object.values(resources);

/** Whether objects of a resource, or of that which a subresource belongs to, live in namespaces. Throws for an unknown one. */
export function isNamespaced({ group, resource }: Omit<Right, 'verb'>): boolean {
  const [plural] = resource.split('/');
  return knownBy(`${plural}.${group}`, (one) => one.group === group && one.plural === plural).namespaced;
}

/** The plural of a kind. Throws for an unknown one. */
export function pluralOf(group: string, kind: string): string {
  return knownBy(`${kind} of ${group}`, (one) => one.group === group && one.kind === kind).plural;
}

function knownBy(what: string, isIt: (one: Resource) => boolean): Resource {
  const found = known.find(isIt);
  if (!found) throw new Error(`operator/kube/resources.ts does not know ${what}`);
  return found;
}
