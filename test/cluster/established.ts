// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';

/** Runs kubectl with these arguments as the administrator of a cluster; resolves with what it prints. */
export type Kubectl = (args: readonly string[]) => Promise<string>;

interface Definition {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[] | null;
  };
}

const POLL_MS = 100;

/**
 * Resolves when CRDs are served, and throws with the names of those that are not in time. `which` is what `kubectl get` takes.
 * `kubectl wait` is no help: on a CRD that has just been made, whose `conditions` is null, it ends with an error at once.
 */
export async function waitUntilEstablished(
  kubectl: Kubectl,
  withinMs: number,
  which: readonly string[],
): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const missing = notEstablished(await kubectl(['get', '--output=json', ...which]));
    if (missing.length === 0) return;
    if (performance.now() > deadlineMs)
      throw new Error(`waited ${withinMs} ms for the CRDs ${missing.join(', ')} to be served`);
    await delay(POLL_MS);
  }
}

/** The names of those CRDs that are not served yet, out of what `kubectl get --output=json` prints. */
export function notEstablished(printed: string): string[] {
  const answer = JSON.parse(printed) as Definition | { readonly items: readonly Definition[] };
  const definitions = 'items' in answer ? answer.items : [answer];
  return definitions.filter((one) => !isEstablished(one)).map(({ metadata }) => metadata.name);
}

function isEstablished({ status }: Definition): boolean {
  return (status?.conditions ?? []).some((one) => one.type === 'Established' && one.status === 'True');
}
