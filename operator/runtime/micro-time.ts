// SPDX-License-Identifier: Apache-2.0

/**
 * metav1.MicroTime of epoch milliseconds. The API server refuses any other number of fractional digits than six
 * (client-node #828).
 */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
