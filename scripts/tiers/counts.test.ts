// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { addCounts, countGo, countJest, totalLine } from './counts.ts';

const file = { name: 'a.test.ts', status: 'passed', message: '' };
const jest = { numPassedTests: 3, numFailedTests: 0, numRuntimeErrorTestSuites: 0, testResults: [file] };

describe('countJest', () => {
  it('counts what passed', () => {
    expect(countJest(JSON.stringify(jest))).toEqual({ passed: 3, failed: 0, problems: [] });
  });

  it('counts failed tests and says what they said', () => {
    const failed = { name: 'b.test.ts', status: 'failed', message: 'expected 1' };
    const report = { ...jest, numFailedTests: 2, testResults: [file, failed] };
    expect(countJest(JSON.stringify(report))).toEqual({
      passed: 3,
      failed: 2,
      problems: ['b.test.ts\nexpected 1'],
    });
  });

  it('counts a file that could not be loaded as one failure', () => {
    const report = { ...jest, numRuntimeErrorTestSuites: 1 };
    expect(countJest(JSON.stringify(report)).failed).toBe(1);
  });

  it('refuses what is no report', () => {
    expect(() => countJest('{}')).toThrow('numPassedTests');
  });
});

describe('countGo', () => {
  function lines(...events: object[]): string {
    return events.map((event) => JSON.stringify(event)).join('\n');
  }

  it('counts tests and subtests, not packages', () => {
    const output = lines(
      { Action: 'start', Package: 'demo' },
      { Action: 'pass', Package: 'demo', Test: 'TestA/one' },
      { Action: 'pass', Package: 'demo', Test: 'TestA' },
      { Action: 'skip', Package: 'demo', Test: 'TestB' },
      { Action: 'pass', Package: 'demo' },
    );
    expect(countGo(output)).toEqual({ passed: 2, failed: 0, problems: [] });
  });

  it('counts a failed test once, with its output', () => {
    const output = lines(
      { Action: 'output', Package: 'demo', Test: 'TestA', Output: 'want 1\n' },
      { Action: 'fail', Package: 'demo', Test: 'TestA' },
      { Action: 'fail', Package: 'demo' },
    );
    expect(countGo(output)).toEqual({ passed: 0, failed: 1, problems: ['demo TestA\nwant 1'] });
  });

  it('counts a package that does not compile as one failure', () => {
    const output = `# demo\n./main.go:3: syntax error\n${lines(
      { Action: 'output', Package: 'demo', Output: 'FAIL demo [build failed]\n' },
      { Action: 'fail', Package: 'demo' },
    )}`;
    expect(countGo(output)).toEqual({
      passed: 0,
      failed: 1,
      problems: ['demo \nFAIL demo [build failed]'],
    });
  });
});

describe('addCounts', () => {
  it('adds, keeps every problem, and ends in one sentence', () => {
    const sum = addCounts([
      { passed: 2, failed: 1, problems: ['a'] },
      { passed: 3, failed: 1, problems: ['b'] },
    ]);
    expect(sum).toEqual({ passed: 5, failed: 2, problems: ['a', 'b'] });
    expect(totalLine(sum)).toBe('5 passed, 2 failed');
  });

  it('of nothing is nothing', () => {
    expect(totalLine(addCounts([]))).toBe('0 passed, 0 failed');
  });
});
