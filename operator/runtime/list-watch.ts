// SPDX-License-Identifier: Apache-2.0
import type { KubeClient, MetadataOption, Selection } from '../kube/client.ts';
import type { KubeList, WatchEvent } from '../kube/objects.ts';
import type { Resource } from '../kube/resources.ts';

export interface ListPage {
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  readonly signal: AbortSignal;
}

export interface WatchFrom {
  readonly resourceVersion: string;
  readonly timeoutSeconds: number;
  /** Once it aborts, the iteration must end promptly. */
  readonly signal: AbortSignal;
}

/** Where a reflector's objects come from. Refusals must be KubeApiError; `ERROR` events are handed through. */
export interface ListWatch {
  list(page: ListPage): Promise<KubeList>;
  watch(from: WatchFrom): AsyncIterable<WatchEvent>;
}

/** A resource of the API server, all of it or a selection; its objects whole, or their metadata alone. */
export function listWatchOf(
  client: KubeClient,
  resource: Resource,
  selection: Selection & MetadataOption = {},
): ListWatch {
  return {
    list: (page) => client.list(resource, { ...selection, ...page }),
    watch: (from) => client.watch(resource, { ...selection, ...from }),
  };
}
