// SPDX-License-Identifier: Apache-2.0
import { childName, shortHash } from '../names.ts';

/** Longest value of a label, and longest name of a Service. */
const MAX_LABEL = 63;

/** Name of the Service that carries the canary's share of a route. */
export function canaryServiceName(service: string): string {
  return childName(service, '-canary', MAX_LABEL);
}

/** The name of a Canary as a label value: itself, or cut and made distinct where it is too long for one. */
export function canaryLabel(name: string): string {
  return name.length <= MAX_LABEL ? name : `${name.slice(0, 52).replace(/[-.]+$/, '')}-${shortHash(name)}`;
}
