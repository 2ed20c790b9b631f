// SPDX-License-Identifier: Apache-2.0

/** The text as a regular expression that matches nothing else, for RE2, PCRE and the like. */
export function escapeRegex(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`);
}
