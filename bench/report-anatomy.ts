// SPDX-License-Identifier: Apache-2.0
import { circumstancesLine } from './report.ts';
import type { Anatomy, Results } from './results.ts';
import { renderTable } from './table.ts';

/** Where the memory of the operator is, as Markdown. */
export function renderAnatomy({ api }: Results): string {
  const anatomy = api?.results.anatomy;
  if (api === undefined || anatomy === undefined) return 'Nothing has been measured yet.\n';
  const tables = [residentTable(anatomy), holdersTable(anatomy), typesTable(anatomy)];
  return `${[...tables, `Memory: ${circumstancesLine(api.circumstances)}`].join('\n\n')}\n`;
}

function residentTable({ resident, objects }: Anatomy): string {
  const { program, libraries, malloc, anonymous, heapCommitted } = resident;
  const rows: [string, number, string][] = [
    ["Node's program file", program, 'shared by all processes of it on a machine'],
    ['libraries', libraries, ''],
    ["V8's heap", heapCommitted, 'what is alive, and room for what is not collected yet'],
    ["V8's code and tables, stacks, large buffers", anonymous - heapCommitted, ''],
    ['malloc', malloc, 'OpenSSL, sockets, what V8 keeps beside its heap'],
    ['together', program + libraries + malloc + anonymous, ''],
  ];
  return renderTable(
    [`resident memory, ${objects.toLocaleString('en-US')} Canaries`, 'MiB', ''],
    rows.map(([what, bytes, note]) => [what, mebibytes(bytes), note]),
  );
}

function holdersTable({ holders, heapBytes, objects }: Anatomy): string {
  const held = holders.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = [
    ...holders.map(({ name, bytes }) => [whatIs(name), mebibytes(bytes), kilobytesEach(bytes, objects)]),
    ['the program itself: modules, schemas, clients', mebibytes(heapBytes - held), ''],
    ['all that is alive', mebibytes(heapBytes), ''],
  ];
  return renderTable(['what alone holds it', 'MiB', 'kB for each Canary'], rows);
}

function whatIs(holder: string): string {
  if (holder === 'Registry') return 'metrics of the operator';
  if (holder === 'LaneQueue') return 'work queue';
  return holder.replace('MemoryStore', 'store of');
}

function typesTable({ types, heapBytes }: Anatomy): string {
  const share = (bytes: number): string => `${((bytes / heapBytes) * 100).toFixed(0)} %`;
  const shown = types.filter(({ bytes }) => bytes / heapBytes >= 0.005);
  return renderTable(
    ["V8's type", 'MiB', 'of the heap'],
    shown.map(({ name, bytes }) => [name, mebibytes(bytes), share(bytes)]),
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}

function kilobytesEach(bytes: number, objects: number): string {
  return (bytes / objects / 1_000).toFixed(1);
}
