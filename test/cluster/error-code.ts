// SPDX-License-Identifier: Apache-2.0

/** The code of a system error, such as ENOENT. Asks the shape, not the class: jest's files have their own Error. */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
