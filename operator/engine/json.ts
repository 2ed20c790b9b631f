// SPDX-License-Identifier: Apache-2.0

/** The value of a JSON text; undefined where the text is none. For text that somebody else may have written. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // what is no JSON is an answer of its own, which each reader has to give
  }
}
