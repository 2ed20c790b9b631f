// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../command.ts';
import { readSamples } from './samples.ts';

function read(text: string) {
  return readSamples({ name: 's', text });
}

function problemsOf(text: string): string[] {
  try {
    read(text);
  } catch (error) {
    if (error instanceof UsageError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const base = { isRelative: true, arm: 'canary', check: 'errors' };

describe('readSamples', () => {
  it('reads CSV, and sorts it by time', () => {
    const text =
      '# from the release of Friday\ntime,check,arm,value\n30,errors,canary,0.5\n15,errors,stable,1e-3\n\n';
    expect(read(text)).toEqual([
      { ...base, atMs: 15_000, arm: 'stable', value: 0.001 },
      { ...base, atMs: 30_000, value: 0.5 },
    ]);
  });

  it('reads columns in any order, and what is empty as not there', () => {
    const text = 'check,time,requests,errors,value\r\nerrors,-15.5,100,2,\r\nerrors,0,,,7\r\n';
    expect(read(text)).toEqual([
      { ...base, atMs: -15_500, requests: 100, errors: 2, value: undefined },
      { ...base, atMs: 0, value: 7 },
    ]);
  });

  it('lets the last column have commas', () => {
    expect(read('time,check,value,detail\n1,errors,0,pod a, b: 500\n')[0]).toMatchObject({
      detail: 'pod a, b: 500',
    });
  });

  it('reads JSON lines', () => {
    const text =
      '{"time": 1, "check": "errors", "value": null}\n{"time": "2", "check": "errors", "value": 3}\n';
    expect(read(text)).toEqual([
      { ...base, atMs: 1000, value: undefined },
      { ...base, atMs: 2000, value: 3 },
    ]);
  });

  it('reads dates', () => {
    const [sample] = read('time,check,value\n2026-11-21T14:00:00Z,errors,1\n');
    expect(sample).toMatchObject({ isRelative: false, atMs: Date.UTC(2026, 10, 21, 14) });
  });

  it('reads what is no number, as Prometheus says it', () => {
    expect(read('time,check,value\n1,errors,NaN\n')[0]?.value).toBeNaN();
  });

  it.each<[string, string, string[]]>([
    ['nothing', '', ['s: has no samples']],
    ['a head alone', 'time,check\n', ['s: has no samples']],
    [
      'a column that there is not',
      'time,check,vaule\n1,errors,2\n',
      [
        's:1: no such column: vaule; the first line names columns, which are time, check, arm, value, requests, errors, detail',
      ],
    ],
    ['JSON that is none', '{"time": 1\n', ['s:1: is not JSON: one object in each line is needed']],
    [
      'everything at once',
      'time,check,arm,value,requests,errors\nsoon,errors,canary,1,,\n1,,canary,1,,\n1,errors,preview,1,,\n1,errors,canary,much,,\n1,errors,canary,,5,6\n1,errors,canary,,-1,\n',
      [
        's:2: time: "soon": must be seconds since the release began, or like 2026-11-21T14:00:00Z',
        expect.stringMatching(/^s:3: check: /) as unknown as string,
        expect.stringMatching(/^s:4: arm: /) as unknown as string,
        's:5: value: "much": must be a number',
        's:6: errors: must not be more than requests',
        expect.stringMatching(/^s:7: requests: /) as unknown as string,
        's:7: errors: must not be more than requests',
      ],
    ],
    [
      'times of two sorts',
      'time,check,value\n1,errors,1\n2026-11-21T14:00:00Z,errors,1\n',
      ['s: some times are seconds since the release began, and some are dates; give all in one way'],
    ],
    [
      'a field of JSON that there is not',
      '{"time": 1, "check": "a", "vaule": 1}',
      [expect.stringMatching(/^s:1: .*vaule/) as unknown as string],
    ],
  ])('refuses %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});
