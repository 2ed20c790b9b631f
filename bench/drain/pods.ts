// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { KubeObject } from '../../operator/kube/objects.ts';

/** A pod as far as the benchmark looks at it. */
export interface PodView {
  readonly namespace: string;
  readonly version: string;
  readonly isReady: boolean;
}

const Pod = z.looseObject({
  spec: z.looseObject({
    containers: z.array(
      z.looseObject({
        env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
      }),
    ),
  }),
  status: z.looseObject({
    conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]),
  }),
});

export function podView(object: KubeObject): PodView {
  const { spec, status } = Pod.parse(object);
  const environment = spec.containers.flatMap(({ env }) => env);
  return {
    namespace: object.metadata.namespace ?? '',
    version: environment.find(({ name }) => name === 'VERSION')?.value ?? '',
    isReady: status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
  };
}

/** Exactly so many pods, those included that are ending, all ready and of the version. */
export function areExactly(pods: readonly PodView[], count: number, version: string): boolean {
  return pods.length === count && pods.every((pod) => pod.isReady && pod.version === version);
}
