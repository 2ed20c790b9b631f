// SPDX-License-Identifier: Apache-2.0

/** The path of a watch, asked to end after so many seconds and not when its client said. */
export function endingAfter(path: string, seconds: number): string {
  const url = new URL(path, 'http://proxy');
  url.searchParams.set('timeoutSeconds', String(seconds));
  return `${url.pathname}${url.search}`;
}
