// SPDX-License-Identifier: Apache-2.0
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { type AuditedWrite, parseAuditedWrite } from './audit.ts';

/** Reads an audit log as it grows, also after the API server has begun a new file under the same name. */
export interface AuditFollower {
  /** The writes that were logged since the last call. */
  read(): AuditedWrite[];
  close(): void;
}

const chunkBytes = 1024 * 1024;

/** Starts at the end of the log. Lines in which `isWanted` finds nothing are not even parsed. */
export function followAudit(path: string, isWanted: (line: string) => boolean): AuditFollower {
  let file = openSync(path, 'r');
  let offset = fstatSync(file).size;
  let open = Buffer.alloc(0);
  const chunk = Buffer.alloc(chunkBytes);

  function readLines(lines: string[]): void {
    for (;;) {
      const bytes = readSync(file, chunk, 0, chunkBytes, offset);
      if (bytes === 0) return;
      offset += bytes;
      const text = Buffer.concat([open, chunk.subarray(0, bytes)]);
      const end = text.lastIndexOf('\n');
      open = text.subarray(end + 1);
      if (end > 0) lines.push(...text.toString('utf8', 0, end).split('\n'));
    }
  }

  return {
    read() {
      const lines: string[] = [];
      readLines(lines);
      if (statSync(path).ino !== fstatSync(file).ino) {
        readLines(lines); // what came between the last read and the new name
        closeSync(file);
        file = openSync(path, 'r');
        offset = 0;
        readLines(lines);
      }
      return lines.flatMap((line) => (isWanted(line) ? (parseAuditedWrite(line) ?? []) : []));
    },
    close: () => closeSync(file),
  };
}
