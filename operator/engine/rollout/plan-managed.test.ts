// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { V1, V2, V3 } from './fake-cluster.ts';
import type { FakeTemplate } from './fake-deployment.ts';
import type { FakeOperator } from './fake-operator.ts';
import { adopted, ask, changeSpec, said, shown, takeEvents } from './test-releases.ts';

const modes = [{ route: true }, { route: false }];
const MANAGED = { releasePolicy: 'Managed' };

/** A new template that nobody has admitted. */
function waiting(route: boolean, spec: Record<string, unknown> = {}): FakeOperator {
  const operator = setTemplate(adopted({ route, spec: { ...MANAGED, ...spec } }), V2).runFor(1000);
  operator.takeWrites();
  return operator;
}

function setTemplate(operator: FakeOperator, template: FakeTemplate): FakeOperator {
  return operator.meanwhile((cluster) => cluster.setTemplate(template));
}

describe.each(modes)('releasePolicy: Managed, route: $route', ({ route }) => {
  it('is no matter for the adoption', () => {
    expect(shown(adopted({ route, spec: MANAGED }))).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('lets a new revision wait, without a pod and without traffic, and says so', () => {
    const operator = waiting(route).runFor(86_400_000);
    expect(shown(operator)).toBe('Waiting: Ready=False WaitingForAdmission, Reconciling, Paused');
    expect(said(operator)).toBe('2.0 waits for admission; all traffic stays on 1.0');
    expect(operator.status).toMatchObject({
      stage: 'Waiting',
      canary: { revision: 'bbb', version: '2.0' },
      next: 'admission; then the first step',
      allowedActions: ['admit'],
    });
    expect(operator.takeWrites()).toEqual([]);
    expect([...operator.cluster.revisions.keys()]).toEqual(['web-aaa']);
    expect(operator.last?.afterMs).toBeUndefined();
    expect(takeEvents(operator)).toEqual(['ApprovalRequired: 2.0 found; it waits for admission']);
  });

  it('starts it when it is admitted', () => {
    const operator = ask(waiting(route), 'admit').runUntil(({ stage }) => stage === 'Stepping');
    expect(takeEvents(operator)).toEqual(
      expect.arrayContaining([
        'Approved: 2.0 admitted',
        'NewRevisionDetected: 2.0 found beside 1.0; 4 steps to go',
      ]),
    );
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it.each(['promote', 'promote-full', 'skip-step', 'resume', 'retry'])('%s does not admit', (verb) => {
    const operator = ask(waiting(route), verb).runFor(60_000);
    expect(operator.status.lastAction).toMatchObject({
      result: 'Rejected',
      message: `${verb} does not fit now; possible now: admit`,
    });
    expect(operator.status.stage).toBe('Waiting');
  });

  it('admits no other revision than the one that was meant', () => {
    const operator = setTemplate(waiting(route), V3).runFor(1000);
    ask(operator, 'admit', 'bbb').runFor(60_000);
    expect(operator.status.lastAction?.message).toBe(
      'admit names revision bbb, but the release is of revision ccc',
    );
    expect(said(operator)).toBe('3.0 waits for admission; all traffic stays on 1.0');
  });

  it('admits once: what comes back later waits again', () => {
    const operator = ask(waiting(route), 'admit').runUntil(({ stage }) => stage === 'Stepping');
    setTemplate(operator, V1).runUntilIdle();
    setTemplate(operator, V2).runFor(60_000);
    expect(operator.status.stage).toBe('Waiting');
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('forgets what was never admitted when the template is set back', () => {
    const operator = setTemplate(waiting(route), V1).runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(operator.status.canary).toBeUndefined();
    expect(operator.status.history).toBeUndefined();
  });

  it('takes back what is replaced on its way; the newer one waits', () => {
    const operator = ask(waiting(route), 'admit').runUntil(({ step }) => step?.index === 3);
    setTemplate(operator, V3).runUntilIdle();
    expect(shown(operator)).toBe('Waiting: Ready=False WaitingForAdmission, Reconciling, Paused');
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
    expect(operator.cluster.route?.exists ?? false).toBe(false);
  });

  it('retry after a rollback waits for admission again', () => {
    const operator = ask(waiting(route), 'admit').runUntil(({ step }) => step?.index === 1);
    ask(operator, 'abort').runUntilIdle();
    ask(operator, 'retry').runFor(60_000);
    expect(operator.status.stage).toBe('Waiting');
    ask(operator, 'admit').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('lets a way back within the window go without admission', () => {
    const operator = ask(waiting(route, { rollbackWindow: { revisions: 1 } }), 'admit').runUntilIdle();
    setTemplate(operator, V1).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('aaa');
  });

  it('lets a rollback go without admission, also while something waits', () => {
    const operator = ask(waiting(route), 'admit').runUntilIdle();
    setTemplate(operator, V3).runFor(1000);
    expect(operator.status.allowedActions).toEqual(['admit', 'rollback']);
    ask(operator, 'rollback', 'aaa').runUntilIdle();
    expect(operator.status).toMatchObject({ stable: { revision: 'aaa' }, canary: { revision: 'ccc' } });
  });

  it('that is given up starts what waits', () => {
    const operator = changeSpec(waiting(route), { releasePolicy: 'Any' }).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('keeps stable at its strength while something waits', () => {
    const operator = changeSpec(waiting(route), { replicas: 7 }).runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 7 });
  });
});
