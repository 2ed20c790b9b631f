// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { klogAround } from './klog.ts';

const LOG = [
  'I1122 02:23:02.633883    6370 proxier.go:1170] "Deleting stale nftables chains"',
  'I1122 02:23:03.000000    6370 proxier.go:1211] "SyncProxyRules complete" elapsed="68ms"',
  'E1122 02:23:09.000000    6370 proxier.go:1213] "Failed to list existing nftables objects" err=<',
  '\tfailed to run nft: Error: No such file or directory',
  'I1122 02:23:40.000000    6370 proxier.go:1211] "SyncProxyRules complete" elapsed="70ms"',
  'I1122 23:59:59.500000    6370 proxier.go:1211] "SyncProxyRules complete" elapsed="71ms"',
].join('\n');

function around(hours: number, minutes: number, seconds: number): string[] {
  const atMs = new Date(2026, 10, 22, hours, minutes, seconds).getTime();
  const isWanted = (line: string) => line.includes('SyncProxyRules complete');
  return klogAround(LOG, { atMs, withinMs: 10_000, isWanted }).map((line) => line.slice(0, 21));
}

describe('lines of a log around a moment', () => {
  it.each([
    ['the wanted ones and each error', [2, 23, 5], ['I1122 02:23:03.000000', 'E1122 02:23:09.000000']],
    ['nothing where nothing was said', [5, 0, 0], []],
    ['what was said before midnight', [0, 0, 1], ['I1122 23:59:59.500000']],
  ] as const)('are %s', (_what, [hours, minutes, seconds], lines) => {
    expect(around(hours, minutes, seconds)).toEqual(lines);
  });
});
