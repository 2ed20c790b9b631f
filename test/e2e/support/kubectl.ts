// SPDX-License-Identifier: Apache-2.0
import { run } from '../../cluster/shell.ts';

/** What kubectl prints; throws with its words when it fails. Runs as the administrator. */
export function kubectl(args: readonly string[], input?: string): Promise<string> {
  return run('kubectl', args, input === undefined ? {} : { input });
}

/** Applies objects server-side, as a person with `kubectl apply --server-side` does. */
export async function applyObjects(objects: readonly object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  await kubectl(['apply', '--server-side', '--filename=-'], JSON.stringify(list));
}
