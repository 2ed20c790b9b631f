// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JobQuestion } from '../analysis/probe-types.ts';
import type { FakeClusterOptions } from './fake-cluster.ts';
import type { FakeOperator } from './fake-operator.ts';
import { ask, atStep, releasing, said, shown } from './test-releases.ts';

const modes = [{ route: true }, { route: false }];

const JOB = { name: 'smoke', job: { cronJobRef: { name: 'smoke' } } };
const HTTP = { name: 'front', http: { port: 8080 }, interval: '10s' };
const inStep = (more: object = {}) => ({
  steps: [{ setWeight: 20 }, { analysis: { checks: [JOB] } }, { setWeight: 50 }],
  ...more,
});

/** The Jobs that are asked for now. */
function jobs({ last }: FakeOperator): JobQuestion[] {
  const queries = last && 'queries' in last ? last.queries : [];
  return queries.flatMap(({ probe }) => (probe?.kind === 'job' ? [probe] : []));
}

/** A release whose Jobs are on their way, a while after the first of them began. */
function running(options: FakeClusterOptions): FakeOperator {
  const operator = releasing(options);
  operator.metrics = () => 'empty';
  return operator.runUntil(({ analysis }) => analysis !== undefined).runFor(5000);
}

describe.each(modes)('a Job in a step, route: $route', ({ route }) => {
  it('is one Job, whatever happens to the operator, and says whom it judges', () => {
    const operator = running({ route, spec: inStep() });
    const [job] = jobs(operator);
    expect(job).toMatchObject({
      namespace: 'shop',
      owner: { kind: 'Canary' },
      env: { HEADWAY_REVISION: 'bbb', HEADWAY_STABLE_REVISION: 'aaa', HEADWAY_VERSION: '2.0' },
    });
    expect(job?.env['HEADWAY_CANARY_SERVICE'] === undefined).toBe(!route);
    operator.restart(30_000);
    operator.runFor(60_000);
    expect(jobs(operator)).toEqual([job]);
    expect(said(operator)).toBe('step 2/3, 20% on 2.0; smoke: runs');
    expect(shown(operator)).toBe('Progressing: Ready=False Progressing, Reconciling');
  });

  it('that completes lets the release go on', () => {
    const operator = running({ route, spec: inStep() });
    operator.metrics = () => 0;
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('that fails rolls back, in its own words', () => {
    const operator = running({ route, spec: inStep() });
    operator.metrics = () => 7;
    operator.runUntilIdle();
    expect(said(operator)).toMatch(/^smoke: said 7 at 20%; all traffic on 1\.0 since /);
  });

  it('is not run again while its failure waits for a person, and anew when one asks', () => {
    const operator = running({ route, spec: inStep({ onFailure: 'Pause' }) });
    const [first] = jobs(operator);
    operator.metrics = () => 7;
    operator.runUntil(({ pause }) => pause?.by === 'Failure');
    expect(jobs(operator)).toEqual([]);
    const before = operator.written;
    operator.runFor(600_000);
    expect(jobs(operator)).toEqual([]);
    expect(operator.written - before).toBe(0);
    expect(said(operator)).toMatch(/; smoke: said 7; paused since /);
    operator.metrics = () => 'empty';
    ask(operator, 'retry').runFor(1000);
    const [second] = jobs(operator);
    expect(second?.name).toMatch(/^.+-smoke-[a-z0-9]{8}$/);
    expect(second?.name).not.toBe(first?.name);
  });
});

describe.each(modes)('a Job in the background, route: $route', ({ route }) => {
  const spec = { analysis: { checks: [JOB] }, steps: [{ setWeight: 20 }, { setWeight: 50 }] };

  it('is run once, and the first step does not end before it has completed', () => {
    const operator = running({ route, spec });
    operator.runFor(3_600_000);
    expect(said(operator)).toBe('step 1/2, 20% on 2.0; smoke: runs');
    expect(jobs(operator)).toHaveLength(1);
    operator.metrics = () => 0;
    operator.runUntil(({ step }) => step?.index === 1);
    expect(jobs(operator)).toEqual([]);
  });

  it('is run once more for a bake, and speaks of the revision that has all traffic', () => {
    const operator = running({ route, spec: { ...spec, bake: { duration: '1m' } } });
    const [first] = jobs(operator);
    operator.metrics = () => 0;
    operator.runUntil(({ stage }) => stage === 'Baking');
    operator.metrics = () => 'empty';
    operator.runFor(5000);
    const [second] = jobs(operator);
    expect(second).toMatchObject({ env: { HEADWAY_REVISION: 'bbb', HEADWAY_STABLE_REVISION: 'aaa' } });
    expect(second?.name).not.toBe(first?.name);
    operator.metrics = () => 7;
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('aaa');
  });
});

describe.each(modes)('an http probe in the background, route: $route', ({ route }) => {
  const spec = { analysis: { checks: [HTTP] }, steps: [{ setWeight: 20 }, { pause: { duration: '1m' } }] };

  it('that is bad rolls back', () => {
    const operator = atStep(1, { route, spec });
    operator.metrics = (revision) => (revision === 'bbb' ? 7 : 0);
    operator.runUntilIdle();
    expect(said(operator)).toMatch(/^front: said 7 in \d of \d checks? at 20%; all traffic on 1\.0 since /);
  });

  it('that is good promotes', () => {
    const operator = atStep(1, { route, spec }).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});
