// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { KubeObject } from '../../../kube/objects.ts';
import type { RouteTarget } from '../types.ts';
import { Backend } from '../weights/backend.ts';
import { type Notes, notesOf } from '../weights/note.ts';
import { lastWriters } from '../weights/writers.ts';

const TraefikServiceShape = z.looseObject({
  spec: z
    .looseObject({
      weighted: z
        .looseObject({ services: z.array(Backend).nullish(), sticky: z.unknown().optional() })
        .nullish(),
    })
    .default({}),
});

/** What the stores keep of a TraefikService. */
export interface TraefikServiceSnapshot extends Notes {
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly deleting: boolean;
  /** The entries of weighted.services; undefined where it has none. */
  readonly services: readonly Backend[] | undefined;
  /** What it does instead of sharing by weight: `mirroring`, `failover` and the like; undefined for nothing. */
  readonly insteadOfWeights: string | undefined;
  /** Clients stay with the entry that answered them first (weighted.sticky). */
  readonly isSticky: boolean;
  /** Field manager that last wrote weighted.services. */
  readonly writer: string | undefined;
}

/** What the router works from. */
export interface TraefikTarget extends RouteTarget {
  /** Name of the TraefikService. */
  readonly name: string;
  /** Undefined while there is none. */
  readonly found: TraefikServiceSnapshot | undefined;
  /** Whether the API server knows the kind. */
  readonly isServed: boolean;
}

/** Reduces a TraefikService as the API server sends it to what the router reads. Throws a ZodError for something else. */
export function projectTraefikService(raw: KubeObject): TraefikServiceSnapshot {
  const { metadata } = raw;
  const { weighted, ...others } = TraefikServiceShape.parse(raw).spec;
  return {
    ...notesOf(metadata),
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    resourceVersion: metadata.resourceVersion ?? '',
    deleting: metadata.deletionTimestamp !== undefined,
    services: weighted?.services ?? undefined,
    insteadOfWeights: Object.keys(others)[0],
    isSticky: (weighted?.sticky ?? undefined) !== undefined,
    writer: lastWriters(metadata.managedFields ?? [], ['spec', 'weighted']).get('services'),
  };
}
