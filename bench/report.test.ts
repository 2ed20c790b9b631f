// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { renderReport } from './report.ts';
import { type ApiResults, type Circumstances, type DrainRun, Results } from './results.ts';

const circumstances: Circumstances = {
  measuredAt: '2026-01-02T03:04:05.000Z',
  seconds: 480,
  version: '1.2.3',
  commit: 'abc1234+',
  cpu: 'Fast CPU',
  cores: 2,
  memoryGiB: 16,
  kernel: '6.1.0',
  node: '26.0.0',
  kubernetes: '1.35.4',
  loadBefore: 0.25,
};

function apiResults(change: Partial<ApiResults> = {}): ApiResults {
  const spread = { count: 100, p50: 6, p99: 12, max: 20 };
  return {
    idle: {
      objects: 200,
      seconds: 180,
      calls: 0,
      leases: 90,
      watches: 2,
      writes: 0,
      callsPerObjectPerMinute: 0,
    },
    firstWrite: {
      objects: 200,
      headway: spread,
      nullOperator: { ...spread, p50: 3, p99: 5 },
      firstWriteIs: ['create deployments'],
    },
    wave: {
      objects: 1_000,
      changes: 200,
      changedMs: 800,
      lastFirstWriteMs: 1_500,
      each: { ...spread, p50: 600, p99: 900 },
    },
    memory: [
      { form: 'bundle', objects: 0, after: 'started', rss: 80e6, pss: 70e6, peak: 90e6 },
      { form: 'bundle', objects: 1_000, after: 'started', rss: 100e6, pss: 90e6, peak: 150e6 },
      { form: 'bundle', objects: 1_000, after: 'grown', rss: 110e6, pss: 99e6, peak: 160e6 },
      { form: 'source', objects: 1_000, after: 'started', rss: 190e6, pss: 180e6, peak: 200e6 },
    ],
    coldStarts: [
      { form: 'bundle', objects: 1_000, readyMs: 900, reconciledMs: 2_100 },
      { form: 'bundle', objects: 1_000, readyMs: 700, reconciledMs: 1_900 },
      { form: 'bundle', objects: 1_000, readyMs: 800, reconciledMs: 2_000 },
      { form: 'source', objects: 1_000, readyMs: 9_000, reconciledMs: 9_000 },
    ],
    ...change,
  };
}

function rowOf(report: string, start: string): string[] {
  const line = report.split('\n').find((one) => one.startsWith(`| ${start}`)) ?? '';
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function reportOf(change: Partial<ApiResults> = {}): string {
  return renderReport({ api: { circumstances, results: apiResults(change) } });
}

describe('renderReport', () => {
  it('says so when there is nothing', () => {
    expect(renderReport({})).toBe('Nothing has been measured yet.\n');
  });

  it('shows each figure beside its target and the other tools', () => {
    const report = reportOf();
    expect(rowOf(report, 'API requests at rest')).toEqual([
      'API requests at rest, per object and minute, 200 objects, 180 s',
      '0.000 (0 requests; 90 for the Lease, 2 watches)',
      '<= 0.05: met',
      '0.0',
      '9.5 to 60',
    ]);
    expect(rowOf(report, 'change to first write').slice(1)).toEqual([
      '6.0 ms',
      '<= 2 x null operator (3.0 ms): met',
      '6.8 ms',
      'seconds',
    ]);
    expect(rowOf(report, 'the same, p99').slice(1)).toEqual([
      '12.0 ms',
      'null operator 5.0 ms',
      '17.3 ms',
      'seconds',
    ]);
  });

  it('shows a wave beside the other tools, and leaves it out where it was not measured', () => {
    const what = '200 targets changed at once, first change to last first write, 1,000 objects';
    expect(rowOf(reportOf(), '200 targets')).toEqual([
      what,
      '1.50 s (the changes took 0.80 s)',
      '<= 3.00 s: met',
      '13.4 s',
      '36.8 s',
    ]);
    expect(rowOf(reportOf(), 'the same, each from its own')[1]).toBe('0.60 s, 0.90 s');
    const { wave: _wave, ...others } = apiResults();
    expect(renderReport({ api: { circumstances, results: others } })).not.toContain('at once');
  });

  it('holds the worse of two memories of the bundle against the target, at the most objects only', () => {
    const report = reportOf();
    expect(rowOf(report, 'resident memory, 0 objects').slice(1)).toEqual(['80 MB (76 MiB)', '', '', '']);
    expect(rowOf(report, 'resident memory, 1,000 objects').slice(1)).toEqual([
      '110 MB (105 MiB)',
      '<= 120 MB: met',
      '155 MiB',
      '',
    ]);
    expect(rowOf(report, 'sources with node_modules')).toEqual([
      'sources with node_modules',
      '1,000',
      'started beside them',
      '181 MiB',
      '172 MiB',
      '191 MiB',
    ]);
  });

  it('gives the middle and the range of the cold starts of the bundle', () => {
    const report = reportOf();
    expect(rowOf(report, 'cold start to ready')[1]).toBe('0.80 s (0.70 to 0.90 in 3 starts)');
    expect(rowOf(report, 'cold start to all')[1]).toBe('2.00 s (1.90 to 2.10 in 3 starts)');
  });

  it('says loudly what missed its target', () => {
    const { idle, firstWrite, wave, memory } = apiResults();
    const report = reportOf({
      idle: { ...idle, calls: 31, callsPerObjectPerMinute: 0.0517 },
      firstWrite: { ...firstWrite, headway: { ...firstWrite.headway, p50: 6.01 } },
      ...(wave ? { wave: { ...wave, lastFirstWriteMs: 3_001 } } : {}),
      memory: memory.map((row) => ({ ...row, rss: 120_000_001 })),
    });
    expect(report.match(/MISSED/g)).toHaveLength(4);
    expect(reportOf()).not.toContain('MISSED');
  });

  it('names the circumstances', () => {
    expect(reportOf()).toContain(
      'Objects: measured on 2026-01-02 in 480 s, Headway 1.2.3 (abc1234+), Kubernetes 1.35.4, Node 26.0.0, 2 cores of Fast CPU, 16 GiB, Linux 6.1.0, load before the start 0.3',
    );
  });

  it('compares a bad release with the other tools only at the interval at which they were measured', () => {
    const release = { weightZeroMs: 3_210, lastBadMs: 5_000, bad: 40, sent: 4_000, lost: 0 };
    const releases = [
      { ...release, interval: '10s' },
      { ...release, interval: '10s', weightZeroMs: 8_000, bad: 90 },
      { ...release, interval: '1s' },
    ];
    const results = { ratePerSecond: 150, weight: 20, errorRate: 0.5, releases };
    const report = renderReport({ reaction: { circumstances, results } });
    const start = 'first bad answer to weight 0, checks each';
    expect(rowOf(report, `${start} 10s`)).toEqual([
      `${start} 10s (20 % of 150/s, 50 % of them bad)`,
      '3.2 to 8.0 s (2 runs)',
      '',
      '6.3 to 7.6 s',
      '19.9 s',
    ]);
    expect(rowOf(report, `${start} 1s`).slice(1)).toEqual(['3.2 s (1 run)', '', '', '']);
    expect(rowOf(report, 'bad answers').slice(1)).toEqual([
      '40 to 90 (2 runs)',
      '',
      'about 110',
      'about 300',
    ]);
    expect(rowOf(report, 'requests without an answer')[1]).toBe('0 (2 runs)');
    expect(report).toContain('Traffic: measured on 2026-01-02');
  });

  it('shows what was lost in each run with and without the drain, beside nothing else', () => {
    const run = { act: 'scale', by: 'headway', connections: 'fresh', sent: 1_200, lost: 0 } as const;
    const runs: DrainRun[] = [
      { ...run, by: 'hand', sent: 1_100, lost: 70 },
      run,
      { ...run, by: 'hand', sent: 1_000, lost: 80 },
      { ...run, by: 'hand', connections: 'keepalive', lost: 5 },
      { ...run, act: 'release', by: 'hand', connections: 'keepalive', sent: 1_101, lost: 11 },
      { ...run, act: 'release', connections: 'keepalive', sent: 1_201, lost: 3 },
    ];
    const report = renderReport({
      drain: { circumstances, results: { ratePerSecond: 300, replicas: 8, runs } },
    });
    expect(rowOf(report, '4 of 8 pods scaled away')).toEqual([
      '4 of 8 pods scaled away',
      'a new one for each request',
      '70 of 1,100, 80 of 1,000 (Deployment scaled)',
      '0 of 1,200',
    ]);
    const kept = report.split('\n').filter((line) => line.includes(' kept '));
    expect(kept[1]?.split('|').map((cell) => cell.trim())).toEqual([
      '',
      'a new version for all 8 pods',
      'kept',
      "11 of 1,101 (Deployment's rolling update)",
      '3 of 1,201',
      '',
    ]);
    expect(report).toContain('app exits at once on SIGTERM');
    expect(report).toContain('Drain: measured on 2026-01-02');
    expect(report).not.toContain('Flagger');
  });
});

describe('Results', () => {
  it('reads back what was written', () => {
    const results: Results = { api: { circumstances, results: apiResults() } };
    expect(Results.parse(JSON.parse(JSON.stringify(results)))).toEqual(results);
  });

  it('refuses a field that nobody knows', () => {
    expect(() => Results.parse({ guess: 1 })).toThrow('guess');
  });
});
