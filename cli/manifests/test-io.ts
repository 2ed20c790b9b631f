// SPDX-License-Identifier: Apache-2.0
// Test support: the world that a command sees which works on files, and what it says to it.
import type { Io } from '../command.ts';
import { createTestIo } from '../test-io.ts';

export interface FilesIo extends Io {
  /** All of standard output so far. */
  readonly said: () => string;
  /** All of standard error so far. */
  readonly complained: () => string;
}

/** An Io whose standard input has this text, at noon of a day. */
export function testIo(stdin = ''): FilesIo {
  const io = createTestIo();
  return {
    ...io,
    stdin: () => Promise.resolve(stdin),
    now: () => Date.UTC(2026, 10, 21, 12),
    said: () => io.written.out,
    complained: () => io.written.err,
  };
}
