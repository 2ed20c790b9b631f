// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { describeSummary, parseLoadLines, Second, shareOf, Summary } from './load-lines.ts';

const none = { non2xx: 0, refused: 0, reset: 0, eof: 0, timeout: 0, overflow: 0, other: 0 };
const tally = {
  due: 150,
  sent: 150,
  answered: 150,
  ok: 150,
  byVersion: { v1: 150 },
  appErrors: {},
  codes: { '200': 150 },
  p50Ms: 100.4,
  p99Ms: 103,
  maxLagMs: 0.2,
  lost: none,
  lostTotal: 0,
};
const second = { t: 1_700_000_000_000, second: 0, ...tally };
const summary = {
  summary: true as const,
  startedAt: 1,
  endedAt: 2,
  ...tally,
  byConnections: {},
  examples: [],
};

function lines(...values: object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

describe('parseLoadLines', () => {
  it('reads the seconds and, when it is there, the summary', () => {
    const next = { ...second, second: 1, p50Ms: null, p99Ms: null };
    expect(parseLoadLines(lines(second, next))).toEqual({ seconds: [second, next] });
    expect(parseLoadLines(lines(second, summary))).toEqual({ seconds: [second], summary });
    expect(parseLoadLines('')).toEqual({ seconds: [] });
  });

  it('leaves out a line that is still being written', () => {
    const text = lines(second, second);
    expect(parseLoadLines(text.slice(0, -1)).seconds).toEqual([second]);
    expect(parseLoadLines(text.slice(0, 40)).seconds).toEqual([]);
  });

  it.each<[string, object, RegExp]>([
    [
      'a missing count',
      { ...second, lost: { ...none, eof: undefined } },
      /expected number, received undefined/,
    ],
    [
      'a class that is not known',
      { ...second, lost: { ...none, dropped: 1 } },
      /Unrecognized key: \\"dropped\\"/,
    ],
    ['a count that is no number', { ...second, sent: '150' }, /expected number, received string/],
    [
      'an example of no known class',
      { ...summary, examples: [{ t: 1, class: 'gone', error: 'x' }] },
      /expected one of/,
    ],
  ])('refuses %s', (_, line, message) => {
    expect(() => parseLoadLines(lines(line))).toThrow(message);
  });
});

describe('describeSummary', () => {
  it.each<[string, Partial<Summary>, string]>([
    ['a clean run', {}, 'sent 150 (v1 150), app errors 0, lost 0'],
    [
      'a run with everything',
      {
        sent: 8997,
        byVersion: { v2: 1797, v1: 7197 },
        appErrors: { v2: 12 },
        lost: { ...none, reset: 2, eof: 1 },
        lostTotal: 3,
      },
      'sent 8,997 (v1 7,197, v2 1,797), app errors 12 (v2 12), lost 3 (2 reset, 1 eof)',
    ],
  ])('tells %s in one line', (_, changes, text) => {
    expect(describeSummary(Summary.parse({ ...summary, ...changes }))).toBe(text);
  });
});

describe('shareOf', () => {
  const seconds = [{ v1: 120, v2: 30 }, { v1: 90, v2: 60 }, {}].map((byVersion) =>
    Second.parse({ ...second, byVersion }),
  );

  it.each([
    ['v2', 0.3],
    ['v1', 0.7],
    ['v3', 0],
  ])('of %s over several seconds is %d', (version, share) => {
    expect(shareOf(version, seconds)).toBeCloseTo(share, 10);
  });

  it('is 0 when nothing was answered', () => {
    expect(shareOf('v1', [])).toBe(0);
  });
});
