// SPDX-License-Identifier: Apache-2.0

/** A rule of traffic that did not hold. */
export interface Violation {
  /** I1 to I10, or `lost`, `flip`, `preview`, `config`, `rest`, `end`, `bug`. */
  readonly rule: string;
  readonly message: string;
  readonly atMs: number;
}
