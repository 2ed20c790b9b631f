// SPDX-License-Identifier: Apache-2.0

/** The people of every test cluster and their groups. Only `admin` may do anything by itself. */
const groupsByUser: ReadonlyMap<string, readonly string[]> = new Map([
  ['admin', ['system:masters']],
  ['alice', ['team-shop']],
  ['bob', ['sre']],
]);

/** The names for which every provider has a kubeconfig. */
export function userNames(): string[] {
  return [...groupsByUser.keys()];
}

/** The groups of a user; throws for a name that no cluster knows. */
export function groupsOf(user: string): readonly string[] {
  const groups = groupsByUser.get(user);
  if (groups === undefined) {
    throw new Error(`no user "${user}"; there are ${userNames().join(', ')}`);
  }
  return groups;
}
