// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { FakeOperator } from './fake-operator.ts';
import { adopted, ask, atStep, releasing, said, takeEvents } from './test-releases.ts';

const ALB = { route: 'alb' } as const;
const SETTLE_MS = 2000;

/** When the route first had the canary at a weight, in ms of the cluster's clock. */
function whenAt(operator: FakeOperator, weight: number): number {
  operator.runUntil(
    () => operator.cluster.route?.exists === true && operator.cluster.route.weight === weight,
  );
  return operator.cluster.now;
}

/** GitOps writes the annotation anew, without the canary. */
function wipe(operator: FakeOperator): FakeOperator {
  operator.auditor.excused = true;
  return operator.meanwhile(({ route }) => {
    if (!route) throw new Error('there is no route to wipe');
    Object.assign(route, {
      exists: false,
      weight: 0,
      overwritten: { field: 'the action', manager: 'argocd' },
    });
  });
}

describe('a data plane that gives a share before it knows the pods', () => {
  it('gets the canary at weight 0 first, and its share when that has settled', () => {
    const operator = releasing(ALB);
    const placedMs = whenAt(operator, 0);
    operator.runFor(1);
    expect(operator.status.weight).toMatchObject({ desired: 20, observed: 0, route: 0 });
    expect(said(operator)).toBe('step 1/4, 20% on 2.0; waits for the route to follow the canary Service');
    expect(whenAt(operator, 20) - placedMs).toBeGreaterThanOrEqual(SETTLE_MS);
    operator.runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
    const weights = operator.takeWrites().filter((write) => /weight|rest/.test(write));
    expect(weights).toEqual(['weight 0', 'weight 20', 'weight 50', 'weight 100', 'weight 0', 'rest route']);
  });

  it('counts that from when the canary has pods and its place, whichever is later', () => {
    const operator = releasing(ALB);
    whenAt(operator, 0);
    operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-bbb'), false));
    operator.runUntil(({ canary }) => canary?.routedSince === undefined, 'the pods to be gone');
    operator.runUntil(({ canary }) => canary?.routedSince !== undefined, 'pods again');
    const readyMs = operator.cluster.now;
    expect(whenAt(operator, 20) - readyMs).toBeGreaterThanOrEqual(SETTLE_MS);
  });

  it('gets it again where somebody has written it anew, counted and said', () => {
    const operator = wipe(atStep(1, ALB));
    operator.takeWrites();
    takeEvents(operator);
    operator.runFor(SETTLE_MS + 1000);
    expect(operator.takeWrites()).toEqual(['weight 0', 'weight 20']);
    expect(takeEvents(operator)).toEqual([
      'Warning TrafficOverwritten: argocd changed the action from 20% to 0%; put back (1 of 3)',
    ]);
  });

  it('is not fought with for ever', () => {
    const steps = [{ setWeight: 20 }, { pause: {} }, { setWeight: 50 }];
    const operator = atStep(1, { ...ALB, spec: { steps } });
    for (let count = 0; count < 3; count++) {
      wipe(operator).runUntil(() => operator.cluster.route?.weight === 20, `put back ${count + 1}`);
      operator.runFor(SETTLE_MS + 1000);
    }
    wipe(operator).runFor(10_000);
    expect(operator.cluster.route).toMatchObject({ exists: false, weight: 0 });
    expect(said(operator)).toContain('argocd');
    expect(operator.last?.conditions.find(({ type }) => type === 'Ready')?.reason).toBe('Contended');
  });

  it('has nothing of the canary at rest', () => {
    const operator = adopted(ALB);
    expect(operator.cluster.route).toMatchObject({ exists: false, weight: 0 });
  });

  it('needs no such time on the way back', () => {
    const operator = atStep(1, ALB);
    operator.takeWrites();
    ask(operator, 'abort').runFor(1000);
    expect(operator.takeWrites()).toEqual(['weight 0']);
  });
});
