// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { START, V1, V2, V3 } from './fake-cluster.ts';
import type { FakeOperator } from './fake-operator.ts';
import {
  adopted,
  atStep,
  changeSpec,
  releasing,
  said,
  shown,
  takeEvents,
  writesOfGoingBack,
} from './test-releases.ts';

/** What is said, one line for each new sentence, until nothing happens any more. */
function story(operator: FakeOperator): string[] {
  const lines: string[] = [];
  do {
    const line = said(operator).replace(/\d\d:\d\d:\d\d/, 'hh:mm:ss');
    if (line !== lines.at(-1)) lines.push(line);
  } while (operator.step());
  return lines;
}

describe('a good release by route', () => {
  it('moves the weight along its steps, flips the Service at 100 and drains before it scales down', () => {
    const operator = releasing();
    expect(story(operator)).toEqual([
      'step 1/4, 20% on 2.0; waits for the canary Service to follow its selector',
      'step 1/4, 20% on 2.0; waits for 1 ready canary pod',
      'step 1/4, 20% on 2.0; waits for the route to follow the canary Service',
      'step 1/4, 20% on 2.0; waits for the route to follow',
      'step 2/4, 20% on 2.0; pause of 10s until hh:mm:ss',
      'step 3/4, 50% on 2.0; waits for 3 ready canary pods',
      'step 3/4, 50% on 2.0; waits for the route to follow',
      'step 4/4, 50% on 2.0; pause of 10s until hh:mm:ss',
      'promoting 2.0; waits for 5 ready canary pods',
      'promoting 2.0; waits for the route to follow',
      'promoting 2.0; waits for Service checkout to follow its selector',
      'promoting 2.0; waits for Service checkout to hold exactly the new pods',
      'promoting 2.0; waits for the route to follow the Service',
      'promoting 2.0; waits for the route to follow',
      'all traffic on 2.0 since hh:mm:ss',
    ]);
    expect(operator.takeWrites()).toEqual([
      'create web-bbb with 1',
      'checkout-canary -> revision bbb',
      'weight 20',
      'scale web-bbb to 3',
      'weight 50',
      'scale web-bbb to 5',
      'weight 100',
      'checkout -> revision bbb',
      'weight 0',
      'scale web-aaa to 0',
      'rest route',
      'remove checkout-canary',
    ]);
    expect(takeEvents(operator)).toEqual([
      'NewRevisionDetected: 2.0 found beside 1.0; 4 steps to go',
      'CanaryScaledUp: 1 canary pod asked for 2.0',
      'TrafficShifted: step 1/4, 20% on 2.0',
      'CanaryScaledUp: 3 canary pods asked for 2.0',
      'TrafficShifted: step 3/4, 50% on 2.0',
      'CanaryScaledUp: 5 canary pods asked for 2.0',
      'Promoted: 2.0 promoted; it replaces 1.0',
    ]);
  });

  it('ends Healthy with nothing of the release but its history', () => {
    const operator = releasing().runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    const { stable, canary, step, history, weight, failure } = operator.status;
    expect(stable).toMatchObject({ revision: 'bbb', version: '2.0', since: expect.any(String) });
    expect([canary, step, failure]).toEqual([undefined, undefined, undefined]);
    expect(weight).toMatchObject({ desired: 0, observed: 0, route: 0 });
    expect(history).toEqual([
      {
        revision: 'bbb',
        version: '2.0',
        outcome: 'Promoted',
        reason: 'Succeeded',
        message: '2.0 promoted; it replaces 1.0',
        startedAt: expect.any(String),
        finishedAt: expect.any(String),
        duration: expect.stringMatching(/^\d+s$/),
      },
    ]);
  });

  it('shows the weight as desired first and as observed only when the route has settled', () => {
    const operator = releasing().runUntil(({ weight }) => weight?.route === 20);
    expect(operator.status.weight).toMatchObject({ desired: 20, observed: 0, route: 20 });
    expect(operator.last?.afterMs).toBe(2000);
    operator.runUntil(({ step }) => step?.index === 1);
    expect(operator.status.weight).toMatchObject({ desired: 20, observed: 20, route: 20 });
    expect(operator.last?.afterMs).toBe(10_000);
  });

  it('says Progressing all the way', () => {
    const operator = releasing();
    const seen = new Set<string>();
    while (operator.step() && operator.status.stage !== 'Idle') seen.add(shown(operator));
    expect([...seen]).toEqual(['Progressing: Ready=False Progressing, Reconciling']);
  });
});

describe('a good release by ratio', () => {
  it('adds canary pods before it takes stable ones away, and flips the Service once', () => {
    const operator = releasing({ route: false });
    expect(story(operator)).toEqual([
      'step 1/4, 20% on 2.0; waits for the Deployment of the canary',
      'step 1/4, 20% on 2.0; waits for 1 ready canary pod',
      'step 1/4, 20% on 2.0; waits for Service checkout to follow its selector',
      'step 1/4, 20% on 2.0; waits for 1 ready canary pod',
      'step 1/4, 20% on 2.0; waits for surplus pods to leave',
      'step 2/4, 20% on 2.0; pause of 10s until hh:mm:ss',
      'step 3/4, 50% on 2.0; waits for 3 ready canary pods',
      'step 3/4, 50% on 2.0; waits for surplus pods to leave',
      'step 4/4, 50% on 2.0; pause of 10s until hh:mm:ss',
      'promoting 2.0; waits for 5 ready canary pods',
      'promoting 2.0; waits for Service checkout to follow its selector',
      'promoting 2.0; waits for Service checkout to hold exactly the new pods',
      'all traffic on 2.0 since hh:mm:ss',
    ]);
    expect(operator.takeWrites()).toEqual([
      'create web-bbb with 1',
      'checkout -> all revisions',
      'drain web-aaa-5',
      'scale web-aaa to 4',
      'scale web-bbb to 3',
      'drain web-aaa-4',
      'drain web-aaa-3',
      'scale web-aaa to 2',
      'scale web-bbb to 5',
      'checkout -> revision bbb',
      'scale web-aaa to 0',
    ]);
  });

  it('observes the share of ready pods behind the Service', () => {
    const operator = atStep(1, { route: false });
    expect(operator.status.weight).toMatchObject({ desired: 20, observed: 20 });
    operator.runUntil(({ step }) => step?.index === 3);
    expect(operator.status.weight).toMatchObject({ desired: 50, observed: 60 });
  });

  it('with one pod in all has one on each side', () => {
    const operator = releasing({ route: false, replicas: 1 }).runUntilIdle();
    expect(operator.takeWrites()).toEqual([
      'create web-bbb with 1',
      'checkout -> all revisions',
      'checkout -> revision bbb',
      'scale web-aaa to 0',
    ]);
  });
});

describe.each([{ route: true }, { route: false }])('steps, route: $route', ({ route }) => {
  it('a pause is neither shorter nor longer than it says', () => {
    const operator = releasing({ route }).runUntil(({ step }) => step?.index === 1);
    const began = operator.cluster.now - 1;
    operator.runUntil(({ step }) => step?.index === 2);
    expect(operator.cluster.now - 1 - began).toBe(10_000);
  });

  it('a pause without a duration waits for a person, whatever time passes', () => {
    const spec = { steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 40 }] };
    const operator = releasing({ route, spec }).runFor(86_400_000);
    expect(shown(operator)).toBe('Paused: Ready=False WaitingForApproval, Reconciling, Paused');
    expect(said(operator)).toBe('step 2/3, 20% on 2.0; waits until somebody promotes');
    expect(operator.last?.afterMs).toBeUndefined();
    expect(operator.status.pause).toEqual({ by: 'Step', since: expect.any(String) });
    expect(takeEvents(operator)).toContain(
      'ApprovalRequired: step 2/3, 20% on 2.0; waits until somebody promotes',
    );
  });

  it('weights and interval are steps and pauses', () => {
    const operator = releasing({ route, spec: { weights: [20, 60], interval: '30s' } });
    expect(operator.status.step).toMatchObject({ index: 0, count: 4, position: '1/4' });
    operator.runUntil(({ step }) => step?.index === 3);
    expect(said(operator)).toMatch(/^step 4\/4, 60% on 2\.0; pause of 30s until /);
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('a release in one step promotes; the last step may be 100', () => {
    const operator = releasing({ route, spec: { steps: [{ setWeight: 100 }] } }).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('steps that change on the way start again at the first', () => {
    const operator = atStep(3, { route });
    takeEvents(operator);
    changeSpec(operator, { steps: [{ setWeight: 40 }, { pause: {} }] }).runUntil(
      ({ pause }) => pause !== undefined,
    );
    expect(operator.status).toMatchObject({ step: { index: 1, count: 2 }, observedGeneration: 3 });
    expect(operator.status.weight?.desired).toBe(40);
    expect(takeEvents(operator)[0]).toBe(
      'NewRevisionDetected: the steps have changed; they start again at the first',
    );
  });

  it('a change of anything else goes on where it is', () => {
    const operator = atStep(3, { route });
    changeSpec(operator, { progressDeadline: '5m' }).runFor(100);
    expect(operator.status.step?.index).toBe(3);
  });
});

describe('the replicas of a step', () => {
  const spec = { steps: [{ replicas: 2 }, { setWeight: 20 }, { pause: {} }] };

  it('are canary pods before any weight, by route', () => {
    const operator = releasing({ spec }).runUntil(({ step }) => step?.index === 2);
    expect(operator.takeWrites()).toEqual([
      'create web-bbb with 2',
      'checkout-canary -> revision bbb',
      'weight 0',
      'weight 20',
    ]);
  });

  it('are canary pods before any weight, by ratio', () => {
    const operator = releasing({ spec, route: false }).runUntil(({ step }) => step?.index === 2);
    expect(operator.takeWrites()).toEqual([
      'create web-bbb with 2',
      'checkout -> all revisions',
      'drain web-aaa-5',
      'drain web-bbb-2',
    ]);
  });

  it('beside a weight are more pods than it implies, by route', () => {
    const steps = [{ setWeight: 20, replicas: 4 }, { pause: {} }];
    const operator = releasing({ spec: { steps } }).runUntil(({ pause }) => pause !== undefined);
    expect(operator.takeWrites()).toEqual([
      'create web-bbb with 4',
      'checkout-canary -> revision bbb',
      'weight 20',
    ]);
  });

  it('beside a weight are the split itself, by ratio', () => {
    const steps = [{ setWeight: 20, replicas: 3 }, { pause: {} }];
    const operator = releasing({ route: false, spec: { steps } }).runUntil(
      ({ pause }) => pause !== undefined,
    );
    expect(operator.takeWrites()).toEqual([
      'create web-bbb with 3',
      'checkout -> all revisions',
      'drain web-aaa-5',
      'drain web-aaa-4',
      'drain web-aaa-3',
    ]);
    expect(operator.status.weight).toMatchObject({ desired: 20, observed: 60 });
  });
});

describe.each([{ route: true }, { route: false }])('another template, route: $route', ({ route }) => {
  it.each([{ index: 0 }, { index: 1 }, { index: 3 }])(
    'at step $index replaces the one in flight',
    ({ index }) => {
      const operator = atStep(index, { route });
      takeEvents(operator);
      operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('ccc');
      expect(operator.status.history?.map(({ outcome, revision }) => `${outcome} ${revision}`)).toEqual([
        'Promoted ccc',
        'Superseded bbb',
      ]);
      expect(takeEvents(operator).slice(0, 2)).toEqual([
        'Superseded: 2.0 was replaced by a newer template',
        'NewRevisionDetected: 3.0 found beside 1.0; 4 steps to go',
      ]);
    },
  );

  it('while it is promoted, before the Service is flipped, replaces it too', () => {
    const operator = releasing({ route }).runUntil(({ stage }) => stage === 'Promoting');
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
    expect(operator.status.history?.map(({ outcome, revision }) => `${outcome} ${revision}`)).toEqual([
      'Promoted ccc',
      'Superseded bbb',
    ]);
  });

  it('after the Service was flipped waits until the promotion is done', () => {
    const operator = releasing({ route }).runUntil(({ pinned }) => pinned?.selector === 'revision bbb');
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
    expect(operator.status.history?.map(({ outcome, revision }) => `${outcome} ${revision}`)).toEqual([
      'Promoted ccc',
      'Promoted bbb',
    ]);
  });

  it('that waits for old pods to drain is not overdue for it', () => {
    const spec = { scaleDownDelay: '5m', progressDeadline: '1m' };
    const operator = atStep(3, { route, spec });
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('ccc');
  });

  it('equal to stable takes the traffic back at once, and nothing has failed', () => {
    const operator = atStep(3, { route });
    takeEvents(operator);
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.setTemplate(V1)).step();
    expect(shown(operator)).toBe('RollingBack: Ready=False RollingBack, Reconciling');
    expect(said(operator)).toMatch(
      /^the template is 1\.0 again; taking all traffic back to 1\.0; waits for /,
    );
    const seen = new Set<string>();
    while (operator.step()) seen.add(shown(operator));
    expect([...seen]).not.toContainEqual(expect.stringContaining('Stalled'));
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(said(operator)).toMatch(/^all traffic on 1\.0 since 14:00:\d\d$/);
    expect(operator.status.canary).toBeUndefined();
    expect(operator.status.history?.[0]).toMatchObject({ outcome: 'Returned', reason: 'ReturnedToStable' });
    expect(takeEvents(operator)).toEqual(['Superseded: the template is 1.0 again; 2.0 is given up']);
    expect(operator.takeWrites()).toEqual(writesOfGoingBack(route));
  });

  it('that comes back after a later one is found again, and no Deployment is made twice', () => {
    const operator = releasing({ route }).runUntilIdle();
    operator.meanwhile((cluster) => cluster.setTemplate(V1)).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('aaa');
    expect(operator.writes.filter((line) => line.startsWith('create'))).toEqual(['create web-bbb with 1']);
  });
});

describe('old revisions', () => {
  it('are kept at 0 pods, three of them beside stable, and the oldest goes', () => {
    const operator = adopted();
    for (const hash of ['bbb', 'ccc', 'ddd', 'eee', 'fff']) {
      operator.meanwhile((cluster) => cluster.setTemplate({ hash, version: hash })).runUntilIdle();
    }
    expect([...operator.cluster.revisions.keys()]).toEqual(['web-ccc', 'web-ddd', 'web-eee', 'web-fff']);
    expect(operator.writes.filter((line) => line.startsWith('delete'))).toEqual([
      'delete web-aaa',
      'delete web-bbb',
    ]);
    expect(operator.status.history).toHaveLength(5);
  });

  it('of the history are forgotten beyond ten', () => {
    const operator = adopted();
    for (let release = 0; release < 12; release++) {
      operator.meanwhile((cluster) => cluster.setTemplate(release % 2 === 0 ? V2 : V1)).runUntilIdle();
    }
    expect(operator.status.history).toHaveLength(10);
  });
});

describe('the time it takes', () => {
  it('is that of pauses, pods and settling and nothing else', () => {
    const operator = releasing();
    const began = operator.cluster.now;
    operator.runUntil(({ stable }) => stable?.revision === 'bbb');
    // two pauses of 10 s, pods three times 2 s, and the route settles six times 2 s
    expect(operator.cluster.now - began).toBeLessThan(2 * 10_000 + 3 * 2100 + 6 * 2000 + 500);
    expect(began).toBeGreaterThan(START);
  });
});
