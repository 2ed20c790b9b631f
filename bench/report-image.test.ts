// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { imageTables } from './report-image.ts';
import { renderReport } from './report.ts';
import { ImageResults, Results } from './results.ts';

const spread = (count: number, p50: number, max: number) => ({ count, p50, p99: max, max });
const results: ImageResults = {
  layers: [
    { name: 'base', bytes: 8_600_000, gzipBytes: 3_200_000 },
    { name: 'node', bytes: 149_900_000, gzipBytes: 52_100_000 },
    { name: 'headway', bytes: 4_700_000, gzipBytes: 1_300_000 },
  ],
  process: { node: spread(10, 31.4, 40.2), ready: spread(10, 210.6, 260) },
  pod: {
    demo: spread(5, 700, 900),
    ready: spread(5, 1_100, 1_300),
    process: spread(5, 330, 400),
    memory: { rss: 98 * 2 ** 20, pss: 95 * 2 ** 20, peak: 104 * 2 ** 20 },
  },
};

function rows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('|') && !line.startsWith('| --'));
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('imageTables', () => {
  it('adds up the layers', () => {
    expect(
      rows(imageTables(results))
        .slice(1, 5)
        .map((row) => row.slice(1)),
    ).toEqual([
      ['8.6 MB', '3.2 MB'],
      ['149.9 MB', '52.1 MB'],
      ['4.7 MB', '1.3 MB'],
      ['163.2 MB', '56.6 MB'],
    ]);
  });

  it('shows every start beside its floor', () => {
    expect(rows(imageTables(results)).slice(6, 9)).toEqual([
      [
        'process to `/readyz`',
        '211 ms (at most 260, 10 starts)',
        '31 ms (at most 40, 10 starts) (`node -e 0` to its end)',
      ],
      [
        'pod created to `/readyz`',
        '1100 ms (at most 1300, 5 starts)',
        '700 ms (at most 900, 5 starts) (demo app, a program of Go)',
      ],
      ['of that, from the start of its process', '330 ms (at most 400, 5 starts)', ''],
    ]);
  });

  it('shows memory in MiB', () => {
    expect(
      rows(imageTables(results))
        .slice(9)
        .map(([, value]) => value),
    ).toEqual(['98 MiB', '95 MiB', '104 MiB']);
  });
});

describe('renderReport', () => {
  const circumstances = {
    measuredAt: '2026-01-02T03:04:05.000Z',
    seconds: 60,
    version: '1.2.3',
    commit: 'abc1234',
    cpu: 'x',
    cores: 2,
    memoryGiB: 16,
    kernel: 'k',
    node: '26.0.0',
    kubernetes: '1.35.4',
    loadBefore: 0.25,
  };

  it('has the tables and where they come from, alone too', () => {
    const all = Results.parse({ image: { circumstances, results } });
    const report = renderReport(all);
    expect(report).toContain(imageTables(results));
    expect(report).toContain('\nImage: measured on 2026-01-02 in 60 s, Headway 1.2.3 (abc1234), ');
  });

  it('takes only what the schema says', () => {
    expect(
      ImageResults.safeParse({ ...results, layers: [{ name: 'other', bytes: 1, gzipBytes: 1 }] }).success,
    ).toBe(false);
  });
});
