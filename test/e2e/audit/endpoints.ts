// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { StoredObject } from './log.ts';

/** A pod as an EndpointSlice lists it. */
export interface ListedPod {
  readonly pod: string;
  readonly isReady: boolean;
  readonly isEnding: boolean;
}

const Endpoints = z
  .array(
    z.looseObject({
      conditions: z
        .looseObject({ ready: z.boolean().nullish(), terminating: z.boolean().nullish() })
        .default({}),
      targetRef: z.looseObject({ name: z.string().optional() }).nullish(),
    }),
  )
  .nullish();

/** The pods that an EndpointSlice lists, in its order. */
export function listedPods(slice: StoredObject | undefined): ListedPod[] {
  const endpoints = Endpoints.parse(slice?.['endpoints']) ?? [];
  return endpoints.map(({ conditions, targetRef }) => ({
    pod: targetRef?.name ?? '',
    isReady: conditions.ready === true,
    isEnding: conditions.terminating === true,
  }));
}
