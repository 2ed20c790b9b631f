// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { RolloutStatus } from '../api/rollout-status.ts';
import { createMetrics, type Metrics } from './metrics.ts';

const KEY = 'shop/checkout';
const NOW = Date.UTC(2026, 10, 21, 10, 0, 0);
const T = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const status = (fields: Partial<RolloutStatus>): RolloutStatus => ({ ...RolloutStatus.parse({}), ...fields });

function fresh(): Metrics {
  return createMetrics({ version: '1.2.3', process: false });
}

/** The lines of /metrics that begin with a name. */
async function linesOf(metrics: Metrics, name: string): Promise<string[]> {
  const text = await metrics.render();
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

function record(metrics: Metrics, before: RolloutStatus | undefined, after: RolloutStatus): void {
  metrics.recordRollout('Canary', KEY, { before, after, nowMs: NOW });
}

const STEPPING = status({
  phase: 'Progressing',
  stage: 'Stepping',
  stable: { revision: 'aaa', version: '1.4.2' },
  canary: { revision: 'bbb', version: '1.5.0' },
  weight: { desired: 25, observed: 25 },
  step: { index: 2, count: 6, position: '3/6', hash: 'h', startedAt: T(-60) },
  analysis: {
    step: {
      startedAt: T(-60),
      revision: 'bbb',
      checks: [
        {
          name: 'success-rate',
          query: 'q',
          verdict: 'Running',
          good: 1,
          bad: 0,
          samples: [
            { at: T(-30), value: 99.41, stable: 99.62, good: true },
            { at: T(0), noData: 'Empty' },
          ],
        },
      ],
    },
  },
});

describe('gauges of a Canary', () => {
  it('show weight, step, versions, values and limits', async () => {
    const metrics = fresh();
    const bounds = [
      { check: 'success-rate', min: 99 },
      { check: 'not-measured-yet', max: 1 },
    ];
    metrics.recordRollout('Canary', KEY, { before: STEPPING, after: STEPPING, nowMs: NOW, bounds });
    const object = 'namespace="shop",kind="Canary",name="checkout"';
    const found = await Promise.all(
      ['release_info', 'traffic_weight', 'step', 'check_value', 'check_threshold'].map((name) =>
        linesOf(metrics, `headway_${name}`),
      ),
    );
    expect(found).toEqual([
      [`headway_release_info{${object},phase="Progressing",stable="1.4.2",candidate="1.5.0"} 1`],
      [
        `headway_traffic_weight{${object},role="canary"} 25`,
        `headway_traffic_weight{${object},role="stable"} 75`,
      ],
      [`headway_step{${object}} 2`],
      [
        `headway_check_value{${object},check="success-rate",role="canary"} 99.41`,
        `headway_check_value{${object},check="success-rate",role="stable"} 99.62`,
      ],
      [`headway_check_threshold{${object},check="success-rate",bound="min"} 99`],
    ]);
  });

  it('leave nothing of an earlier phase, step or check behind', async () => {
    const metrics = fresh();
    record(metrics, undefined, STEPPING);
    record(
      metrics,
      STEPPING,
      status({ phase: 'Healthy', stage: 'Idle', stable: { revision: 'bbb' }, canary: { revision: 'bbb' } }),
    );
    expect(await linesOf(metrics, 'headway_release_info')).toEqual([
      'headway_release_info{namespace="shop",kind="Canary",name="checkout",phase="Healthy",stable="bbb",candidate=""} 1',
    ]);
    expect(await linesOf(metrics, 'headway_step')).toEqual([]);
    expect(await linesOf(metrics, 'headway_check_value')).toEqual([]);
    expect(await linesOf(metrics, 'headway_traffic_weight')).toEqual([
      'headway_traffic_weight{namespace="shop",kind="Canary",name="checkout",role="canary"} 0',
      'headway_traffic_weight{namespace="shop",kind="Canary",name="checkout",role="stable"} 100',
    ]);
  });

  it('show nothing before the first look', async () => {
    const metrics = fresh();
    record(metrics, undefined, status({}));
    expect((await metrics.render()).includes('kind="Canary",name="checkout"')).toBe(false);
  });

  it('show an object that cannot be worked on as Invalid, until it can', async () => {
    const metrics = fresh();
    record(metrics, undefined, STEPPING);
    metrics.stallRollout('Canary', KEY);
    expect(await linesOf(metrics, 'headway_release_info')).toEqual([
      'headway_release_info{namespace="shop",kind="Canary",name="checkout",phase="Invalid",stable="",candidate=""} 1',
    ]);
    record(metrics, STEPPING, STEPPING);
    expect((await linesOf(metrics, 'headway_release_info')).join()).toContain('phase="Progressing"');
    expect(await linesOf(metrics, 'headway_release_info')).toHaveLength(1);
  });

  it('go with the object, counters too, and leave the others', async () => {
    const metrics = fresh();
    record(metrics, undefined, STEPPING);
    metrics.recordRollout('Canary', 'shop/cart', { before: undefined, after: STEPPING, nowMs: NOW });
    metrics.forgetRollout('Canary', KEY);
    const text = await metrics.render();
    expect(text).not.toContain('kind="Canary",name="checkout"');
    expect(text).toContain(
      'headway_check_verdicts_total{namespace="shop",kind="Canary",name="cart",check="success-rate",verdict="good"} 1',
    );
  });
});

describe('counters of a Canary', () => {
  it('count each measurement once, however often a status is recorded', async () => {
    const metrics = fresh();
    record(metrics, undefined, STEPPING);
    record(metrics, STEPPING, STEPPING);
    const labels = 'namespace="shop",kind="Canary",name="checkout",check="success-rate"';
    expect(await linesOf(metrics, 'headway_check_verdicts_total')).toEqual([
      `headway_check_verdicts_total{${labels},verdict="good"} 1`,
      `headway_check_verdicts_total{${labels},verdict="bad"} 0`,
      `headway_check_verdicts_total{${labels},verdict="no-data"} 1`,
    ]);
  });

  it('know every end of a release at 0 before the first', async () => {
    const lines = await linesOf(fresh(), 'headway_releases_total');
    expect(lines).toHaveLength(14);
    expect(lines).toContain('headway_releases_total{outcome="Refused",reason="DeadlineExceeded"} 0');
    expect(lines).toContain('headway_releases_total{outcome="RolledBack",reason="AnalysisFailed"} 0');
    expect(lines.every((line) => line.endsWith(' 0'))).toBe(true);
  });

  it('count a release, its duration, its pause and its rollback when they end', async () => {
    const metrics = fresh();
    const before = status({
      pause: { by: 'User', since: T(-90) },
      failure: { reason: 'AnalysisFailed', message: 'm', at: T(-5) },
    });
    const after = status({
      failure: { reason: 'AnalysisFailed', message: 'm', at: T(-5), restoredAt: T(-2.9) },
      history: [
        {
          revision: 'bbb',
          outcome: 'RolledBack',
          reason: 'AnalysisFailed',
          message: 'm',
          startedAt: T(-300),
          finishedAt: T(0),
        },
      ],
    });
    record(metrics, before, after);
    record(metrics, after, after);
    expect(await linesOf(metrics, 'headway_releases_total')).toContain(
      'headway_releases_total{outcome="RolledBack",reason="AnalysisFailed"} 1',
    );
    expect(await linesOf(metrics, 'headway_release_duration_seconds_sum')).toEqual([
      'headway_release_duration_seconds_sum{outcome="RolledBack"} 300',
    ]);
    expect(await linesOf(metrics, 'headway_pause_seconds_sum')).toEqual([
      'headway_pause_seconds_sum{by="User"} 90',
    ]);
    expect(await linesOf(metrics, 'headway_rollback_seconds_sum')).toEqual([
      'headway_rollback_seconds_sum 2.1',
    ]);
    expect(await linesOf(metrics, 'headway_rollback_seconds_count')).toEqual([
      'headway_rollback_seconds_count 1',
    ]);
  });

  it('count overwrites by manager, at most fifty by name', async () => {
    const metrics = fresh();
    for (let n = 0; n < 60; n++) {
      record(metrics, undefined, status({ fights: { weight: { count: 1, manager: `m${n}`, at: T(n) } } }));
    }
    record(metrics, undefined, status({ fights: { weight: { count: 1, manager: 'm0', at: T(99) } } }));
    const lines = await linesOf(metrics, 'headway_traffic_overwrites_total');
    expect(lines).toHaveLength(51);
    expect(lines).toContain('headway_traffic_overwrites_total{manager="m0"} 2');
    expect(lines).toContain('headway_traffic_overwrites_total{manager="other"} 10');
  });
});

describe('metrics of the machinery', () => {
  it('are there at 0 once announced', async () => {
    const metrics = fresh();
    metrics.announce('canary');
    expect(await linesOf(metrics, 'headway_reconcile_errors_total')).toEqual([
      'headway_reconcile_errors_total{controller="canary",outcome="error"} 0',
      'headway_reconcile_errors_total{controller="canary",outcome="terminal"} 0',
    ]);
    expect(await linesOf(metrics, 'headway_workqueue_depth')).toHaveLength(4);
    expect(await linesOf(metrics, 'headway_workqueue_adds_total')).toHaveLength(4);
    expect(await linesOf(metrics, 'headway_workqueue_retries_total')).toEqual([
      'headway_workqueue_retries_total{queue="canary"} 0',
    ]);
    expect(await linesOf(metrics, 'headway_leader')).toEqual(['headway_leader 0']);
    expect(await linesOf(metrics, 'headway_build_info')).toEqual([
      `headway_build_info{version="1.2.3",node="${process.versions.node}"} 1`,
    ]);
  });

  it('take what each part reports', async () => {
    const metrics = fresh();
    metrics.controller.reconciled('canary', 'done', 0.01);
    metrics.controller.reconciled('canary', 'error', 0.02);
    metrics.controller.mapperFailed('canary', 'services');
    metrics.queue.depth('canary', 'step', 3);
    metrics.queue.added('canary', 'step');
    metrics.queue.waited('canary', 'step', 0.5);
    metrics.queue.retried('canary');
    metrics.reflector.listed('services', 10);
    metrics.reflector.event('services', 'MODIFIED');
    metrics.reflector.watchEnded('services', 'idle');
    metrics.reflector.failed('services');
    metrics.kubeRequest('apply', 'Ingress', '200', 0.02);
    metrics.setLeader(true);
    const text = await metrics.render();
    for (const line of [
      'headway_reconcile_seconds_count{controller="canary",outcome="done"} 1',
      'headway_reconcile_errors_total{controller="canary",outcome="error"} 1',
      'headway_mapper_errors_total{controller="canary",store="services"} 1',
      'headway_workqueue_depth{queue="canary",lane="step"} 3',
      'headway_workqueue_adds_total{queue="canary",lane="step"} 1',
      'headway_workqueue_wait_seconds_sum{queue="canary",lane="step"} 0.5',
      'headway_workqueue_retries_total{queue="canary"} 1',
      'headway_lists_total{resource="services"} 1',
      'headway_watch_events_total{resource="services",type="MODIFIED"} 1',
      'headway_watch_restarts_total{resource="services",end="idle"} 1',
      'headway_watch_failures_total{resource="services"} 1',
      'headway_kube_request_seconds_count{verb="apply",kind="Ingress",code="200"} 1',
      'headway_leader 1',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
    metrics.setLeader(false);
    expect(await linesOf(metrics, 'headway_leader')).toEqual(['headway_leader 0']);
  });

  it('say what they mean: each has a help text, and Node’s own are there too', async () => {
    const metrics = createMetrics({ version: '1.2.3' });
    const text = await metrics.render();
    expect(text).toContain('process_resident_memory_bytes');
    const names = [...text.matchAll(/^# TYPE (headway_\S+)/gm)].map(([, name]) => name);
    expect(names.length).toBeGreaterThan(20);
    for (const name of names) expect(text).toMatch(new RegExp(`^# HELP ${name} [A-Z0-9].{20,}\\.$`, 'm'));
  });
});
