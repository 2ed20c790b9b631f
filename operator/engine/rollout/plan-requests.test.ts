// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { FakeOperator } from './fake-operator.ts';
import {
  adopted,
  annotate,
  ask,
  atStep,
  changeSpec,
  releasing,
  said,
  shown,
  takeEvents,
} from './test-releases.ts';

const PAUSED = {
  steps: [{ setWeight: 20 }, { pause: {} }, { setWeight: 50 }, { pause: { duration: '10s' } }],
};

const stages: [string, () => FakeOperator, string[]][] = [
  ['at rest', () => adopted(), []],
  ['at a weight', () => atStep(0), ['promote-full', 'skip-step', 'pause', 'abort']],
  ['at a timed pause', () => atStep(1), ['promote', 'promote-full', 'skip-step', 'pause', 'abort']],
  ['at a pause', () => atPause(), ['promote', 'promote-full', 'skip-step', 'pause', 'abort']],
  ['paused by a person', () => paused(), ['promote', 'promote-full', 'skip-step', 'resume', 'abort']],
  ['promoting', () => atStep(3).runUntil(({ stage }) => stage === 'Promoting'), ['abort']],
  ['flipped', () => flipped(), []],
  ['rolling back', () => ask(atStep(3), 'abort').runUntil(({ stage }) => stage === 'RollingBack'), []],
  ['rolled back', () => ask(atStep(3), 'abort').runUntilIdle(), ['retry']],
];

function atPause(): FakeOperator {
  return releasing({ spec: PAUSED }).runUntil(({ pause }) => pause !== undefined);
}

function paused(): FakeOperator {
  return ask(atStep(0), 'pause').runUntil(({ pause }) => pause?.by === 'User');
}

function flipped(): FakeOperator {
  const operator = atStep(3).runUntil(({ pinned }) => pinned?.selector === 'revision bbb');
  operator.step();
  return operator;
}

describe('allowedActions', () => {
  it.each(stages)('%s', (_name, start, verbs) => {
    expect(start().status.allowedActions).toEqual(verbs);
  });
});

describe('what is not allowed', () => {
  it.each(stages)('%s is rejected and changes nothing', (_name, start, verbs) => {
    const operator = start();
    operator.takeWrites();
    const wrong = verbs.includes('retry') ? 'abort' : 'retry';
    ask(operator, wrong).reconcile();
    const now = verbs.length > 0 ? `possible now: ${verbs.join(', ')}` : 'nothing can be asked for now';
    expect(operator.status.lastAction).toMatchObject({
      verb: wrong,
      result: 'Rejected',
      message: `${wrong} does not fit now; ${now}`,
    });
    expect(takeEvents(operator)).toContain(`Warning ActionRejected: ${wrong} does not fit now; ${now}`);
  });

  it.each([
    [
      'resme/bbb/1',
      '"resme" is not a verb; known are promote, promote-full, skip-step, pause, resume, abort, retry, rollback, admit',
    ],
    ['abort/aaa/1', 'abort names revision aaa, but the release is of revision bbb'],
    ['abort', '"abort" is not of the form <verb>/<revision>/<nonce>'],
    ['abort/bbb', '"abort/bbb" is not of the form <verb>/<revision>/<nonce>'],
    ['abort/bbb/', '"abort/bbb/" is not of the form <verb>/<revision>/<nonce>'],
    ['abort/bbb/1/2', '"abort/bbb/1/2" is not of the form <verb>/<revision>/<nonce>'],
    ['/bbb/1', '"/bbb/1" is not of the form <verb>/<revision>/<nonce>'],
    ['', '"" is not of the form <verb>/<revision>/<nonce>'],
  ])('%p is answered once, with a sentence', (text, message) => {
    const operator = annotate(atStep(1), text);
    operator.reconcile();
    expect(operator.status.lastAction).toMatchObject({ result: 'Rejected', message });
    expect(takeEvents(operator)).toContain(`Warning ActionRejected: ${message}`);
    operator.reconcile();
    expect(operator.reconcile().wrote).toBe(0);
    expect(operator.status.stage).toBe('Stepping');
  });

  it('a text without end is cut', () => {
    const operator = annotate(atStep(1), 'x'.repeat(10_000));
    operator.reconcile();
    expect(operator.status.lastAction?.nonce).toHaveLength(256);
    expect(operator.reconcile().wrote).toBe(0);
  });
});

describe('a request', () => {
  it('is obeyed once, however long it stands in the annotation', () => {
    const operator = ask(atStep(1), 'pause');
    operator.reconcile();
    expect(operator.status.lastAction).toEqual({
      verb: 'pause',
      revision: 'bbb',
      nonce: expect.any(String),
      at: expect.any(String),
      result: 'Accepted',
    });
    ask(operator, 'resume').reconcile();
    expect(operator.status.pause).toBeUndefined();
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('is another one when only its verb is another: the nonce of somebody who writes by hand is always 1', () => {
    const operator = annotate(atStep(1), 'pause/bbb/1');
    operator.reconcile();
    annotate(operator, 'abort/bbb/1').reconcile();
    expect(operator.status.lastAction).toMatchObject({ verb: 'abort', result: 'Accepted' });
    expect(operator.status.stage).toBe('RollingBack');
  });

  it('that GitOps removes stays done', () => {
    const operator = ask(atStep(1), 'pause');
    operator.reconcile();
    operator.meanwhile(({ canary: rollout }) => void (rollout.metadata.annotations = {})).runFor(60_000);
    expect(operator.status.pause?.by).toBe('User');
  });

  it('while suspended is refused and not kept for later', () => {
    const operator = changeSpec(atStep(1), { suspend: true });
    operator.reconcile();
    ask(operator, 'abort').reconcile();
    expect(operator.status.lastAction).toMatchObject({
      result: 'Rejected',
      message: 'abort does not fit now; nothing can be asked for now',
    });
    changeSpec(operator, { suspend: false }).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});

describe('pause', () => {
  it('holds at the step for ever, also when a timed pause is over', () => {
    const operator = ask(atStep(1), 'pause').runFor(86_400_000);
    expect(shown(operator)).toBe('Paused: Ready=False Paused, Reconciling, Paused');
    expect(said(operator)).toMatch(
      /^step 2\/4, 20% on 2\.0; paused on request since \d\d:\d\d:\d\d; resume, promote or abort$/,
    );
    expect(operator.last?.afterMs).toBeUndefined();
    expect(takeEvents(operator)).toContain('Paused: paused on request');
    ask(operator, 'resume').runUntilIdle();
    expect(takeEvents(operator)).toContain('Resumed: resumed on request');
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it.each([{ route: true }, { route: false }])(
    'raises no weight that has not moved yet, route: $route',
    ({ route }) => {
      const operator = releasing({ route });
      ask(operator, 'pause').runFor(3_600_000);
      expect(shown(operator)).toBe('Paused: Ready=False Paused, Reconciling, Paused');
      expect(
        operator.writes.filter((line) => line.startsWith('weight') || line.startsWith('checkout ->')),
      ).toEqual([]);
      expect(operator.status.stage).toBe('Stepping');
      ask(operator, 'resume').runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
    },
  );

  it('at a pause that waits for a person is taken back by resume, and it still waits', () => {
    const operator = ask(atPause(), 'pause').runFor(1000);
    expect(operator.status.pause?.by).toBe('User');
    ask(operator, 'resume').runFor(1000);
    expect(shown(operator)).toBe('Paused: Ready=False WaitingForApproval, Reconciling, Paused');
  });
});

describe('promote', () => {
  it('ends a pause that waits for a person', () => {
    const operator = ask(atPause(), 'promote');
    operator.reconcile();
    expect(operator.status).toMatchObject({ step: { index: 2 }, stage: 'Stepping' });
    expect(operator.status.pause).toBeUndefined();
    expect(takeEvents(operator)).toContain('Approved: promoted past the pause on request');
  });

  it('ends a timed pause early', () => {
    const operator = ask(atStep(1), 'promote');
    operator.reconcile();
    expect(operator.status.step?.index).toBe(2);
  });

  it('while paused at a weight ends only the pause', () => {
    const operator = ask(paused(), 'promote');
    operator.reconcile();
    expect(operator.status.pause).toBeUndefined();
    expect(operator.status.step?.index).toBe(0);
  });
});

describe('skip-step', () => {
  it('goes on to the next step without waiting for this one', () => {
    const operator = ask(atStep(0), 'skip-step').runUntil(({ step }) => step?.index === 1);
    expect(takeEvents(operator)).toContain('Approved: step 1 skipped on request');
  });

  it('of the last step promotes', () => {
    const operator = ask(atStep(3), 'skip-step');
    operator.reconcile();
    expect(operator.status.stage).toBe('Promoting');
  });
});

describe.each([{ route: true }, { route: false }])('promote-full, route: $route', ({ route }) => {
  it.each([{ index: 0 }, { index: 1 }, { index: 3 }])(
    'from step $index leaves out all that is left',
    ({ index }) => {
      const operator = ask(atStep(index, { route }), 'promote-full');
      operator.runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
      expect(operator.status.skipChecks).toBeUndefined();
      expect(takeEvents(operator)).toContain(
        'Approved: full promotion on request; the steps and checks left are skipped',
      );
    },
  );
});

describe('abort while something is missing', () => {
  it.each([
    [
      'the Ingress',
      (operator: FakeOperator) => operator.meanwhile((cluster) => void (cluster.ingressExists = false)),
    ],
    [
      'the target',
      (operator: FakeOperator) => operator.meanwhile((cluster) => void (cluster.target = undefined)),
    ],
  ])('%s is obeyed, and nothing else is offered', (_what, lose) => {
    const operator = lose(atStep(3)).runFor(1000);
    expect(operator.status.allowedActions).toEqual(['abort']);
    ask(operator, 'abort').runFor(60_000);
    expect(operator.status.lastAction?.result).toBe('Accepted');
    expect(operator.status.stage).toBe('RolledBack');
    expect(operator.cluster.route?.weight).toBe(0);
  });
});
