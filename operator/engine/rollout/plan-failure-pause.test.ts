// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { BROKEN, V1 } from './fake-cluster.ts';
import type { FakeOperator } from './fake-operator.ts';
import { CHECK, ask, atStep, releasing, said, shown, takeEvents } from './test-releases.ts';

const modes = [{ route: true }, { route: false }];

const PAUSING = { onFailure: 'Pause', analysis: { checks: [CHECK] } };
const IN_STEP = {
  onFailure: 'Pause',
  steps: [{ setWeight: 20 }, { analysis: { checks: [{ ...CHECK, count: 3 }] } }, { setWeight: 50 }],
};

/** At 20 percent, and a check has failed. */
function failed(route: boolean, spec: Record<string, unknown> = PAUSING): FakeOperator {
  const operator = atStep(1, { route, spec });
  operator.takeWrites();
  takeEvents(operator);
  operator.metrics = () => 7;
  return operator.runUntil(({ pause }) => pause?.by === 'Failure');
}

function weightOf({ cluster }: FakeOperator): Record<string, number> | number | undefined {
  return cluster.route ? cluster.route.weight : cluster.service?.endpoints;
}

describe.each(modes)('onFailure: Pause, route: $route', ({ route }) => {
  it('holds the weight, and says what failed and what to do', () => {
    const operator = failed(route).runFor(3_600_000);
    expect(shown(operator)).toBe('Paused: Ready=False AnalysisFailed, Reconciling, Paused');
    expect(said(operator)).toMatch(
      /^step 2\/4, 20% on 2\.0; errors 7 > 1 in 1 of 2 checks; paused since \d\d:\d\d:\d\d; promote, retry or abort$/,
    );
    expect(weightOf(operator)).toEqual(route ? 20 : { aaa: 4, bbb: 1 });
    expect(operator.takeWrites().filter((line) => /weight|->/.test(line))).toEqual([]);
    expect(operator.status.allowedActions).toEqual([
      'promote',
      'promote-full',
      'skip-step',
      'retry',
      'abort',
    ]);
  });

  it('is told once, however often the check fails on', () => {
    const operator = failed(route).runFor(600_000);
    const warnings = takeEvents(operator).filter((line) => line.startsWith('Warning'));
    expect(warnings).toEqual([
      expect.stringMatching(/^Warning CheckFailed: errors: /),
      'Warning AnalysisFailed: step 2/4, 20% on 2.0; errors 7 > 1 in 1 of 2 checks; paused: promote, retry or abort',
    ]);
  });

  it('goes on measuring, once for each interval', () => {
    const operator = failed(route);
    expect(operator.last).toMatchObject({ queries: [{ intervalMs: 10_000 }] });
    const before = operator.written;
    operator.runFor(100_000);
    expect(operator.written - before).toBeLessThanOrEqual(12);
    expect(operator.status.analysis?.background?.checks[0]?.verdict).not.toBe('Failed');
  });

  it('abort rolls back', () => {
    const operator = ask(failed(route), 'abort').runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
    expect(operator.status.pause).toBeUndefined();
  });

  it('retry judges anew at the same step and weight', () => {
    const operator = failed(route);
    operator.metrics = () => 0;
    ask(operator, 'retry').reconcile();
    expect(operator.status).toMatchObject({ stage: 'Stepping', step: { index: 1 } });
    expect(operator.status.pause).toBeUndefined();
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
    expect(takeEvents(operator)).toContain('Resumed: judged anew on request');
  });

  it('retry of what is still bad pauses again', () => {
    const operator = ask(failed(route), 'retry').runFor(30_000);
    expect(shown(operator)).toBe('Paused: Ready=False AnalysisFailed, Reconciling, Paused');
  });

  it('promote goes on to the next step', () => {
    const operator = failed(route);
    operator.metrics = () => 0;
    ask(operator, 'promote').runUntil(({ step }) => step?.index === 2);
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('promote leaves an analysis step that has failed', () => {
    const operator = failed(route, IN_STEP);
    expect(said(operator)).toContain('step 2/3, 20% on 2.0; errors 7 > 1 in 1 of 1 check; paused since');
    ask(operator, 'promote').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('promote-full does without the checks', () => {
    const operator = ask(failed(route), 'promote-full').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('the template of stable goes back without a person', () => {
    const operator = failed(route).meanwhile((cluster) => cluster.setTemplate(V1));
    operator.runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(operator.status.pause).toBeUndefined();
  });

  it('pods that never get ready pause the release, and when they do it stays paused', () => {
    const operator = releasing({ route, spec: { onFailure: 'Pause' } }, BROKEN);
    operator.runUntil(({ pause }) => pause?.by === 'Failure').runFor(86_400_000);
    expect(shown(operator)).toBe('Paused: Ready=False DeadlineExceeded, Reconciling, Paused');
    expect(said(operator)).toMatch(
      /^step 1\/4, 20% on 2\.1; waited 1m for 1 ready canary pod \(ImagePullBackOff\); paused since .*; promote, retry or abort$/,
    );
    operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-bad'), false)).runFor(60_000);
    expect(operator.status.pause?.by).toBe('Failure');
    ask(operator, 'retry').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bad');
  });

  it('in the promotion holds everything where it is', () => {
    const spec = { ...PAUSING, analysis: { checks: [{ ...CHECK, interval: '1s' }] } };
    const operator = atStep(3, { route, spec }).runUntil(({ stage }) => stage === 'Promoting');
    operator.metrics = () => 7;
    operator.runFor(65_500);
    expect(operator.status).toMatchObject({
      stage: 'Promoting',
      allowedActions: ['promote-full', 'retry', 'abort'],
    });
    operator.metrics = () => 0;
    ask(operator.runFor(1500), 'retry').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('in a bake keeps the old revision warm until a person has looked', () => {
    const spec = { ...PAUSING, bake: { duration: '5m' } };
    const operator = releasing({ route, spec })
      .runUntil(({ stage }) => stage === 'Baking')
      .runFor(20_000);
    operator.metrics = () => 7;
    operator.runFor(3_600_000);
    expect(shown(operator)).toBe('Paused: Ready=False AnalysisFailed, Reconciling, Paused');
    expect(said(operator)).toMatch(
      /^all traffic on 2\.0; 1\.0 is kept warm; errors 7 > 1 in 1 of \d+ checks; paused since .*; promote, retry or abort$/,
    );
    expect(operator.status.allowedActions).toEqual(['promote', 'retry', 'abort', 'rollback']);
    expect(operator.cluster.revisions.get('web-aaa')?.replicas).toBe(5);
    ask(operator, 'abort', 'bbb').runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });
});
