// SPDX-License-Identifier: Apache-2.0
import { childName } from '../names.ts';

/** Longest name of a Service. */
export const MAX_SERVICE_NAME = 63;

/** Name of the Service that carries the canary's share of a route. */
export function canaryServiceName(service: string): string {
  return childName(service, '-canary', MAX_SERVICE_NAME);
}
