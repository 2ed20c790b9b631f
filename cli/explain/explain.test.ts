// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../test-api.ts';
import { runLine, TERMINAL } from '../test-io.ts';
import { PREVIEW } from '../view/test-blue-greens.ts';
import { canary, HEALTHY, MID_CANARY, NO_DATA, ROLLED_BACK } from '../view/test-rollouts.ts';

let api: TestApi;

beforeEach(async () => {
  api = await startTestApi();
});

afterEach(() => api.close());

function ask(...words: readonly string[]) {
  return runLine([...words, '-n', 'shop', '--kubeconfig', api.kubeconfig]);
}

describe('explain', () => {
  it('shows the failure, and the measurements of the check that it comes from', async () => {
    api.put(ROLLED_BACK);
    const { code, out } = await ask('explain', 'canary/checkout');
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'Canary  shop/checkout         ✖ RolledBack   step 4/6',
        'Now     success-rate: the canary has 27.8% errors (5 of 18), more than 1.25',
        '        times the 0% of stable; evidence 1300 to 1 at 25%; all traffic on 1.4.2',
        '        since 14:05:31 (0.3 s)',
        'Failed  AnalysisFailed: success-rate: the canary has 27.8% errors (5 of 18),',
        '        more than 1.25 times the 0% of stable; evidence 1300 to 1 (in step 4, at',
        '        25%, at 14:05:30)',
        '',
        'Checks of step 4, of revision bbb, since 14:05:10',
        '',
        'success-rate  ✖ 2/5, 1 bad',
        '  says  success-rate: the canary has 27.8% errors (5 of 18)',
        '  limit >= 99%',
        '  asks  q',
        '  at        canary  stable  requests                     said',
        '  14:05:20   99.5%   99.6%                               good',
        '  14:05:30   72.2%    100%  5 of 18 bad, stable 0 of 60  bad',
        '',
      ].join('\n'),
    );
  });

  it('says why there is no evidence', async () => {
    api.put(NO_DATA);
    const { out } = await ask('explain', 'canary/checkout');
    expect(out).toMatch(/^ {2}14:05:10 +– +– +ProviderError: connection refused$/m);
    expect(out).toMatch(/^p95-latency {2}· not measured$/m);
  });

  it('shows what a probe answered, in the words of a BlueGreen', async () => {
    api.put(PREVIEW);
    const { out } = await ask('explain', 'bluegreen/checkout');
    expect(out).toMatch(/^ {2}at +preview {2}active {2}requests {2}said$/m);
    expect(out).toMatch(/good: GET :80\/ of 4 pods answered 200$/m);
  });

  it('says what paused it, and what is judged beside the steps', async () => {
    const { analysis, ...status } = MID_CANARY.status as { analysis: { step: object } };
    const background = { ...analysis.step, step: undefined };
    const pause = {
      by: 'Failure' as const,
      since: '2026-03-01T14:05:50Z',
      message: 'p95-latency 612 ms > 500 ms',
    };
    api.put(canary({ ...status, pause, analysis: { background } as never }));
    const { out } = await ask('explain', 'canary/checkout');
    expect(out).toMatch(/^Paused {2}p95-latency 612 ms > 500 ms$/m);
    expect(out).toMatch(/^Checks beside the steps, of revision bbb, since 14:05:10$/m);
    expect(out).toMatch(/^ {2}14:05:20 +99\.5% +99\.6% {2}2 of 340 bad, stable 4 of 1020 {2}good$/m);
  });

  it('says where nothing was measured', async () => {
    api.put(HEALTHY);
    expect((await ask('explain', 'canary/checkout')).out).toMatch(
      /^Checks {2}nothing has been measured for this release$/m,
    );
  });
});

describe('history', () => {
  it('has the last releases, whole for a script', async () => {
    api.put(ROLLED_BACK);
    const { code, out } = await ask('history', 'canary/checkout');
    expect(code).toBe(0);
    const [header, row, ...rest] = out.trimEnd().split('\n');
    expect(rest).toEqual([]);
    expect(header).toBe('FINISHED  VERSION  REVISION  OUTCOME     TOOK   WHY');
    expect(row).toMatch(/^14:05:31 {2}1\.5\.0 {4}bbb {7}RolledBack {2}3m21s {2}success-rate: .* \(0\.3 s\)$/);
  });

  it('is cut to a terminal', async () => {
    api.put(ROLLED_BACK);
    const line = ['history', 'canary/checkout', '-n', 'shop', '--kubeconfig', api.kubeconfig];
    const { out } = await runLine(line, { screen: TERMINAL });
    for (const row of out.trimEnd().split('\n')) expect(row.length).toBeLessThanOrEqual(80);
    expect(out.trimEnd()).toMatch(/…$/);
  });

  it('says where there is none', async () => {
    api.put(canary({}));
    expect(await ask('history', 'canary/checkout')).toEqual({
      code: 0,
      out: '',
      err: 'canary/checkout has no release behind it\n',
    });
  });
});
