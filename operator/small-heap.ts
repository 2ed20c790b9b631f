// SPDX-License-Identifier: Apache-2.0
import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect garbage often and keep the heap near what lives in it. By default it lets the heap grow to several
 * times that, which nobody gets back: of 270 MiB at 1,000 Canaries 130 were garbage.
 */
export function preferSmallHeap(): void {
  setFlagsFromString('--optimize-for-size');
}
