// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { BROKEN, V1, V2, V3 } from './fake-cluster.ts';
import type { FakeTemplate } from './fake-deployment.ts';
import type { FakeOperator } from './fake-operator.ts';
import { adopted, ask, changeSpec, said, shown, takeEvents } from './test-releases.ts';

const modes = [{ route: true }, { route: false }];
const WINDOW = { rollbackWindow: { revisions: 2 } };

/** Releases one template after the other, each until it is at rest, and forgets what that wrote. */
function released(templates: readonly FakeTemplate[], route: boolean, spec: Record<string, unknown> = {}) {
  const operator = adopted({ route, spec });
  for (const template of templates) setTemplate(operator, template).runUntilIdle();
  return forget(operator);
}

/** As released, but at the moment at which the last one is promoted and the one before it still has its pods. */
function justReleased(
  templates: readonly FakeTemplate[],
  route: boolean,
  spec: Record<string, unknown> = {},
) {
  const operator = released(templates.slice(0, -1), route, spec);
  const last = templates.at(-1) ?? V2;
  setTemplate(operator, last).runUntil(({ stable }) => stable?.revision === last.hash);
  return forget(operator);
}

function setTemplate(operator: FakeOperator, template: FakeTemplate): FakeOperator {
  return operator.meanwhile((cluster) => cluster.setTemplate(template));
}

function forget(operator: FakeOperator): FakeOperator {
  operator.takeWrites();
  takeEvents(operator);
  return operator;
}

function previousOf({ status }: FakeOperator): string[] {
  return (status.previous ?? []).map(({ revision }) => revision);
}

describe.each(modes)('revisions that were stable, route: $route', ({ route }) => {
  it('are remembered, newest first, as long as they are kept', () => {
    const operator = released([V2, V3], route);
    expect(operator.status.previous).toEqual([
      { revision: 'bbb', version: '2.0' },
      { revision: 'aaa', version: '1.0' },
    ]);
    const more = ['ddd', 'eee', 'fff'].map((hash) => ({ hash }));
    for (const template of more) setTemplate(operator, template).runUntilIdle();
    expect(previousOf(operator)).toEqual(['eee', 'ddd', 'ccc']);
    expect([...operator.cluster.revisions.keys()].toSorted()).toEqual([
      'web-ccc',
      'web-ddd',
      'web-eee',
      'web-fff',
    ]);
  });

  it('are as many as the window is wide', () => {
    const operator = adopted({ route, spec: { rollbackWindow: { revisions: 5 } } });
    const hashes = ['bbb', 'ccc', 'ddd', 'eee', 'fff', 'ggg'];
    for (const hash of hashes) setTemplate(operator, { hash }).runUntilIdle();
    expect(previousOf(operator)).toEqual(['fff', 'eee', 'ddd', 'ccc', 'bbb']);
    expect(operator.cluster.revisions.size).toBe(6);
  });

  it('do not hold what failed', () => {
    const operator = released([V2], route);
    setTemplate(operator, V3).runUntil(({ stage }) => stage === 'Stepping');
    ask(operator, 'abort').runUntilIdle();
    expect(previousOf(operator)).toEqual(['aaa']);
  });
});

describe.each(modes)('a template that is set back within the window, route: $route', ({ route }) => {
  it('goes back without steps, in less than a second where its pods are warm', () => {
    const operator = justReleased([V2], route, WINDOW);
    const began = operator.cluster.now;
    setTemplate(operator, V1).runUntil(({ returning }) => returning?.restoredAt !== undefined);
    expect(operator.cluster.now - began).toBeLessThan(route ? 1000 : 2500);
    operator.runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
    expect(operator.status.history?.[0]).toMatchObject({
      revision: 'bbb',
      outcome: 'Returned',
      reason: 'RollbackWindow',
      // from when it was set back, not from when it was promoted
      duration: expect.stringMatching(/^\d{1,2}s$/),
    });
    expect(previousOf(operator)).toEqual([]);
  });

  it('says so before it moves anything: who comes after a crash finds why', () => {
    const operator = justReleased([V2], route, WINDOW);
    setTemplate(operator, V1).step();
    expect(operator.takeWrites()).toEqual([]);
    expect(operator.status).toMatchObject({ stage: 'Returning', stable: { revision: 'bbb' } });
    operator.step();
    expect(operator.takeWrites()).not.toEqual([]);
  });

  it('starts its pods where they are cold', () => {
    const operator = setTemplate(released([V2], route, WINDOW), V1).runUntilIdle();
    expect(operator.takeWrites()).toEqual(
      route
        ? [
            'checkout-canary -> revision aaa',
            'scale web-aaa to 5',
            'weight 100',
            'checkout -> revision aaa',
            'weight 0',
            'scale web-bbb to 0',
            'rest route',
            'remove checkout-canary',
          ]
        : ['scale web-aaa to 5', 'checkout -> revision aaa', 'scale web-bbb to 0'],
    );
    expect(takeEvents(operator)).toEqual(
      expect.arrayContaining(['Superseded: the template is 1.0 again; going back to it without steps']),
    );
  });

  it('says what it waits for', () => {
    const operator = setTemplate(released([V2], route, WINDOW), V1);
    operator.runUntil(({ stage }) => stage === 'Returning').runFor(100);
    expect(shown(operator)).toBe('RollingBack: Ready=False RollingBack, Reconciling');
    expect(said(operator)).toBe(
      'the template is 1.0 again; taking all traffic back to 1.0; waits for 3 ready canary pods',
    );
    expect(operator.status.allowedActions).toEqual(['abort']);
  });

  it('beyond the window is released by the steps', () => {
    const operator = setTemplate(released([V2, V3, { hash: 'ddd' }], route, WINDOW), V1);
    operator.runUntil(({ stage }) => stage === 'Stepping').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('aaa');
  });

  it('without a window is released by the steps', () => {
    const operator = setTemplate(released([V2], route), V1).runUntil(({ stage }) => stage === 'Stepping');
    expect(operator.status.canary?.revision).toBe('aaa');
  });

  it('and forward again is judged anew', () => {
    const operator = setTemplate(released([V2], route, WINDOW), V1).runUntilIdle();
    setTemplate(operator, V2)
      .runUntil(({ stage }) => stage === 'Stepping')
      .runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
    expect(previousOf(operator)).toEqual(['aaa']);
  });

  it('goes back also from the middle of a release, never with three versions at once', () => {
    const operator = released([V2], route, WINDOW);
    setTemplate(operator, V3).runUntil(({ step }) => step?.index === 3);
    setTemplate(operator, V1).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('aaa');
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('gives way to a newer template as long as nothing has moved', () => {
    const operator = setTemplate(released([V2], route, WINDOW), V1);
    operator.runUntil(({ stage }) => stage === 'Returning');
    setTemplate(operator, V3)
      .runUntil(({ stage }) => stage === 'Stepping')
      .runUntilIdle();
    expect(operator.status.stable?.revision).toBe('ccc');
    expect(operator.status.history?.map(({ outcome, revision }) => `${outcome} ${revision}`)).toEqual([
      'Promoted ccc',
      'Superseded aaa',
      'Promoted bbb',
    ]);
  });

  it('is called off by abort, and not tried again by itself', () => {
    const operator = setTemplate(released([V2], route, WINDOW), V1);
    operator.runUntil(({ stage }) => stage === 'Returning');
    ask(operator, 'abort').runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
    expect(operator.status).toMatchObject({ stable: { revision: 'bbb' }, canary: { revision: 'aaa' } });
    ask(operator, 'retry').runUntilIdle();
    expect(operator.status.stable?.revision).toBe('aaa');
  });

  it('that cannot start leaves the traffic where it is', () => {
    const operator = released([V2], route, WINDOW);
    operator.meanwhile((cluster) => {
      const old = cluster.revisions.get('web-aaa');
      if (old) old.template = { ...old.template, broken: true };
    });
    setTemplate(operator, V1).runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False DeadlineExceeded, Stalled, RolledBack');
    expect(said(operator)).toMatch(
      /^waited 1m for 3 ready canary pods \(ImagePullBackOff\) at 0%; all traffic on 2\.0/,
    );
    expect(operator.cluster.service?.endpoints).toEqual({ bbb: 5 });
  });
});

describe.each(modes)('rollback, route: $route', ({ route }) => {
  it('at rest goes to the revision it names, and holds there although the template says otherwise', () => {
    const operator = ask(released([V2], route), 'rollback', 'aaa').runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False RollbackRequested, Stalled, RolledBack');
    expect(said(operator)).toMatch(
      /^rolled back from 2\.0 on request; all traffic on 1\.0 since \d\d:\d\d:\d\d \(\d\.\d s\); the template still asks for 2\.0, which is held until it changes or somebody asks for retry$/,
    );
    expect(operator.status).toMatchObject({ stable: { revision: 'aaa' }, canary: { revision: 'bbb' } });
    expect(operator.status.allowedActions).toEqual(['retry']);
    operator.takeWrites();
    operator.runFor(86_400_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
    expect(operator.status.history?.[0]).toMatchObject({
      revision: 'bbb',
      outcome: 'RolledBack',
      reason: 'RollbackRequested',
    });
    expect(takeEvents(operator)).toEqual(
      expect.arrayContaining(['Warning Aborted: rolled back from 2.0 on request; going back to 1.0']),
    );
  });

  it('takes one move where the pods are warm', () => {
    const operator = justReleased([V2], route);
    const began = operator.cluster.now;
    ask(operator, 'rollback', 'aaa').runUntil(({ returning }) => returning?.restoredAt !== undefined);
    expect(operator.cluster.now - began).toBeLessThan(route ? 1000 : 2500);
    expect(operator.runUntilIdle().cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('ends its hold when the template is set back', () => {
    const operator = ask(released([V2], route), 'rollback', 'aaa').runUntilIdle();
    setTemplate(operator, V1).runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('ends its hold with a newer template', () => {
    const operator = ask(released([V2], route), 'rollback', 'aaa').runUntilIdle();
    setTemplate(operator, V3).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('ccc');
  });

  it('and retry releases the same template by the steps', () => {
    const operator = ask(released([V2], route, WINDOW), 'rollback', 'aaa').runUntilIdle();
    ask(operator, 'retry')
      .runUntil(({ stage }) => stage === 'Stepping')
      .runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('can go further back, from a rollback too', () => {
    const operator = ask(released([V2, V3], route), 'rollback', 'bbb').runUntilIdle();
    expect(operator.status.allowedActions).toEqual(['retry', 'rollback']);
    ask(operator, 'rollback', 'aaa').runUntilIdle();
    expect(operator.status).toMatchObject({ stable: { revision: 'aaa' }, canary: { revision: 'ccc' } });
    expect(said(operator)).toContain('rolled back from 2.0 on request');
    expect(said(operator)).toContain('the template still asks for 3.0');
  });

  it('takes half of the pods for a start where they are cold', () => {
    const operator = ask(released([V2], route), 'rollback', 'aaa');
    operator.runUntil(({ stage }) => stage === 'Returning').runFor(100);
    expect(said(operator)).toBe(
      'rolled back from 2.0 on request; taking all traffic back to 1.0; waits for 3 ready canary pods',
    );
  });

  it('in a bake goes back as abort does', () => {
    const operator = adopted({ route, spec: { bake: { duration: '5m' } } });
    setTemplate(operator, V2).runUntil(({ stage }) => stage === 'Baking');
    expect(operator.status.allowedActions).toEqual(['promote', 'abort', 'rollback']);
    ask(operator, 'rollback', 'aaa').runUntilIdle();
    expect(operator.status).toMatchObject({
      stable: { revision: 'aaa' },
      failure: { reason: 'RollbackRequested' },
    });
  });

  it('that is called off leaves things as they were', () => {
    const operator = ask(released([V2], route), 'rollback', 'aaa').runUntil(
      ({ stage }) => stage === 'Returning',
    );
    ask(operator, 'abort', 'aaa').runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('also while a newer template comes, is finished once traffic has moved', () => {
    const operator = ask(justReleased([V2], route), 'rollback', 'aaa');
    operator.runUntil(({ returning }) => returning?.restoredAt !== undefined);
    setTemplate(operator, V3).runUntilIdle();
    expect(operator.status.history?.map(({ outcome, revision }) => `${outcome} ${revision}`)).toEqual([
      'Promoted ccc',
      'RolledBack bbb',
      'Promoted bbb',
    ]);
  });

  it.each([
    ['bbb', 'rollback names revision bbb; it can go to aaa (1.0)'],
    ['zzz', 'rollback names revision zzz; it can go to aaa (1.0)'],
  ])('to %s is rejected', (revision, message) => {
    const operator = ask(released([V2], route), 'rollback', revision);
    operator.reconcile();
    expect(operator.status.lastAction).toMatchObject({ result: 'Rejected', message });
    expect(operator.status.stage).toBe('Idle');
  });

  it('is not possible where nothing is left to go to', () => {
    const operator = released([V2], route).meanwhile((cluster) => cluster.deleteRevision('web-aaa'));
    ask(operator, 'rollback', 'aaa').reconcile();
    expect(operator.status.lastAction).toMatchObject({
      message: 'rollback does not fit now; nothing can be asked for now',
    });
  });

  it('does not need the target once it has begun', () => {
    const operator = ask(released([V2], route), 'rollback', 'aaa').runUntil(
      ({ stage }) => stage === 'Returning',
    );
    operator.meanwhile((cluster) => void (cluster.target = undefined)).runFor(60_000);
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
  });

  it('follows replicas that change at that moment', () => {
    const operator = ask(released([V2], route), 'rollback', 'aaa').runUntil(
      ({ stage }) => stage === 'Returning',
    );
    changeSpec(operator, { replicas: 6 }).runUntilIdle();
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 6 });
  });

  it('leaves a broken template alone', () => {
    const operator = setTemplate(released([V2], route), BROKEN).runUntil(
      ({ stage }) => stage === 'RolledBack',
    );
    expect(operator.status.allowedActions).toEqual(['retry', 'rollback']);
    ask(operator, 'rollback', 'aaa').runUntilIdle();
    expect(operator.status).toMatchObject({ stable: { revision: 'aaa' }, canary: { revision: 'bad' } });
  });
});
