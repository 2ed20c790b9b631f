// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { FakeCluster, V2 } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import { adopted, ask, atStep, deleteCanary, said, shown } from './test-releases.ts';
import type { RivalFacts } from './types.ts';

/** The Canary of the model is made at this time and has uid "uid-canary". */
const CREATED = '2026-11-21T13:00:00Z';

function rival(more: Partial<RivalFacts> = {}): RivalFacts {
  const shares = ['Deployment web', 'Service checkout'];
  return {
    kind: 'Canary',
    name: 'first',
    uid: 'uid-first',
    createdAt: '2026-11-21T12:00:00Z',
    shares,
    holds: false,
    ...more,
  };
}

function fresh(rivals: readonly RivalFacts[]): FakeOperator {
  const cluster = new FakeCluster();
  cluster.canary.metadata.creationTimestamp = CREATED;
  cluster.rivals = rivals;
  return new FakeOperator(cluster);
}

/** Younger than the rival from now on. */
function younger(operator: FakeOperator): FakeOperator {
  operator.cluster.canary.metadata.creationTimestamp = CREATED;
  return operator;
}

const SENTENCE =
  'Canary first already governs Deployment web and Service checkout, and an object can have only one; nothing is written for this one until the other is gone: delete one of the two';

describe('who governs what two Canaries name', () => {
  const table: [string, Partial<RivalFacts>, 'this' | 'first'][] = [
    ['the older one', {}, 'first'],
    ['this one, where it is older', { createdAt: '2026-11-21T13:00:01Z' }, 'this'],
    ['the smaller uid within a second', { createdAt: CREATED, uid: 'uid-b' }, 'first'],
    ['this one, where its uid is smaller', { createdAt: CREATED, uid: 'uid-d' }, 'this'],
    ['the one that has made revisions', { createdAt: '2026-11-21T13:00:01Z', holds: true }, 'first'],
  ];
  it.each(table)('%s', (_what, more, winner) => {
    const operator = fresh([rival(more)]).runUntilIdle();
    const isOurs = winner === 'this';
    expect(shown(operator)).toBe(
      isOurs ? 'Healthy: Ready=True Succeeded, Promoted' : 'Pending: Ready=False Conflict, Stalled',
    );
    expect(operator.takeWrites().length > 0).toBe(isOurs);
  });

  it('is the one that has made revisions here, whatever its age', () => {
    const operator = younger(adopted());
    operator.cluster.rivals = [rival()];
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });

  it('is the oldest of several', () => {
    const operator = fresh([
      rival({ name: 'second', uid: 'uid-second', createdAt: '2026-11-21T12:30:00Z' }),
      rival(),
      rival({ name: 'younger', uid: 'uid-younger', createdAt: '2026-11-21T14:00:00Z' }),
    ]).runUntilIdle();
    expect(said(operator)).toBe(SENTENCE);
  });
});

describe('a Canary in conflict', () => {
  it('says with whom and over what, once, and begins when the other is gone', () => {
    const operator = fresh([rival()]).runFor(3_600_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(said(operator)).toBe(SENTENCE);
    expect(operator.last).toMatchObject({ status: { allowedActions: [] }, queries: [] });
    expect(operator.last?.afterMs).toBeUndefined();
    operator.cluster.rivals = [];
    operator.runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('in the middle of a release, over an Ingress that the other has just named, leaves traffic as it is', () => {
    const operator = younger(atStep(1));
    operator.takeWrites();
    operator.cluster.rivals = [rival({ shares: ['Ingress web'], holds: true })];
    operator.runFor(3_600_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Holding: Ready=False Conflict, Stalled');
    expect(said(operator)).toBe(
      'step 2/4, 20% on 2.0; held: Canary first already governs Ingress web, and an object can have only one; nothing is written for this one until the other is gone: delete one of the two',
    );
    ask(operator, 'abort').runFor(60_000);
    expect(operator.takeWrites()).toEqual([]);
    operator.cluster.rivals = [];
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False Aborted, Stalled, RolledBack');
  });
});

describe('the deletion of a Canary in conflict', () => {
  it('touches nothing of what the other governs', () => {
    const operator = fresh([rival()]).runUntilIdle();
    operator.cluster.rivals = [rival({ holds: true })];
    operator.cluster.pin({ kind: 'revision', revision: 'theirs' }, 'headway');
    operator.cluster.scale(operator.cluster.target, 0, 'headway');
    operator.auditor.excused = true;
    deleteCanary(operator).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.takeWrites()).toEqual([]);
  });

  it.each([
    [['Service checkout'], ['scale web to 5']],
    [['Deployment web'], []],
  ])('that once governed, over %p, gives back what is its own', (shares, writes) => {
    const operator = younger(adopted());
    operator.auditor.excused = true;
    operator.cluster.rivals = [rival({ shares, holds: true })];
    operator.cluster.pin({ kind: 'revision', revision: 'theirs' }, 'headway');
    operator.cluster.advanceTo(operator.cluster.now + 1000);
    deleteCanary(operator).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.takeWrites()).toEqual(writes);
  });

  it('whose revision the Service still names gives it back before its pods go', () => {
    const operator = younger(adopted());
    operator.cluster.rivals = [rival({ holds: true })];
    deleteCanary(operator).runUntilIdle();
    expect(operator.isGone).toBe(true);
    expect(operator.cluster.service?.endpoints).toEqual({ '': 5 });
  });
});

describe('a Deployment whose pods are not told from those of another', () => {
  it.each([
    [
      'Service' as const,
      'Service checkout selects pods of Deployment old too, which would get no requests any more; let it select only pods of Deployment web',
    ],
    [
      'Deployment' as const,
      'Deployments web and old select the same pods; give each a label of its own in its selector',
    ],
  ])('by the %s is not adopted until they are', (by, message) => {
    const operator = fresh([]);
    operator.cluster.overlaps = [{ deployment: 'old', by }];
    operator.runFor(3_600_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(shown(operator)).toBe('Pending: Ready=False SelectorOverlap, Stalled');
    expect(said(operator)).toBe(message);
    operator.cluster.overlaps = [];
    operator.runUntilIdle();
    expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
  });

  it('found while it is adopted stops the adoption before any traffic moves', () => {
    const operator = fresh([]);
    operator.reconcile();
    operator.takeWrites();
    operator.cluster.overlaps = [
      { deployment: 'old', by: 'Service' },
      { deployment: 'older', by: 'Service' },
    ];
    operator.runFor(60_000);
    expect(operator.takeWrites()).toEqual([]);
    expect(said(operator)).toMatch('pods of Deployment old too (and 1 more), which');
    expect(operator.cluster.service?.pin).toEqual({ kind: 'none' });
  });

  it('is not asked about once it is adopted', () => {
    const operator = adopted();
    operator.cluster.overlaps = [{ deployment: 'old', by: 'Service' }];
    operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
    expect(operator.status.stable?.revision).toBe('bbb');
  });
});
