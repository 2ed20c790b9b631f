// SPDX-License-Identifier: Apache-2.0

/**
 * Whether one resourceVersion is older than another of the same resource. Kubernetes documents since 1.35 that they are
 * decimal integers that grow; undefined where one of the two is none, and nothing is known of their order.
 */
export function isOlder(resourceVersion: string, than: string): boolean | undefined {
  const [one, other] = [asNumber(resourceVersion), asNumber(than)];
  return one === undefined || other === undefined ? undefined : one < other;
}

function asNumber(resourceVersion: string): bigint | undefined {
  return /^[0-9]+$/.test(resourceVersion) ? BigInt(resourceVersion) : undefined;
}
