// SPDX-License-Identifier: Apache-2.0
import type { Grant } from './grants.ts';
import { describeRight, isNamespaced, rightKey } from './rights.ts';
import type { Use } from './uses.ts';

/**
 * In what the rights that an account was given differ from those that it asked for, one sentence each; none where they are
 * the same. A right of a role is used where it was asked for under any binding of the role. As for the API server, what a
 * role for all namespaces grants is taken from there first, so that a second grant of it is one too many.
 */
export function compare(grants: readonly Grant[], uses: readonly Use[]): string[] {
  const byRight = Map.groupBy(grants, rightKey);
  const usedUp = new Set<string>();
  const lacking: Use[] = [];
  for (const use of uses) {
    const grant = coveringOf(byRight.get(rightKey(use)) ?? [], use);
    if (grant) usedUp.add(grantKey(grant));
    else lacking.push(use);
  }
  const surplus = grants.filter((grant) => !usedUp.has(grantKey(grant))).map(surplusText);
  return [...new Set([...lackTexts(lacking), ...surplus])];
}

/** What gives the right of a use in its place: for all namespaces, or else for that one. */
function coveringOf(grants: readonly Grant[], { namespace }: Use): Grant | undefined {
  return (
    grants.find((grant) => grant.namespace === undefined) ??
    grants.find((grant) => grant.namespace === namespace)
  );
}

function grantKey(grant: Grant): string {
  return `${grant.role}: ${rightKey(grant)}`;
}

function surplusText(grant: Grant): string {
  return `${grant.role} grants ${describeRight(grant)}, which nothing used`;
}

function lackTexts(lacking: readonly Use[]): string[] {
  return [...Map.groupBy(lacking, rightKey).values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const isRefused = [first, ...others].every((use) => use.isRefused);
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const where = first.namespace === '' ? ' cluster-wide' : ` in namespace ${first.namespace}${more}`;
    return [`used ${describeRight(first)}${where}, which nothing grants${isRefused ? ' (403)' : ''}`];
  });
}

/**
 * What an operator of all namespaces asked for by its rights in all of them, as one that serves a single namespace has to ask
 * for it: there, but for kinds that are in none.
 */
export function asServedIn(namespace: string, uses: readonly Use[], grants: readonly Grant[]): Use[] {
  const everywhere = new Set(grants.filter((grant) => grant.namespace === undefined).map(rightKey));
  return uses
    .filter((use) => everywhere.has(rightKey(use)))
    .map((use) => ({ ...use, namespace: isNamespaced(use) ? namespace : '' }));
}
