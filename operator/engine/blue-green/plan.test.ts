// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { BROKEN, type FakeClusterOptions, V2, V3 } from '../rollout/fake-cluster.ts';
import type { FakeOperator } from '../rollout/fake-operator.ts';
import { adopted, ask, CHECK, deleteCanary, said, shown, takeEvents } from '../rollout/test-releases.ts';

const blueGreen = (spec: Record<string, unknown> = {}, route: FakeClusterOptions['route'] = false) =>
  ({ kind: 'BlueGreen', spec, route }) as const;

/** A release of another template whose preview has just been asked for. */
function previewing(options: FakeClusterOptions): FakeOperator {
  const operator = adopted(options).meanwhile((cluster) => cluster.setTemplate(V2));
  return operator.runUntil(({ stage }) => stage === 'Stepping');
}

function waiting(options: FakeClusterOptions): FakeOperator {
  return previewing(options).runUntil(({ pause }) => pause?.by === 'Step');
}

const BY_SELECTOR = blueGreen({ autoPromote: false });

describe('a BlueGreen by the selector', () => {
  it('has a preview Service that finds what clients reach, as long as nothing is previewed', () => {
    const { cluster, status } = adopted(blueGreen());
    expect(cluster.canaryService).toMatchObject({ revision: 'aaa', endpoints: { aaa: 5 } });
    expect(status.stage).toBe('Idle');
  });

  it('puts up all new pods behind the preview Service, and clients reach none of them', () => {
    const operator = waiting(BY_SELECTOR);
    expect(operator.takeWrites()).toEqual(['create web-bbb with 5', 'checkout-canary -> revision bbb']);
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
    expect(operator.cluster.canaryService?.endpoints).toEqual({ bbb: 5 });
    expect(said(operator)).toBe('step 2/2, preview of 2.0; waits until somebody promotes');
    expect(shown(operator)).toBe('Paused: Ready=False WaitingForApproval, Reconciling, Paused');
    expect(operator.status).toMatchObject({ next: 'promotion', weight: { desired: 0, observed: 0 } });
  });

  it('moves all traffic in one write, and only then lets the old pods go', () => {
    const operator = waiting(BY_SELECTOR);
    operator.takeWrites();
    ask(operator, 'promote').runUntilIdle();
    expect(operator.takeWrites()).toEqual(['checkout -> revision bbb', 'scale web-aaa to 0']);
    expect(operator.cluster.service?.endpoints).toEqual({ bbb: 5 });
    expect(operator.cluster.canaryService?.revision).toBe('bbb');
    expect(said(operator)).toMatch(/^all traffic on 2\.0 since /);
  });

  it('is promoted by itself when its pods are ready', () => {
    const operator = previewing(blueGreen()).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
    expect(takeEvents(operator).at(-1)).toBe('Promoted: 2.0 promoted; it replaces 1.0');
  });

  it('stands for as long as it is told to', () => {
    const operator = previewing(blueGreen({ autoPromoteAfter: '90s' }));
    operator.runUntil(({ step }) => step?.index === 1).runFor(60_000);
    expect(said(operator)).toMatch(/^step 2\/2, preview of 2\.0; pause of 1m30s until /);
    expect(operator.runUntilIdle().status.stable?.revision).toBe('bbb');
  });

  it('has fewer pods in the preview, and all of them before the traffic moves', () => {
    const operator = waiting(blueGreen({ autoPromote: false, previewReplicas: 2 }));
    expect(operator.cluster.canaryService?.endpoints).toEqual({ bbb: 2 });
    operator.takeWrites();
    ask(operator, 'promote').runUntilIdle();
    expect(operator.takeWrites()).toEqual([
      'scale web-bbb to 5',
      'checkout -> revision bbb',
      'scale web-aaa to 0',
    ]);
  });

  it('waits for pods that are never ready and gives up after progressDeadline', () => {
    const operator = adopted(blueGreen()).meanwhile((cluster) => cluster.setTemplate(BROKEN));
    operator.runUntilIdle();
    expect(said(operator)).toMatch(
      /^waited 1m for 5 ready preview pods \(ImagePullBackOff\) in preview; all traffic stays on 1\.0$/,
    );
    expect(operator.cluster.canaryService?.revision).toBe('aaa');
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('gives way to a newer template', () => {
    const operator = waiting(BY_SELECTOR).meanwhile((cluster) => cluster.setTemplate(V3));
    operator.runUntil(({ canary, pause }) => canary?.revision === 'ccc' && pause?.by === 'Step');
    expect(operator.cluster.canaryService?.endpoints).toEqual({ ccc: 5 });
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('is taken back by abort before any client has seen it', () => {
    const operator = waiting(BY_SELECTOR);
    operator.takeWrites();
    ask(operator, 'abort').runUntilIdle();
    expect(operator.takeWrites()).toEqual(['checkout-canary -> revision aaa', 'scale web-bbb to 0']);
    expect(operator.status.fights).toBeUndefined();
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
  });

  it('gives everything back when it is deleted in the middle', () => {
    const operator = deleteCanary(waiting(BY_SELECTOR)).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.cluster.service).toMatchObject({ pin: { kind: 'none' }, endpoints: { '': 5 } });
  });
});

describe('an autoscaler of a BlueGreen', () => {
  it.each([false, true])('finds the pods that clients reach, route: %s', (route) => {
    const operator = waiting(blueGreen({ autoPromote: false }, route));
    expect(operator.status.replicas).toBe(5);
    expect(operator.status.selector).toContain('(aaa)');
    ask(operator, 'promote').runUntil(({ stage }) => stage === 'Promoting');
    expect(operator.status.selector).toContain('(aaa,bbb)');
    operator.runUntilIdle();
    expect(operator.status).toMatchObject({ replicas: 5 });
    expect(operator.status.selector).toContain('(bbb)');
  });
});

describe('the preview Service of a BlueGreen', () => {
  it('is put right when somebody points it elsewhere, and left to whoever does not give up', () => {
    const operator = adopted(blueGreen());
    operator.auditor.excused = true;
    for (let fight = 1; fight <= 3; fight++) {
      operator.meanwhile((cluster) => cluster.pinCanary('xxx', 'rival')).runFor(1000);
      expect(operator.cluster.canaryService?.revision).toBe('aaa');
    }
    operator.meanwhile((cluster) => cluster.pinCanary('xxx', 'rival')).runFor(1000);
    expect(operator.cluster.canaryService?.revision).toBe('xxx');
    expect(said(operator)).toMatch(
      /^rival keeps changing the selector of Service checkout-preview to revision xxx; /,
    );
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it.each([
    ['a restart', 100, 0],
    ['an outage', 60_000, 60_000],
  ])('waits for a person all the same after %s, also behind a route', (_what, awayMs, othersLaterMs) => {
    const operator = waiting(blueGreen({ autoPromote: false }, true));
    operator.runUntilIdle();
    operator.takeWrites();
    operator.restart(awayMs, { othersLaterMs });
    expect(operator.reconcile()).toMatchObject({ wrote: 0, plan: { actions: [] } });
    expect(operator.status.phase).toBe('Paused');
    ask(operator, 'promote').runFor(1_900);
    expect(operator.cluster.route?.weight).toBe(0);
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('is made again when somebody deletes it', () => {
    const operator = adopted(blueGreen());
    operator.auditor.excused = true;
    operator.meanwhile((cluster) => void (cluster.canaryService = undefined)).runFor(1000);
    expect(operator.cluster.canaryService).toMatchObject({ revision: 'aaa', endpoints: { aaa: 5 } });
    expect(operator.status.fights).toMatchObject({
      'the selector of Service checkout-preview': { count: 1 },
    });
  });
});

describe('what a BlueGreen judges', () => {
  const judged = { prePromotion: { checks: [CHECK], duration: '30s' } };

  it('lets the traffic move when every check has passed', () => {
    const operator = previewing(blueGreen(judged)).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
    expect(takeEvents(operator)).toContain(
      'AnalysisPassed: step 2/2, preview of 2.0; every check has passed',
    );
  });

  it('can name the preview Service in what it asks', () => {
    const query = 'up{service="{{canaryService}}"}';
    const operator = previewing(blueGreen({ prePromotion: { checks: [{ ...CHECK, query }] } }));
    operator.runUntil(({ analysis }) => analysis?.step !== undefined);
    const { last } = operator;
    const asked = last && 'queries' in last ? JSON.stringify(last.queries) : '';
    expect(asked).toContain('checkout-preview');
  });

  it('gives the preview up when one fails', () => {
    const operator = adopted(blueGreen(judged)).meanwhile((cluster) => cluster.setTemplate(V2));
    operator.metrics = () => 50;
    operator.runUntilIdle();
    expect(said(operator)).toMatch(/^errors 50 > 1 .* in preview; all traffic stays on 1\.0$/);
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('holds, and promotes nothing, without data', () => {
    const operator = adopted(blueGreen(judged)).meanwhile((cluster) => cluster.setTemplate(V2));
    operator.metrics = () => 'empty';
    operator.runUntil(({ phase }) => phase === 'Paused');
    expect(operator.status.pause?.by).toBe('NoData');
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  const FRONT = { name: 'front', http: { port: 80, target: 'preview' }, interval: '10s' };

  /** Whom the probes ask now: the revision, and behind which Service. */
  function asked({ last }: FakeOperator): unknown[] {
    const queries = last && 'queries' in last ? last.queries : [];
    return queries.flatMap(({ probe }) =>
      probe?.kind === 'http' ? [[probe.pods.revision, probe.pods.target]] : [],
    );
  }

  it('asks the pods behind the preview Service, which is there without a route, too', () => {
    const operator = previewing(blueGreen({ prePromotion: { checks: [FRONT] } }));
    operator.metrics = () => 'empty';
    operator.runUntil(({ analysis }) => analysis?.step !== undefined).runFor(1000);
    expect(asked(operator)).toEqual([['bbb', { kind: 'preview', service: 'checkout-preview' }]]);
  });

  it('asks in the bake where its clients are: the preview Service has the old pods then', () => {
    const spec = { bake: { duration: '2m' }, postPromotion: { checks: [FRONT] } };
    const operator = previewing(blueGreen(spec)).runUntil(({ stage }) => stage === 'Baking');
    operator.metrics = () => 'empty';
    operator.runFor(1000);
    expect(asked(operator)).toEqual([['bbb', { kind: 'preview', service: 'checkout' }]]);
  });

  const baking = { bake: { duration: '2m' }, postPromotion: { checks: [CHECK] } };

  it('goes back by one write when a check fails in the bake', () => {
    const operator = previewing(blueGreen(baking)).runUntil(({ stage }) => stage === 'Baking');
    operator.runFor(1000).takeWrites();
    operator.metrics = () => 50;
    operator.runUntil(({ phase }) => phase === 'RolledBack');
    expect(operator.takeWrites()[0]).toBe('checkout -> revision aaa');
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
    expect(said(operator)).toMatch(/^errors 50 > 1 .* in the bake of 2\.0; all traffic on 1\.0 since /);
  });

  it('keeps the old pods through the bake, where the preview Service finds them', () => {
    const operator = previewing(blueGreen(baking)).runUntil(({ stage }) => stage === 'Baking');
    operator.runFor(60_000);
    expect(operator.cluster.podsOf({ kind: 'revision', revision: 'aaa' })).toEqual({ aaa: 5 });
    expect(operator.cluster.canaryService?.revision).toBe('aaa');
    operator.runUntilIdle();
    expect(operator.cluster.podsOf({ kind: 'revision', revision: 'aaa' })).toEqual({});
    expect(operator.cluster.canaryService?.revision).toBe('bbb');
  });

  it('says before the traffic moves that what the bake shall judge cannot be asked', () => {
    const missing = { bake: { duration: '1m' }, postPromotion: { templateRef: { name: 'gone' } } };
    const operator = previewing(blueGreen(missing)).runFor(30_000);
    expect(said(operator)).toMatch(/preview of 2\.0; held: AnalysisTemplate gone is not in namespace /);
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });
});

describe('a BlueGreen by a route', () => {
  it('moves the weight from 0 to 100 and gives it back', () => {
    const operator = waiting(blueGreen({ autoPromote: false }, true));
    expect(operator.cluster.route?.weight).toBe(0);
    expect(operator.cluster.canaryService?.endpoints).toEqual({ bbb: 5 });
    operator.takeWrites();
    ask(operator, 'promote').runUntilIdle();
    expect(operator.takeWrites()).toEqual([
      'weight 100',
      'checkout -> revision bbb',
      'weight 0',
      'scale web-aaa to 0',
      'rest route',
    ]);
    expect(operator.cluster.canaryService?.revision).toBe('bbb');
  });
});
