// SPDX-License-Identifier: Apache-2.0

/** Resident memory of a process in bytes, by what it is mapped for. */
export interface Resident {
  /** The program file of Node, whose pages all its processes on a machine share. */
  program: number;
  libraries: number;
  /** The heap of malloc: OpenSSL, sockets, V8's own tables. */
  malloc: number;
  /** Memory without a file: V8's heaps and code, stacks, large pieces of malloc. */
  anonymous: number;
}

/** Reads `/proc/PID/smaps`. */
export function parseSmaps(smaps: string, program: string): Resident {
  const resident: Resident = { program: 0, libraries: 0, malloc: 0, anonymous: 0 };
  let place: keyof Resident = 'anonymous';
  for (const line of smaps.split('\n')) {
    const mapping = /^[0-9a-f]+-[0-9a-f]+ \S+ \S+ \S+ \d+ *(.*)$/.exec(line)?.[1];
    if (mapping !== undefined) place = placeOf(mapping, program);
    const kilobytes = /^Rss:\s+(\d+) kB$/.exec(line)?.[1];
    if (kilobytes !== undefined) resident[place] += Number(kilobytes) * 1024;
  }
  return resident;
}

function placeOf(mapping: string, program: string): keyof Resident {
  if (mapping === program) return 'program';
  if (mapping === '[heap]') return 'malloc';
  return mapping.startsWith('/') ? 'libraries' : 'anonymous';
}
