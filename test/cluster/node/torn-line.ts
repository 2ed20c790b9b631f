// SPDX-License-Identifier: Apache-2.0
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 65_536;
const NEWLINE = 0x0a;

/**
 * Cuts a file of lines behind its last whole one. Who is killed while it writes a line leaves a part of it, and whoever
 * comes after it would go on behind that part. Only while nobody writes.
 */
export function dropTornLine(path: string): void {
  if (!existsSync(path)) return;
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    const whole = wholeLinesOf(file, size);
    if (whole < size) ftruncateSync(file, whole);
  } finally {
    closeSync(file);
  }
}

/** Bytes up to the last newline, and with it. */
function wholeLinesOf(file: number, size: number): number {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let end = size; end > 0; end -= CHUNK_BYTES) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const read = readSync(file, chunk, 0, end - start, start);
    const at = chunk.subarray(0, read).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}
