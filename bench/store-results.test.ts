// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renderLossPage } from './loss/report.ts';
import { docsDir } from './paths.ts';
import { renderAnatomy } from './report-anatomy.ts';
import { renderReport } from './report.ts';
import type { Results } from './results.ts';
import { readResults, withReport, writeResults } from './store-results.ts';

const text = [
  'before',
  '<!-- figures: written by `make bench` -->',
  '',
  'old',
  '',
  '<!-- end of figures -->',
  'after',
  '',
].join('\n');

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'headway-bench-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const reaction: Results['reaction'] = {
  circumstances: {
    measuredAt: '2026-01-02T03:04:05.000Z',
    seconds: 1,
    version: '1',
    commit: 'c',
    cpu: 'x',
    cores: 1,
    memoryGiB: 1,
    kernel: 'k',
    node: 'n',
    kubernetes: 'k',
    loadBefore: 0,
  },
  results: {
    ratePerSecond: 150,
    weight: 20,
    errorRate: 0.5,
    releases: [{ interval: '1s', weightZeroMs: 1_000, lastBadMs: 2_000, bad: 3, sent: 4, lost: 0 }],
  },
};

describe('withReport', () => {
  it('replaces what is between the marks and nothing else, twice as once', () => {
    const once = withReport(text, 'new\n');
    expect(once).toBe(text.replace('old', 'new'));
    expect(withReport(once, 'new\n')).toBe(once);
  });

  it.each(['', 'no marks', text.split('\n').toReversed().join('\n')])('refuses %j', (bad) => {
    expect(() => withReport(bad, 'new')).toThrow('the text has no lines');
  });
});

describe('writeResults', () => {
  it('keeps the figures as JSON and shows them in the page', () => {
    for (const file of ['README.md', 'memory.md']) writeFileSync(join(dir, file), text);
    writeFileSync(join(dir, 'loss.md'), text.replace('make bench', 'make bench-loss'));
    expect(readResults(dir)).toEqual({});
    writeResults(dir, { reaction });
    expect(readResults(dir)).toEqual({ reaction });
    expect(readFileSync(join(dir, 'README.md'), 'utf8')).toContain('1.0 s (1 run)');
    for (const file of ['memory.md', 'loss.md']) {
      expect(readFileSync(join(dir, file), 'utf8')).toContain('Nothing has been measured yet.');
    }
    expect(existsSync(join(dir, 'loss.svg'))).toBe(false);
  });
});

describe('docs/benchmarks', () => {
  it.each([
    ['README.md', 'make bench', renderReport],
    ['memory.md', 'make bench', renderAnatomy],
    ['loss.md', 'make bench-loss', renderLossPage],
  ] as const)('%s shows exactly the figures of results.json', (file, verb, render) => {
    const page = readFileSync(join(docsDir, file), 'utf8');
    expect(withReport(page, render(readResults(docsDir)), verb)).toBe(page);
  });
});
