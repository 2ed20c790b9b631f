// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { V1, V3 } from './fake-cluster.ts';
import type { FakeOperator } from './fake-operator.ts';
import { CHECK, ask, changeSpec, deleteCanary, releasing, said, shown, takeEvents } from './test-releases.ts';

const modes = [{ route: true }, { route: false }];

const UNJUDGED = { bake: { duration: '5m' } };
const JUDGED = { ...UNJUDGED, analysis: { checks: [CHECK] } };

/** A release that has just been promoted, with what it wrote until then forgotten. */
function baking(route: boolean, spec: Record<string, unknown> = JUDGED): FakeOperator {
  const operator = releasing({ route, spec }).runUntil(({ stage }) => stage === 'Baking');
  operator.takeWrites();
  takeEvents(operator);
  return operator;
}

function revisionsOf({ cluster }: FakeOperator): Record<string, number> {
  return Object.fromEntries([...cluster.revisions].map(([name, { replicas }]) => [name, replicas]));
}

describe.each(modes)('a bake, route: $route', ({ route }) => {
  it('is promoted and not Ready yet, and says until when', () => {
    const operator = baking(route).runFor(60_000);
    expect(shown(operator)).toBe('Progressing: Ready=False Baking, Reconciling, Promoted');
    expect(said(operator)).toMatch(
      /^all traffic on 2\.0; 1\.0 is kept warm until \d\d:\d\d:\d\d; errors 0 <= 1 \(\d checks\)$/,
    );
    expect(operator.status).toMatchObject({
      stable: { revision: 'bbb' },
      weight: { desired: 0, observed: 0 },
      bake: { revision: 'aaa', version: '1.0' },
      next: 'end of the bake; then 1.0 goes',
      history: [{ outcome: 'Promoted', revision: 'bbb' }],
    });
    expect(operator.status.canary).toBeUndefined();
  });

  it('keeps all pods of the old revision, and no traffic on them', () => {
    const operator = baking(route).runFor(120_000);
    expect(revisionsOf(operator)).toEqual({ 'web-aaa': 5, 'web-bbb': 5 });
    expect(operator.cluster.service?.endpoints).toEqual({ bbb: 5 });
    expect(operator.cluster.route?.weight ?? 0).toBe(0);
  });

  it('asks about the new revision as long as it lasts', () => {
    const operator = baking(route).runFor(1000);
    expect(operator.last).toMatchObject({ queries: [{ expression: 'errors{revision="bbb"}' }] });
    expect(operator.status.analysis?.background).toMatchObject({ revision: 'bbb', checks: [{ bad: 0 }] });
    operator.runUntilIdle();
    expect(operator.last).toMatchObject({ queries: [] });
  });

  it('ends after its time, and only then the old revision goes', () => {
    const operator = baking(route);
    const began = operator.cluster.now;
    operator.runUntil(({ stage }) => stage === 'Idle');
    expect(operator.cluster.now - began).toBeGreaterThanOrEqual(299_900);
    expect(operator.cluster.now - began).toBeLessThan(312_000);
    operator.runUntilIdle();
    expect(revisionsOf(operator)).toEqual({ 'web-aaa': 0, 'web-bbb': 5 });
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(takeEvents(operator)).toEqual(['Baked: 2.0: baked for 5m; 1.0 is kept warm no more']);
    expect(operator.status.history?.map(({ outcome }) => outcome)).toEqual(['Promoted']);
  });

  it('without checks only keeps the old revision warm', () => {
    const operator = baking(route, UNJUDGED);
    const began = operator.cluster.now;
    operator.runUntil(({ stage }) => stage === 'Idle');
    expect(operator.cluster.now - began).toBeLessThan(300_100);
  });

  it('that fails goes back by itself, and says why and since when', () => {
    const operator = baking(route).runFor(60_000);
    operator.takeWrites();
    operator.metrics = () => 7;
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False AnalysisFailed, Stalled, RolledBack');
    expect(said(operator)).toMatch(
      /^errors 7 > 1 in 1 of \d+ checks in the bake of 2\.0; all traffic on 1\.0 since \d\d:\d\d:\d\d \(0\.\d s\)$/,
    );
    expect(operator.status).toMatchObject({
      stable: { revision: 'aaa' },
      canary: { revision: 'bbb' },
      failure: { reason: 'AnalysisFailed' },
      allowedActions: ['retry'],
    });
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
    expect(revisionsOf(operator)).toEqual({ 'web-aaa': 5, 'web-bbb': 0 });
    expect(operator.status.history?.map(({ outcome, revision }) => `${outcome} ${revision}`)).toEqual([
      'RolledBack bbb',
      'Promoted bbb',
    ]);
    expect(operator.status.history?.[0]?.message).toBe(said(operator));
  });

  it('gives the traffic back in one write, and the rest in the order of the rules of motion', () => {
    const operator = baking(route).runFor(60_000);
    operator.takeWrites();
    operator.metrics = () => 7;
    operator.runUntilIdle();
    expect(operator.takeWrites()).toEqual(
      route
        ? [
            'weight 100',
            'checkout -> revision aaa',
            'weight 0',
            'scale web-bbb to 0',
            'rest route',
            'remove checkout-canary',
          ]
        : ['checkout -> revision aaa', 'scale web-bbb to 0'],
    );
    expect(takeEvents(operator)).toEqual([
      expect.stringMatching(/^Warning CheckFailed: errors: /),
      expect.stringMatching(
        /^Warning AnalysisFailed: errors 7 > 1 in .* in the bake of 2\.0; going back to 1\.0$/,
      ),
      expect.stringMatching(/^Warning RolledBack: errors 7 > 1 in .*; all traffic on 1\.0 since /),
    ]);
  });

  it('holds the old revision warm while metrics are missing, as long as the policy says', () => {
    const operator = baking(route, { ...JUDGED, noDataDeadline: '10m' });
    operator.metrics = () => 'timeout';
    operator.runFor(320_000);
    expect(shown(operator)).toBe('Holding: Ready=False NoData, Reconciling');
    expect(said(operator)).toMatch(
      /^all traffic on 2\.0; 1\.0 is kept warm; errors: no data from prometheus \(no answer within 10s\) since /,
    );
    expect(revisionsOf(operator)).toEqual({ 'web-aaa': 5, 'web-bbb': 5 });
    operator.runFor(400_000);
    expect(shown(operator)).toBe('Paused: Ready=False NoData, Reconciling, Paused');
    expect(operator.status.allowedActions).toEqual(['promote', 'resume', 'abort', 'rollback']);
    operator.metrics = () => 0;
    ask(operator, 'resume', 'bbb').runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('goes back for missing metrics where the policy says so', () => {
    const operator = baking(route, { ...JUDGED, noDataDeadline: '1m', onNoData: 'Rollback' });
    operator.metrics = () => 'empty';
    operator.runUntilIdle();
    expect(operator.status).toMatchObject({
      stable: { revision: 'aaa' },
      failure: { reason: 'MetricsMissing' },
    });
  });

  it('that nobody watched is not over before each check is good once more', () => {
    const operator = baking(route).runFor(60_000);
    operator.restart(600_000);
    operator.metrics = () => 7;
    operator.runUntilIdle();
    expect(operator.status).toMatchObject({ stable: { revision: 'aaa' }, stage: 'RolledBack' });
  });

  it('of a full promotion keeps the old revision warm and judges nothing', () => {
    const operator = releasing({ route, spec: JUDGED });
    operator.metrics = () => 7;
    ask(operator, 'promote-full').runUntil(({ stage }) => stage === 'Baking');
    operator.runFor(60_000);
    expect(revisionsOf(operator)).toEqual({ 'web-aaa': 5, 'web-bbb': 5 });
    operator.runUntilIdle();
    expect(operator.status).toMatchObject({ stable: { revision: 'bbb' }, stage: 'Idle' });
    expect(operator.status.skipChecks).toBeUndefined();
  });

  it('follows the replicas of the Canary with both revisions', () => {
    const operator = changeSpec(baking(route), { replicas: 7 }).runFor(30_000);
    expect(revisionsOf(operator)).toEqual({ 'web-aaa': 7, 'web-bbb': 7 });
  });

  it('that is no longer asked for is over', () => {
    const operator = changeSpec(baking(route), { bake: undefined }).runUntilIdle();
    expect(operator.status).toMatchObject({ stage: 'Idle', stable: { revision: 'bbb' } });
  });

  it('is held while suspended, and its time goes by', () => {
    const operator = changeSpec(baking(route), { suspend: true }).runFor(600_000);
    expect(operator.takeWrites()).toEqual([]);
    operator.metrics = () => 7;
    changeSpec(operator, { suspend: false }).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('aaa');
  });

  it('gives everything back when the Canary is deleted', () => {
    const operator = deleteCanary(baking(route).runFor(60_000)).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.cluster.target?.replicas).toBe(5);
    expect(revisionsOf(operator)).toEqual({ 'web-aaa': 0, 'web-bbb': 0 });
  });
});

describe.each(modes)('in a bake, route: $route', ({ route }) => {
  it('a newer template ends it and is released against the new revision', () => {
    const operator = baking(route).meanwhile((cluster) => cluster.setTemplate(V3));
    operator.runUntil(({ stage }) => stage === 'Stepping');
    expect(takeEvents(operator)).toEqual(
      expect.arrayContaining([
        'Baked: 2.0: a newer template ends its bake; 1.0 is kept warm no more',
        'NewRevisionDetected: 3.0 found beside 2.0; 4 steps to go',
      ]),
    );
    operator.runUntil(({ stage }) => stage === 'Baking').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('ccc');
  });

  it('the old template goes back at once', () => {
    const operator = baking(route).runFor(60_000);
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.setTemplate(V1)).runUntilIdle();
    expect(operator.takeWrites()[0]).toBe(route ? 'weight 100' : 'checkout -> revision aaa');
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(operator.status.stable?.revision).toBe('aaa');
    expect(operator.status.history?.[0]).toMatchObject({
      revision: 'bbb',
      outcome: 'Returned',
      reason: 'RollbackWindow',
    });
    expect(takeEvents(operator)).toEqual(
      expect.arrayContaining([
        'Superseded: the template is 1.0 again; going back to it without steps',
        expect.stringMatching(/^RolledBack: the template is 1\.0 again; all traffic on it since /),
      ]),
    );
  });

  it('promote ends it', () => {
    const operator = ask(baking(route), 'promote', 'bbb').runUntilIdle();
    expect(takeEvents(operator)).toContain(
      'Baked: 2.0: its bake was ended on request; 1.0 is kept warm no more',
    );
    expect(revisionsOf(operator)).toEqual({ 'web-aaa': 0, 'web-bbb': 5 });
  });

  it('abort goes back', () => {
    const operator = ask(baking(route).runFor(30_000), 'abort', 'bbb').runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
    expect(said(operator)).toMatch(
      /^2\.0 aborted on request in its bake; all traffic on 1\.0 since \d\d:\d\d:\d\d \(0\.\d s\)$/,
    );
  });

  it('what names the old revision is rejected', () => {
    const operator = ask(baking(route), 'abort', 'aaa');
    operator.reconcile();
    expect(operator.status.lastAction?.message).toBe(
      'abort names revision aaa, but the release is of revision bbb',
    );
  });

  it('an old revision that somebody deleted is nowhere to go to, and that is said', () => {
    const operator = baking(route).runFor(30_000);
    operator.auditor.excused = true;
    operator.meanwhile((cluster) => cluster.deleteRevision('web-aaa'));
    operator.metrics = () => 7;
    operator.runFor(3_600_000);
    expect(shown(operator)).toBe('Holding: Ready=False NoStableEndpoints, Stalled');
    expect(said(operator)).toBe(
      'the Deployment of 1.0 is gone; all traffic stays on 2.0; change the template',
    );
    expect(operator.cluster.service?.endpoints).toEqual({ bbb: 5 });
    operator.metrics = () => 0;
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('ccc');
  });

  it('half of the old pods suffice to go back', () => {
    const operator = baking(route).runFor(30_000);
    operator.takeWrites();
    operator.meanwhile((cluster) => {
      const old = cluster.revisions.get('web-aaa');
      if (old) old.pods = old.pods.slice(0, 3);
    });
    operator.metrics = () => 7;
    operator.cluster.advanceTo(operator.cluster.now + 10_000);
    operator.runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 3 });
  });
});
