// SPDX-License-Identifier: Apache-2.0

/** The code of an error of Node, such as ENOENT; undefined for any other. */
export function codeOf(error: unknown): string | undefined {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : undefined;
}
