// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { FakeOperator } from './fake-operator.ts';
import { adopted, ask, atStep, said, shown, takeEvents } from './test-releases.ts';

const SELECTOR = 'the selector of Service checkout';
const WEIGHT = 'the canary-weight annotation of Ingress web-canary';
const HELD = 'Holding: Ready=False Contended, Stalled';

interface Rival {
  readonly field: string;
  readonly begin: () => FakeOperator;
  readonly overwrite: (operator: FakeOperator) => FakeOperator;
  /** The other writer puts right what it changed, and stops. */
  readonly giveWay: (operator: FakeOperator) => FakeOperator;
  readonly restored: string;
  readonly message: string;
}

const rivals: readonly Rival[] = [
  {
    field: SELECTOR,
    begin: () => atStep(1),
    overwrite: (operator) => operator.meanwhile((cluster) => cluster.pin({ kind: 'none' }, 'argocd')),
    giveWay: (operator) =>
      operator.meanwhile((cluster) => cluster.pin({ kind: 'revision', revision: 'aaa' }, 'argocd')),
    restored: 'checkout -> revision aaa',
    message: `argocd keeps changing ${SELECTOR} to none; it should be revision aaa. Put back 3 times, now held: let one of the two writers own it`,
  },
  {
    field: WEIGHT,
    begin: () => atStep(1),
    overwrite: (operator) => operator.meanwhile((cluster) => cluster.overwriteWeight(80, 'argocd')),
    giveWay: (operator) =>
      operator.meanwhile(
        ({ route }) => void (route && Object.assign(route, { weight: 20, overwritten: undefined })),
      ),
    restored: 'weight 20',
    message: `argocd keeps changing ${WEIGHT} to 80%; it should be 20%. Put back 3 times, now held: let one of the two writers own it`,
  },
];

/** A release that is paused by a person, with a rival that has overwritten the field four times. */
function fought(rival: Rival): FakeOperator {
  const operator = ask(rival.begin(), 'pause').runFor(1000);
  operator.auditor.excused = true;
  for (let fight = 0; fight < 3; fight++) rival.overwrite(operator).runFor(3000);
  rival.overwrite(operator).runFor(1);
  return operator;
}

describe.each(rivals)('a rival for $field', (rival) => {
  it('is told three times that it was put back, and the fourth time that it is left', () => {
    const operator = fought(rival);
    const told = takeEvents(operator).filter((line) => line.startsWith('Warning'));
    expect(told.slice(0, 3).every((line) => line.includes(`argocd changed ${rival.field}`))).toBe(true);
    expect(told.slice(3)).toEqual([`Warning Contended: ${rival.message}`]);
    expect(shown(operator)).toBe(HELD);
    expect(said(operator)).toBe(rival.message);
    expect(operator.status.fights?.[rival.field]).toMatchObject({ count: 4, manager: 'argocd' });
  });

  it('that goes on is neither fought nor told again', () => {
    const operator = fought(rival);
    takeEvents(operator);
    operator.takeWrites();
    for (let i = 0; i < 5; i++) rival.overwrite(operator).reconcile();
    expect(operator.takeWrites()).toEqual([]);
    expect(takeEvents(operator)).toEqual([]);
    expect(shown(operator)).toBe(HELD);
  });

  it('that gives way lets the release go on without a write', () => {
    const operator = fought(rival);
    operator.takeWrites();
    rival.giveWay(operator).runFor(10_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Paused: Ready=False Paused, Reconciling, Paused');
  });

  it('loses when somebody asks for a verb, and is counted anew', () => {
    const operator = fought(rival);
    operator.takeWrites();
    ask(operator, 'resume').runFor(1000);
    expect(operator.takeWrites()).toContain(rival.restored);
    expect(operator.status.fights?.[rival.field]).toMatchObject({ count: 1 });
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('keeps what it has when the request is refused', () => {
    const operator = fought(rival);
    operator.takeWrites();
    ask(operator, 'retry').runFor(1);
    expect(operator.status.lastAction?.result).toBe('Rejected');
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe(HELD);
  });
});

describe('a release that fails while a rival holds its weight', () => {
  function failing(): FakeOperator {
    const check = { name: 'errors', provider: 'prometheus', query: 'errors', max: 1, interval: '10s' };
    const operator = atStep(1, { spec: { analysis: { checks: [check] } } });
    operator.auditor.excused = true;
    operator.metrics = () => 0;
    for (let fight = 0; fight < 5; fight++)
      operator.meanwhile((cluster) => cluster.overwriteWeight(80, 'argocd')).runFor(500);
    expect(shown(operator)).toBe(HELD);
    operator.takeWrites();
    takeEvents(operator);
    operator.metrics = () => 7;
    return operator;
  }

  it('takes the weight from the rival: a rollback is fought for anew', () => {
    const operator = failing();
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False AnalysisFailed, Stalled, RolledBack');
    expect(operator.cluster.route?.weight ?? 0).toBe(0);
  });

  it('is put back at 0 three times more before it is left', () => {
    const operator = failing();
    operator.runUntil(({ stage }) => stage === 'RollingBack').runFor(10);
    for (let fight = 0; fight < 3; fight++) {
      operator.meanwhile((cluster) => cluster.overwriteWeight(80, 'argocd')).runFor(500);
      expect(operator.cluster.route?.weight ?? 0).toBe(0);
    }
  });
});

describe('a rival for the replicas of the target', () => {
  it('is left after three times, with traffic on the revision that is stable', () => {
    const operator = adopted();
    operator.auditor.excused = true;
    for (let i = 0; i < 4; i++)
      operator.meanwhile((cluster) => cluster.scale(cluster.target, 2, 'kubectl-scale')).runFor(60_000);
    expect(shown(operator)).toBe(HELD);
    expect(said(operator)).toContain('kubectl-scale keeps changing replicas of Deployment web to 2');
    expect(operator.cluster.service?.pin).toEqual({ kind: 'revision', revision: 'aaa' });
  });
});
