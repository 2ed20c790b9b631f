// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { FakeCluster, V2, V3 } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import { adopted, ask, atStep, changeSpec, deleteCanary, releasing, said, shown } from './test-releases.ts';

type Start = (route: boolean) => FakeOperator;

const moments: [string, Start][] = [
  ['at rest', (route) => adopted({ route })],
  ['at the first step', (route) => releasing({ route })],
  ['at a weight', (route) => atStep(1, { route })],
  ['on the way to the next weight', (route) => atStep(2, { route })],
  ['promoting', (route) => releasing({ route }).runUntil(({ stage }) => stage === 'Promoting')],
  [
    'just flipped',
    (route) => releasing({ route }).runUntil(({ pinned }) => pinned?.selector === 'revision bbb'),
  ],
  ['just promoted', (route) => releasing({ route }).runUntil(({ stable }) => stable?.revision === 'bbb')],
  ['paused', (route) => ask(atStep(1, { route }), 'pause').runFor(1000)],
  ['suspended', (route) => changeSpec(atStep(1, { route }), { suspend: true }).runFor(1000)],
  ['before its first look', (route) => new FakeOperator(new FakeCluster({ route }))],
  ['adopting', (route) => stepped(new FakeOperator(new FakeCluster({ route })))],
  [
    'adopted a moment ago',
    (route) => new FakeOperator(new FakeCluster({ route })).runUntil(({ stable }) => !!stable),
  ],
];

/** Held, unless there is nobody to hold them for: deletion-hold.test.ts. */
const refused: [string, Start][] = [
  [
    'rolling back',
    (route) => ask(atStep(3, { route }), 'abort').runUntil(({ stage }) => stage === 'RollingBack'),
  ],
  [
    'rolled back',
    (route) => ask(atStep(3, { route }), 'abort').runUntil(({ stage }) => stage === 'RolledBack'),
  ],
  ['rolled back for long', (route) => ask(atStep(3, { route }), 'abort').runUntilIdle()],
];

function stepped(operator: FakeOperator): FakeOperator {
  operator.step();
  return operator;
}

describe.each([{ route: true }, { route: false }])('a deletion, route: $route', ({ route }) => {
  it.each(moments)('%s leaves everything as it was found, and no request without a pod', (_when, start) => {
    const operator = start(route);
    deleteCanary(operator).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.cluster.service?.pin).toEqual({ kind: 'none' });
    expect(operator.cluster.route?.exists ?? false).toBe(false);
    expect(operator.cluster.target).toMatchObject({ replicas: 5 });
    expect(operator.cluster.target?.available(operator.cluster.now)).toBe(5);
    for (const { replicas } of operator.cluster.revisions.values()) expect(replicas).toBe(0);
  });

  it.each([...moments, ...refused])(
    '%s goes through when the target is gone, and says so to nobody',
    (_when, start) => {
      const operator = start(route);
      operator.auditor.excused = true;
      operator.meanwhile((cluster) => void (cluster.target = undefined));
      deleteCanary(operator).runUntilIdle();
      expect(operator.isGone).toBe(true);
      expect(operator.cluster.service?.pin).toEqual({ kind: 'none' });
    },
  );

  it.each([...moments, ...refused])('%s goes through when the Service is gone', (_when, start) => {
    const operator = start(route);
    operator.auditor.excused = true;
    operator.meanwhile((cluster) => void (cluster.service = undefined));
    deleteCanary(operator).runUntilIdle();
    expect(operator.isGone).toBe(true);
  });
});

describe('a deletion in the middle of a release', () => {
  it('by route takes one thing back after the other', () => {
    const operator = atStep(3);
    operator.takeWrites();
    deleteCanary(operator);
    const lines: string[] = [];
    while (operator.step()) if (said(operator) !== lines.at(-1)) lines.push(said(operator));
    expect(lines).toEqual([
      'deleting: taking the weight of the canary back',
      'deleting: waits for the route to follow',
      'deleting: removing the route of the canary',
      'deleting: waits for Deployment web to have 5 available pods; until then traffic stays where it is',
      'deleting: giving the Service back to the Deployment',
      'deleting: waits for the revisions to drain',
      'deleting: waits for the pods of the revisions to end',
      'deleting: putting the selector of the Service back',
    ]);
    expect(operator.takeWrites()).toEqual([
      'weight 0',
      'rest route',
      'scale web to 5',
      'checkout -> replica set bbb',
      'scale web-aaa to 0',
      'scale web-bbb to 0',
      'checkout -> none',
    ]);
  });

  it('by ratio needs fewer', () => {
    const operator = atStep(3, { route: false });
    operator.takeWrites();
    deleteCanary(operator).runUntilIdle();
    expect(operator.takeWrites()).toEqual([
      'scale web to 5',
      'checkout -> replica set bbb',
      'scale web-aaa to 0',
      'scale web-bbb to 0',
      'checkout -> none',
    ]);
  });

  it('looks Deleting all the time', () => {
    const operator = deleteCanary(atStep(1));
    operator.step();
    expect(shown(operator)).toBe('Progressing: Ready=False Deleting, Reconciling');
    expect(operator.status.allowedActions).toEqual(['abort']);
    expect(operator.last?.afterMs).toBeGreaterThan(0);
  });

  it('gives the weight to the pods of the Deployment where stable has none', () => {
    const operator = atStep(3);
    operator.auditor.excused = true;
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get('web-aaa'), true));
    deleteCanary(operator).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.takeWrites()).toEqual([
      'scale web to 5',
      'checkout -> replica set bbb',
      'weight 0',
      'rest route',
      'scale web-aaa to 0',
      'scale web-bbb to 0',
      'checkout -> none',
    ]);
  });

  it('waits for a target that does not get ready, and traffic stays where it is', () => {
    const operator = atStep(3);
    operator.meanwhile((cluster) => cluster.setTemplate({ hash: 'bad', broken: true }));
    deleteCanary(operator).runFor(3_600_000);
    expect(operator.isGone).toBe(false);
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
    expect(said(operator)).toBe(
      'deleting: waits for Deployment web to have 5 available pods; until then traffic stays where it is',
    );
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
    expect(operator.isGone).toBe(true);
  });
});

describe('a selector that somebody has put back before the deletion', () => {
  it('is no reason to leave the Deployment without its pods', () => {
    const operator = adopted();
    operator.auditor.excused = true;
    operator.meanwhile((cluster) => {
      cluster.deleteRevision('web-aaa');
      cluster.pin({ kind: 'none' }, 'kubectl');
    });
    deleteCanary(operator).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.cluster.target).toMatchObject({ replicas: 5 });
  });
});

describe('a template that changes in the middle of a deletion', () => {
  it('never leaves the Service with pods that a rollout is ending', () => {
    const operator = deleteCanary(adopted());
    operator.runUntil(({ message }) => message?.includes('drain') === true);
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.cluster.service?.pin).toEqual({ kind: 'none' });
    expect(operator.cluster.target?.available(operator.cluster.now)).toBe(5);
  });
});

describe('a deletion before adoption', () => {
  it('of a Deployment with other replicas than the Canary leaves it at its own', () => {
    const operator = new FakeOperator(new FakeCluster({ spec: { replicas: 9 }, replicas: 3 }));
    operator.step();
    deleteCanary(operator).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.cluster.target?.replicas).toBe(3);
  });
});
