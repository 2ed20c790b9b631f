// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { BROKEN, FakeCluster, type FakeClusterOptions, V1, V2 } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import type { FakeRouteKind } from './fake-route.ts';
import type { RolloutKind } from './rollout.ts';
import { ask, changeSpec, deleteCanary, QUICK_CHECK, said, shown, takeEvents } from './test-releases.ts';

const JUDGED = { checks: [{ ...QUICK_CHECK, count: 2 }] };
const SPECS = {
  Canary: {
    firstDeploy: 'Judge',
    steps: [{ setWeight: 20 }, { pause: { duration: '1h' } }, { analysis: JUDGED }],
  },
  BlueGreen: { firstDeploy: 'Judge', prePromotion: JUDGED },
};

/** A Deployment and its release applied together: no pod is ready yet. */
function begun(
  more: Record<string, unknown> = {},
  { kind = 'Canary', ...options }: FakeClusterOptions = {},
): FakeOperator {
  const spec = { ...SPECS[kind], ...more };
  return new FakeOperator(new FakeCluster({ kind, route: false, unserved: true, ...options, spec }));
}

function refused(more: Record<string, unknown> = {}): FakeOperator {
  const operator = begun(more);
  operator.metrics = () => 50;
  return operator.runUntil(({ stage }) => stage === 'Refused');
}

/** At the check, with its pods up; no answer has come yet. */
function atCheck(options: FakeClusterOptions = {}, more: Record<string, unknown> = {}): FakeOperator {
  const operator = begun(more, options);
  operator.metrics = () => 'empty';
  return operator.runUntil(({ step }) => step?.index === 1);
}

describe('a first version that is to be judged', () => {
  it.each<[RolloutKind, FakeRouteKind, string[]]>([
    ['Canary', false, []],
    ['Canary', true, ['checkout-canary -> revision aaa']],
    ['BlueGreen', false, ['checkout-canary -> revision aaa']],
    ['BlueGreen', true, ['checkout-canary -> revision aaa']],
  ])(
    'of a %s, route: %p, is found by its Service when it has passed, and not before',
    (kind, route, seen) => {
      const operator = begun({}, { kind, route }).runUntil(({ stable }) => stable !== undefined);
      expect(operator.takeWrites()).toEqual([
        'checkout -> nobody',
        'create web-aaa with 5',
        ...seen,
        'checkout -> revision aaa',
        'scale web to 0',
      ]);
      expect(takeEvents(operator).filter((event) => !event.startsWith('CanaryScaledUp'))).toEqual([
        'NewRevisionDetected: first version 1.0 found, and nobody serves yet; it is judged before Service checkout finds it',
        'AnalysisStarted: judging errors',
        'AnalysisPassed: step 2/2, first version 1.0, without traffic; every check has passed',
        'Promoted: first version 1.0 has passed; Service checkout finds it',
        'Initialized: Deployment web adopted; all traffic on 1.0',
      ]);
      operator.runUntilIdle();
      expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
      expect(operator.status.history).toMatchObject([
        { outcome: 'Promoted', reason: 'Succeeded', revision: 'aaa' },
      ]);
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
      expect(operator.cluster.canaryService !== undefined).toBe(kind === 'BlueGreen');
    },
  );

  it('may have 0 replicas, where the spec says how many there shall be', () => {
    const operator = begun({ replicas: 3 }, { replicas: 0 }).runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 3 });
    expect(operator.status.history).toHaveLength(1);
  });

  it('is released like any other from its second version on', () => {
    const operator = begun()
      .runUntilIdle()
      .meanwhile((cluster) => cluster.setTemplate(V2));
    operator.runUntil(({ stage, step }) => stage === 'Stepping' && step?.index === 1);
    expect(operator.status).toMatchObject({ stable: { revision: 'aaa' }, step: { count: 3 } });
  });

  it('says where it is, and what comes next', () => {
    const operator = begun();
    operator.reconcile();
    expect(said(operator)).toBe(
      'step 1/2, first version 1.0, without traffic; waits for Service checkout to follow its selector',
    );
    operator.runFor(1000);
    expect(said(operator)).toBe('step 1/2, first version 1.0, without traffic; waits for 5 ready first pods');
    expect(shown(operator)).toBe('Progressing: Ready=False Progressing, Reconciling');
    expect(operator.status).toMatchObject({ next: 'analysis', stage: 'Judging' });
    expect(operator.status.allowedActions).toEqual(['promote-full', 'skip-step', 'pause', 'abort']);
  });

  it('is judged by the analysis in the background, once over, where no step judges', () => {
    const spec = { steps: [{ setWeight: 20 }], analysis: { ...JUDGED, startingStep: 0 } };
    const operator = begun(spec).runUntilIdle();
    expect(takeEvents(operator).filter((event) => event.startsWith('Analysis'))).toEqual([
      'AnalysisStarted: judging errors',
      'AnalysisPassed: step 2/2, first version 1.0, without traffic; every check has passed',
    ]);
  });

  it('waits at a pause without a duration', () => {
    const operator = begun({ steps: [{ pause: {} }, { setWeight: 50 }] }).runUntilIdle();
    expect(said(operator)).toBe(
      'step 2/2, first version 1.0, without traffic; waits until somebody promotes',
    );
    expect(operator.cluster.service?.endpoints).toEqual({});
    ask(operator, 'promote').runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('is held while nothing answers, then left to a person', () => {
    const operator = begun({ noDataDeadline: '30s' });
    operator.metrics = () => 'timeout';
    operator.runFor(20_000);
    expect(shown(operator)).toBe('Holding: Ready=False NoData, Reconciling');
    operator.runFor(30_000);
    expect(said(operator)).toBe(
      'step 2/2, first version 1.0, without traffic; metrics were missing for 30s; resume, promote or abort',
    );
    expect(operator.cluster.service?.endpoints).toEqual({});
  });

  it('gets no pod of somebody else cut off: pods that somebody let in end the judging', () => {
    const operator = atCheck();
    operator.auditor.excused = true;
    operator.meanwhile((cluster) => {
      cluster.pin({ kind: 'none' }, 'kubectl');
      cluster.service!.endpoints = { '': 2 };
    });
    operator.reconcile();
    expect(operator.takeWrites().filter((write) => write.startsWith('checkout ->'))).toEqual([
      'checkout -> nobody',
    ]);
    expect(operator.status).toMatchObject({ stage: 'Adopting' });
    expect(operator.status.canary).toBeUndefined();
  });

  it('stays unfound when somebody takes the pin away and nobody serves', () => {
    const operator = begun();
    operator.runUntil(({ stage }) => stage === 'Judging');
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.pin({ kind: 'none' }, 'kubectl')).reconcile();
    expect(operator.takeWrites()).toContain('checkout -> nobody');
    expect(takeEvents(operator)).toContain(
      'Warning TrafficOverwritten: kubectl changed the selector of Service checkout from nobody to none; put back (1 of 3)',
    );
  });

  it('is adopted as it is when the spec does not ask for it any more', () => {
    const operator = changeSpec(atCheck(), { firstDeploy: 'Skip' }).runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
    expect(operator.status.history).toBeUndefined();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('rests at 0 replicas', () => {
    const operator = changeSpec(atCheck(), { replicas: 0 }).runUntilIdle();
    expect(shown(operator)).toBe('Holding: Ready=False ScaledToZero, Reconciling');
    changeSpec(operator, { replicas: 2 }).runUntil(({ step }) => step?.index === 1);
    operator.metrics = () => 0;
    expect(operator.runUntilIdle().cluster.service?.endpoints).toEqual({ aaa: 2 });
  });
});

describe('where somebody serves already', () => {
  it('nothing is judged, and the event says so', () => {
    const operator = new FakeOperator(new FakeCluster({ route: false, spec: SPECS.Canary })).runUntilIdle();
    expect(operator.takeWrites()).toEqual([
      'create web-aaa with 5',
      'checkout -> revision aaa',
      'scale web to 0',
      'replicas of the Canary: 5',
    ]);
    expect(takeEvents(operator)).toEqual([
      'Initialized: Deployment web adopted without being judged, for somebody served already; all traffic on 1.0',
    ]);
  });

  it('nor where pods are available that the Service does not find yet', () => {
    const cluster = new FakeCluster({ route: false, spec: SPECS.Canary });
    cluster.service = { pin: { kind: 'none' }, endpoints: {} };
    const operator = new FakeOperator(cluster);
    operator.reconcile();
    expect(operator.takeWrites()).toEqual(['create web-aaa with 5']);
  });

  it('is the default also where nobody does', () => {
    const operator = begun({ firstDeploy: 'Skip' }).runUntilIdle();
    expect(operator.status.history).toBeUndefined();
    expect(takeEvents(operator)).toEqual(['Initialized: Deployment web adopted; all traffic on 1.0']);
  });
});

describe('a first version that fails', () => {
  it('gets no traffic; its pods stay for scaleDownDelay, and the sentence says why', () => {
    const operator = refused();
    expect(shown(operator)).toBe('Holding: Ready=False AnalysisFailed, Stalled');
    expect(said(operator)).toBe(
      'errors 50 > 1 in 1 of 1 check; first version 1.0 refused at 14:00:02, so Service checkout finds no pod; change the template, or ask for retry or promote-full',
    );
    expect(takeEvents(operator)).toContain(
      'Warning AnalysisFailed: errors 50 > 1 in 1 of 1 check; first version 1.0 refused; Service checkout finds no pod',
    );
    expect(operator.status.allowedActions).toEqual(['retry', 'promote-full']);
    operator.takeWrites();
    operator.runFor(4000);
    expect(operator.takeWrites()).toEqual(['scale web to 0']);
    operator.runUntilIdle();
    const drains = [1, 2, 3, 4, 5].map((pod) => `drain web-aaa-${pod}`);
    expect(operator.takeWrites().toSorted()).toEqual([...drains, 'scale web-aaa to 0']);
    expect(operator.status.history).toMatchObject([{ outcome: 'Refused', reason: 'AnalysisFailed' }]);
  });

  it('gives way to a newer template, which is judged in its place', () => {
    const operator = refused().meanwhile((cluster) => cluster.setTemplate(V2));
    operator.metrics = () => 0;
    operator.runUntilIdle();
    expect(operator.status).toMatchObject({ stable: { revision: 'bbb' }, stage: 'Idle' });
    expect(operator.status.history?.map(({ outcome }) => outcome)).toEqual(['Promoted', 'Refused']);
    expect(operator.cluster.service?.endpoints).toEqual({ bbb: 5 });
  });

  it.each([
    ['retry', ['Promoted', 'Refused'], 'first version 1.0 has passed; Service checkout finds it'],
    [
      'promote-full',
      ['Promoted', 'Refused'],
      'first version 1.0 let in on request; Service checkout finds it',
    ],
  ])('is let in after %s', (verb, outcomes, message) => {
    const operator = refused().runUntilIdle();
    operator.metrics = () => (verb === 'retry' ? 0 : 50);
    ask(operator, verb).runUntilIdle();
    expect(operator.status.history?.map(({ outcome }) => outcome)).toEqual(outcomes);
    expect(operator.status.history?.[0]?.message).toBe(message);
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('fails by progressDeadline too', () => {
    const operator = begun();
    operator.meanwhile((cluster) => cluster.setTemplate(BROKEN)).runUntilIdle();
    expect(said(operator)).toMatch(
      /^waited 1m for 5 ready first pods \(ImagePullBackOff\); first version 2.1 refused/,
    );
    expect(operator.status.failure).toMatchObject({ reason: 'DeadlineExceeded', step: 0, weight: 0 });
  });

  it('fails on request', () => {
    const operator = ask(atCheck(), 'abort').runUntilIdle();
    expect(shown(operator)).toBe('Holding: Ready=False Aborted, Stalled');
    expect(operator.cluster.service?.pin).toEqual({ kind: 'nobody' });
  });

  it('waits for a person with onFailure: Pause', () => {
    const operator = begun({ onFailure: 'Pause' });
    operator.metrics = () => 50;
    operator.runFor(20_000);
    expect(said(operator)).toMatch(
      /^step 2\/2, first version 1.0, without traffic; errors 50 > 1 in 1 of 1 check; paused since .*; promote, retry or abort$/,
    );
    operator.metrics = () => 0;
    ask(operator.runFor(3000), 'retry').runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('keeps a replaced one out of the history as promoted', () => {
    const operator = atCheck().meanwhile((cluster) => cluster.setTemplate(V2));
    operator.metrics = () => 0;
    operator.runUntilIdle();
    expect(operator.status.history?.map(({ outcome, revision }) => `${outcome} ${revision}`)).toEqual([
      'Promoted bbb',
      'Superseded aaa',
    ]);
    expect(operator.cluster.revisions.get('web-aaa')?.replicas).toBe(0);
  });
});

describe('a deletion', () => {
  it.each([
    ['while it is judged', () => atCheck()],
    ['after it was refused', () => refused().runUntilIdle()],
    ['before it was looked at twice', () => begun().meanwhile(() => undefined)],
  ])('%s gives back what was there, and waits for nobody', (_when, start) => {
    const operator = start();
    operator.reconcile();
    deleteCanary(operator).runUntilIdle();
    const { cluster } = operator;
    expect(operator.isGone).toBe(true);
    expect(cluster.service?.pin).toEqual({ kind: 'none' });
    expect(cluster.target?.replicas).toBe(5);
    expect([...cluster.revisions.values()].map(({ pods }) => pods.length)).toEqual(
      [...cluster.revisions].map(() => 0),
    );
    cluster.advanceTo(cluster.now + 10_000);
    expect(cluster.service?.endpoints).toEqual({ '': 5 });
  });

  it('does not wait for pods that never get ready', () => {
    const operator = begun()
      .meanwhile((cluster) => cluster.setTemplate(BROKEN))
      .runUntilIdle();
    deleteCanary(operator).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.cluster.target?.template).toEqual(BROKEN);
  });
});

describe('after a crash', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('after write %i it goes on where it was', (writes) => {
    const operator = begun();
    operator.crashIn = writes;
    operator.runUntilIdle();
    expect(operator.status.history).toMatchObject([{ outcome: 'Promoted', revision: V1.hash }]);
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('with the status lost it is judged anew, and not let in', () => {
    const operator = atCheck();
    delete operator.cluster.canary.status;
    operator.runFor(3000);
    expect(operator.status).toMatchObject({ stage: 'Judging', canary: { revision: 'aaa' } });
    expect(operator.cluster.service?.pin).toEqual({ kind: 'nobody' });
  });
});
