// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { renderPlot } from './plot.ts';
import type { LossResults, LossRow } from './record.ts';
import { lossLine, renderLosses, renderLossPage, unexplained } from './report.ts';

const row: LossRow = {
  by: 'headway',
  kind: 'Canary',
  mode: 'gateway',
  move: 'adoption',
  delay: 0,
  made: 2,
  sent: 4000,
  lost: {},
};
const hand: LossRow = {
  ...row,
  by: 'hand',
  mode: 'ratio',
  move: 'rolling update',
  delay: 3.3,
  made: 5,
  sent: 2000,
  lost: { refused: 8, reset: 2 },
};
const hasty: LossRow = {
  ...row,
  by: 'hasty',
  mode: 'route',
  delay: 10,
  made: 1,
  sent: 500,
  lost: { other: 1 },
};

function results(rows: LossRow[], more: Partial<LossResults> = {}): LossResults {
  return { ratePerSecond: 585, lanes: 15, traefik: '3.7.12', deaths: 0, rows, problems: [], ...more };
}

/** The cells of the line of a table that begins with one. */
function cellsOf(report: string, first: string): string[] {
  const line = report.split('\n').find((text) => text.startsWith(`| ${first}`)) ?? '';
  return line
    .split('|')
    .map((cell) => cell.trim())
    .slice(1, -1);
}

describe('renderLosses', () => {
  const delayed = { ...row, delay: 10, made: 1, sent: 900 };
  const rest = { ...row, move: 'at rest', made: 0, sent: 100 };
  const report = renderLosses(results([rest, row, delayed, hand, hasty]));

  it('has a line for each move and router, and a column for each delay', () => {
    expect(cellsOf(report, 'move')).toEqual(['move', 'router', 'routers 0 s behind', 'routers 10 s behind']);
    expect(cellsOf(report, 'Canary: adoption')).toEqual([
      'Canary: adoption',
      'Gateway',
      '2x: 0 of 4,000',
      '1x: 0 of 900',
    ]);
    expect(cellsOf(report, 'Canary: at rest')).toEqual(['Canary: at rest', 'Gateway', '0 of 100', '']);
    expect(report.indexOf('at rest')).toBeGreaterThan(report.indexOf('Canary: adoption'));
  });

  it('keeps apart who made the move', () => {
    expect(report.match(/^\*\*(Headway|By hand).*$/gm)).toEqual([
      '**Headway**, with a `settle` that is longer than the delay:',
      '**Headway with a `settle` that is too short**: 1 s, and no `scaleDownDelay`, where routers are 10 s behind:',
      '**By hand with kubectl**, with no wait but for ready pods:',
    ]);
  });

  it('explains every loss', () => {
    expect(cellsOf(report, 'hand')).toEqual([
      'hand',
      'rolling update',
      'plain Service',
      '3.3 s',
      '10',
      '8 refused, 2 reset',
      'pods ended while routers still sent to them',
    ]);
    expect(cellsOf(report, 'hasty').slice(3, 6)).toEqual(['10 s', '1', '1 other']);
  });

  it('says so where a loss is ours, and shows what was seen', () => {
    const bad = results([{ ...row, lost: { eof: 1 } }], {
      problems: ['canary-gateway: 1 requests were lost'],
    });
    expect(cellsOf(renderLosses(bad), 'headway').slice(-2)).toEqual(['1 eof', '**not explained**']);
    expect(renderLosses(bad)).toContain('```text\ncanary-gateway: 1 requests were lost\n```');
  });

  it('says so where there is none', () => {
    expect(renderLosses(results([row]))).toContain('No request was lost.');
  });
});

describe('lossLine', () => {
  it('says the whole run', () => {
    expect(lossLine(results([row, hand, hasty], { deaths: 120 }))).toBe(
      '6,500 requests, 585/s: lost 0 of 4,000 by Headway, whose process was killed 120 times, 1 of 500 with a settle too short, 10 of 2,000 by hand',
    );
  });

  it('leaves out what was not played', () => {
    expect(lossLine(results([row]))).toBe('4,000 requests, 585/s: lost 0 of 4,000 by Headway');
  });
});

describe('unexplained', () => {
  it.each([
    ['nothing lost', [row], 0],
    ['lost by hand, and by a settle that is too short', [row, hand, hasty], 0],
    ['lost by Headway', [{ ...row, lost: { eof: 2, reset: 1 } }, hand], 3],
    ['lost where it was killed', [{ ...row, by: 'killed' as const, lost: { eof: 2 } }], 2],
    ['lost on kept connections', [{ ...row, by: 'kept' as const, lost: { eof: 1 } }], 1],
  ])('%s', (_what, rows, expected) => {
    expect(unexplained({ rows })).toBe(expected);
  });
});

describe('renderLossPage', () => {
  it('says where nothing was measured', () => {
    expect(renderLossPage({})).toBe('Nothing has been measured yet.\n');
  });
});

describe('renderPlot', () => {
  const plot = renderPlot([
    row,
    hand,
    { ...hand, mode: 'gateway' },
    hasty,
    { ...row, move: 'at rest', delay: 1 },
  ]);

  it('has a group for each router and delay at which something was moved', () => {
    expect(plot.match(/(Gateway|Ingress|plain Service), [\d.]+ s behind/g)).toHaveLength(9);
    expect(plot).not.toContain(', 1 s behind');
  });

  it('has a bar for each series that was played, as long as its share', () => {
    const bars = [
      ...plot.matchAll(/<rect x="230" .*? width="([\d.]+)" height="8".*?font-size="9">([\d.]+)</g),
    ];
    expect(bars.map(([, width, label]) => [width, label])).toEqual([
      ['1.0', '0'],
      ['480.0', '50.0'],
      ['480.0', '50.0'],
      ['192.0', '20.0'],
    ]);
  });
});
