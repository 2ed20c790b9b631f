// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { revisionDeployment, revisionOf, surplusRevisions, wantedRevision } from './revisions.ts';
import type { RolloutWorld, RevisionFacts, TargetFacts } from './types.ts';

function revision(name: string, more: Partial<RevisionFacts> = {}): RevisionFacts {
  return {
    revision: name,
    deployment: `web-${name}`,
    uid: `uid-${name}`,
    createdAtMs: 0,
    template: `template ${name}`,
    replicas: 0,
    available: 0,
    pods: 0,
    current: true,
    members: [],
    ...more,
  };
}

function target(template: string, hash: string): TargetFacts {
  return { uid: 'uid-web', replicas: 0, template, hash, available: 0 };
}

function world(revisions: RevisionFacts[]): RolloutWorld {
  return { revisions, takenNames: [], rivals: [], overlaps: [], templates: {}, results: [] };
}

describe('the revision that a template belongs to', () => {
  const kept = [revision('aaa'), revision('bbb', { template: 'as changed by a webhook' })];

  it.each([
    ['an equal template, whatever its hash is by now', target('template aaa', 'new-hash'), 'aaa'],
    ['an equal hash where the stored copy was changed', target('template bbb', 'bbb'), 'bbb'],
    ['equality before the hash', target('template aaa', 'bbb'), 'aaa'],
  ])('is found by %s', (_how, facts, name) => {
    expect(revisionOf(facts, kept)?.revision).toBe(name);
    expect(wantedRevision(facts, kept)).toBe(name);
  });

  it('is a new one where nothing is equal', () => {
    expect(revisionOf(target('template ccc', 'ccc'), kept)).toBeUndefined();
    expect(wantedRevision(target('template ccc', 'ccc'), kept)).toBe('ccc');
  });
});

describe('surplusRevisions', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((name, age) => revision(name, { createdAtMs: age }));

  it('are those beyond the three newest that nobody uses, oldest first', () => {
    expect(surplusRevisions(world(five), []).map((old) => old.revision)).toEqual(['a', 'b']);
    expect(surplusRevisions(world(five), ['a']).map((old) => old.revision)).toEqual(['b']);
    expect(surplusRevisions(world(five), ['a', 'b', undefined])).toEqual([]);
  });

  it.each([{ pods: 1 }, { replicas: 1 }])('are never those with %p', (busy) => {
    const [oldest, ...others] = five;
    expect(
      surplusRevisions(world([{ ...revision('a'), ...oldest, ...busy }, ...others]), []).map(
        (old) => old.revision,
      ),
    ).toEqual(['b']);
  });
});

describe('revisionDeployment', () => {
  it('is the name and the hash', () => {
    expect(revisionDeployment('checkout', 'bcdfghjklm')).toBe('checkout-bcdfghjklm');
  });

  it('is cut and distinct where it would be too long', () => {
    const [one, other] = ['x'.repeat(100), `${'x'.repeat(99)}y`].map((name) =>
      revisionDeployment(name, 'bcdfghjklm'),
    );
    expect(one).toHaveLength(63);
    expect(one).toMatch(/^x+-[a-z0-9]{10}-bcdfghjklm$/);
    expect(other).not.toBe(one);
  });
});
