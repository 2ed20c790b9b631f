// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { AnalysisTemplateSpec } from '../../api/analysis.ts';
import type { FakeOperator } from './fake-operator.ts';
import { CHECK, ask, atStep, changeSpec, said, shown, takeEvents, releasing } from './test-releases.ts';

const modes = [{ route: true }, { route: false }];

function inline(more: Record<string, unknown> = {}, spec: Record<string, unknown> = {}) {
  const analysis = { checks: [{ ...CHECK, count: 3, ...more }] };
  return { spec: { steps: [{ setWeight: 20 }, { analysis }, { setWeight: 50 }], ...spec } };
}

function background(more: Record<string, unknown> = {}, spec: Record<string, unknown> = {}) {
  return { spec: { analysis: { checks: [{ ...CHECK, ...more }] }, ...spec } };
}

function outage(operator: FakeOperator): FakeOperator {
  operator.metrics = () => 'timeout';
  return operator;
}

describe.each(modes)('an analysis step, route: $route', ({ route }) => {
  it('goes on when every check has its measurements', () => {
    const operator = atStep(1, { route, ...inline() });
    operator.metrics = (revision) => (revision === 'bbb' ? 0.5 : 99);
    operator.runFor(10);
    expect(said(operator)).toBe('step 2/3, 20% on 2.0; errors 0.5 <= 1 (1 of 3 checks)');
    expect(shown(operator)).toBe('Progressing: Ready=False Progressing, Reconciling');
    operator.runUntil(({ step }) => step?.index === 2);
    expect(takeEvents(operator)).toEqual(
      expect.arrayContaining([
        'AnalysisStarted: judging errors',
        'AnalysisPassed: step 2/3, 20% on 2.0; every check has passed',
      ]),
    );
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('that fails rolls back and keeps metric, value, limit, step and weight', () => {
    const operator = atStep(1, { route, ...inline() });
    operator.metrics = () => 7;
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False AnalysisFailed, Stalled, RolledBack');
    expect(said(operator)).toMatch(
      /^errors 7 > 1 in 1 of 1 check at 20%; all traffic on 1\.0 since \d\d:\d\d:\d\d \(\d\.\d s\)$/,
    );
    expect(operator.status.failure).toMatchObject({ reason: 'AnalysisFailed', step: 1, weight: 20 });
    expect(operator.status.analysis?.step).toMatchObject({
      step: 1,
      revision: 'bbb',
      checks: [{ name: 'errors', query: 'errors{revision="bbb"}', limit: '<= 1', verdict: 'Failed', bad: 1 }],
    });
    expect(operator.status.analysis?.step?.checks[0]?.samples).toEqual([
      expect.objectContaining({ value: 7, good: false }),
    ]);
  });

  it('asks only while it judges', () => {
    const operator = atStep(0, { route, ...inline() });
    expect(operator.last).toMatchObject({ queries: [] });
    operator.runUntil(({ step }) => step?.index === 1);
    expect(operator.last).toMatchObject({
      queries: [{ provider: 'prometheus', expression: 'errors{revision="bbb"}', intervalMs: 10_000 }],
      bounds: [{ check: 'errors', max: 1 }],
    });
    operator.runUntil(({ step }) => step?.index === 2);
    expect(operator.last).toMatchObject({ queries: [] });
  });

  it('with a duration ends neither before it nor without the time being told', () => {
    const analysis = { checks: [CHECK], duration: '45s' };
    const operator = atStep(1, { route, spec: { steps: [{ setWeight: 20 }, { analysis }] } });
    const began = operator.cluster.now;
    operator.runUntil(({ stage }) => stage === 'Promoting');
    expect(operator.cluster.now - began).toBeGreaterThanOrEqual(45_000 - 10);
    expect(operator.cluster.now - began).toBeLessThan(46_000);
  });

  it('begins anew for the next release', () => {
    const operator = atStep(1, { route, ...inline() });
    operator.metrics = (_revision, now) => (now > operator.cluster.now ? 0 : 7);
    operator.metrics = () => 7;
    operator.runUntilIdle();
    operator.metrics = () => 0;
    ask(operator, 'retry').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('stays in status until the next one begins', () => {
    const operator = atStep(1, { route, ...inline() }).runUntilIdle();
    expect(operator.status.analysis?.step).toMatchObject({
      step: 1,
      checks: [{ verdict: 'Passed', good: 3 }],
    });
  });

  it('of the same index runs again where the steps have changed', () => {
    const operator = atStep(2, { route, ...inline() });
    const later = [{ setWeight: 10 }, { analysis: { checks: [{ ...CHECK, count: 2 }] } }];
    changeSpec(operator, { steps: later }).runUntil(({ step }) => step?.index === 1 && step.count === 2);
    expect(operator.status.analysis?.step).toMatchObject({ checks: [{ verdict: 'Pending', good: 0 }] });
  });
});

describe.each(modes)('the analysis in the background, route: $route', ({ route }) => {
  it('begins when the canary has traffic, and nothing unjudged is promoted', () => {
    const operator = atStep(0, { route, ...background({}, { steps: [{ setWeight: 20 }] }) });
    expect(operator.status.analysis).toBeUndefined();
    operator.metrics = () => 'empty';
    operator.runFor(30_000);
    expect(operator.status.stage).toBe('Stepping');
    expect(said(operator)).toMatch(/^step 1\/1, 20% on 2\.0; errors: no data from prometheus/);
    operator.metrics = () => 0;
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('fails a release in the middle of a pause', () => {
    const operator = atStep(1, { route, ...background({ interval: '2s' }) });
    const began = operator.cluster.now;
    operator.metrics = (_revision, now) => (now > began + 3000 ? 50 : 0);
    operator.runUntil(({ stage }) => stage === 'RollingBack');
    expect(operator.cluster.now - began).toBeLessThan(5100);
    expect(operator.status.failure).toMatchObject({ reason: 'AnalysisFailed', step: 1, weight: 20 });
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False AnalysisFailed, Stalled, RolledBack');
  });

  it('fails a release that is being promoted', () => {
    const operator = atStep(3, { route, ...background({ interval: '1s' }) }).runUntil(
      ({ stage }) => stage === 'Promoting',
    );
    operator.metrics = () => 50;
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False AnalysisFailed, Stalled, RolledBack');
    expect(operator.status.stable?.revision).toBe('aaa');
  });

  it('does not count after promote-full', () => {
    const operator = atStep(1, { route, ...background() });
    operator.metrics = () => 'timeout';
    ask(operator, 'promote-full').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('begins at its startingStep', () => {
    const spec = { analysis: { checks: [CHECK], startingStep: 3 } };
    const operator = atStep(2, { route, spec });
    operator.metrics = () => 50;
    expect(operator.status.analysis).toBeUndefined();
    operator.runUntil(({ step }) => step?.index === 3);
    expect(operator.status.analysis?.background).toBeDefined();
  });
});

describe.each(modes)('missing metrics, route: $route', ({ route }) => {
  it('hold the weight without a rollback, and go on by themselves when they are back', () => {
    const operator = outage(atStep(1, { route, ...background({}, { onNoData: 'Hold' }) })).runFor(3_600_000);
    expect(shown(operator)).toBe('Holding: Ready=False NoData, Reconciling');
    expect(said(operator)).toMatch(
      /^step 2\/4, 20% on 2\.0; errors: no data from prometheus \(no answer within 10s\) since \d\d:\d\d:\d\d; weight held$/,
    );
    expect(operator.status).toMatchObject({ stage: 'Stepping', step: { index: 1 } });
    operator.metrics = () => 0;
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('are not shown as a hold while they are short', () => {
    const operator = atStep(1, { route, ...background({ interval: '2s' }) }).runFor(3000);
    outage(operator).runFor(5000);
    expect(shown(operator)).toBe('Progressing: Ready=False Progressing, Reconciling');
    operator.runFor(10_000);
    expect(shown(operator)).toBe('Holding: Ready=False NoData, Reconciling');
  });

  it('raise no weight that has not moved yet', () => {
    const operator = atStep(1, { route, ...background({ interval: '1s' }) }).runUntil(
      ({ step }) => step?.index === 2,
    );
    operator.takeWrites();
    outage(operator).runFor(60_000);
    expect(operator.takeWrites().filter((line) => line.startsWith('weight'))).toEqual([]);
    expect(shown(operator)).toBe('Holding: Ready=False NoData, Reconciling');
    operator.metrics = () => 0;
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('also hold a promotion where it is', () => {
    const operator = atStep(3, { route, ...background({ interval: '1s' }) }).runUntil(
      ({ stage }) => stage === 'Promoting',
    );
    outage(operator).runFor(60_000);
    expect(shown(operator)).toBe('Holding: Ready=False NoData, Reconciling');
    expect(operator.status.pinned?.selector).toBe(route ? 'revision aaa' : 'all revisions');
    operator.metrics = () => 0;
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it.each([
    ['in the background', background({}, { onNoData: 'Pause', noDataDeadline: '1m' })],
    ['in a step', inline({}, { onNoData: 'Pause', noDataDeadline: '1m' })],
  ])('%s become a pause after noDataDeadline, which only a person ends', (_where, options) => {
    const operator = outage(atStep(1, { route, ...options })).runFor(120_000);
    expect(shown(operator)).toBe('Paused: Ready=False NoData, Reconciling, Paused');
    expect(said(operator)).toContain('20% on 2.0; metrics were missing for 1m; resume, promote or abort');
    expect(operator.status.pause?.by).toBe('NoData');
    expect(takeEvents(operator)).toContainEqual(
      expect.stringMatching(/^Warning Paused: no metrics for 1m: errors: no data from prometheus/),
    );
    operator.metrics = () => 0;
    operator.runFor(600_000);
    expect(operator.status.pause?.by).toBe('NoData');
    ask(operator, 'resume').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('after a resume have the whole deadline again', () => {
    const options = background({}, { onNoData: 'Pause', noDataDeadline: '1m' });
    const operator = outage(atStep(1, { route, ...options })).runFor(120_000);
    ask(operator, 'resume').runFor(50_000);
    expect(operator.status.pause).toBeUndefined();
    operator.runFor(15_000);
    expect(operator.status.pause?.by).toBe('NoData');
  });

  it('roll back after noDataDeadline where that is the policy, and not before', () => {
    const options = background({}, { onNoData: 'Rollback', noDataDeadline: '1m' });
    const operator = outage(atStep(1, { route, ...options })).runFor(55_000);
    expect(operator.status.stage).toBe('Stepping');
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False MetricsMissing, Stalled, RolledBack');
    expect(said(operator)).toMatch(
      /^no metrics for 1m: errors: no data from prometheus \(no answer within 10s\) since \d\d:\d\d:\d\d at 20%; all traffic on 1\.0/,
    );
  });

  it('are nothing that an operator may conclude from having been away', () => {
    const options = background({ interval: '5s' }, { onNoData: 'Rollback', noDataDeadline: '1m' });
    const operator = outage(atStep(1, { route, ...options })).runFor(20_000);
    operator.metrics = () => 0;
    operator.restart(600_000);
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});

describe('metrics that go missing when all the weight has moved', () => {
  it('hold the flip of the Service', () => {
    const operator = atStep(3, background({ interval: '1s' }));
    operator.runUntil(({ weight }) => weight?.route === 100);
    outage(operator).runFor(60_000);
    expect(shown(operator)).toBe('Holding: Ready=False NoData, Reconciling');
    expect(operator.cluster.route?.weight).toBe(100);
    expect(operator.status.pinned?.selector).toBe('revision aaa');
    operator.metrics = () => 0;
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});

describe('an analysis that cannot be asked', () => {
  const withTemplate = { spec: { analysis: { templateRef: { name: 'slo' } } } };

  it('holds the release until its template is there', () => {
    const operator = releasing(withTemplate).runFor(60_000);
    expect(shown(operator)).toBe('Holding: Ready=False TemplateNotFound, Stalled');
    expect(said(operator)).toBe(
      'step 1/4, 0% on 2.0; held: AnalysisTemplate slo is not in namespace shop; create it, or name another one',
    );
    expect(operator.last?.afterMs).toBeUndefined();
    operator.meanwhile((cluster) => {
      cluster.templates = { slo: AnalysisTemplateSpec.parse({ checks: [CHECK] }) };
    });
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('says every problem at once', () => {
    const checks = [
      { ...CHECK, query: 'a{x="{{args.one}}"}' },
      { ...CHECK, name: 'more', query: 'b{x="{{args.two}}"}' },
    ];
    const operator = releasing({ spec: { analysis: { checks } } }).runFor(100);
    expect(shown(operator)).toBe('Holding: Ready=False InvalidTemplate, Stalled');
    expect(said(operator)).toMatch(
      /held: check errors, query: .*args\.one.*; check more, query: .*args\.two/,
    );
  });

  it('can be called off', () => {
    const operator = ask(releasing(withTemplate), 'abort').runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
  });
});
