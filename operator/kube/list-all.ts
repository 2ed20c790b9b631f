// SPDX-License-Identifier: Apache-2.0
import type { KubeClient, ListOptions } from './client.ts';
import type { KubeObject } from './objects.ts';
import type { Resource } from './resources.ts';

const PAGE_SIZE = 500;

/**
 * All objects of a collection, read live page by page from one snapshot. A 410 in the middle means that the snapshot
 * is gone; it is thrown, and the caller may start anew.
 */
export async function listAll<T extends KubeObject = KubeObject>(
  client: KubeClient,
  resource: Resource,
  options: ListOptions = {},
): Promise<T[]> {
  const items: T[] = [];
  let next: string | undefined;
  do {
    const page = await client.list<T>(resource, { limit: PAGE_SIZE, ...options, continue: next });
    items.push(...page.items);
    next = page.metadata.continue;
  } while (next);
  return items;
}
