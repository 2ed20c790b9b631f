// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { FakeOperator } from './fake-operator.ts';
import { releasing, said, shown } from './test-releases.ts';

/** The Service names the new revision, and the promotion is not over yet. */
function flipped(route: boolean): FakeOperator {
  return releasing({ route }).runUntil(
    ({ stage, pinned }) => stage === 'Promoting' && pinned?.selector === 'revision bbb',
  );
}

describe.each([{ route: true }, { route: false }])(
  'a canary that goes down in its promotion, route: $route',
  ({ route }) => {
    it.each([
      ['has lost its Deployment', (operator: FakeOperator) => operator.cluster.deleteRevision('web-bbb')],
      [
        'has no ready pod any more',
        ({ cluster }: FakeOperator) => cluster.losePods(cluster.revisions.get('web-bbb'), true),
      ],
    ])('because it %s gives all traffic back to stable, which has all of its pods', (what, go) => {
      const operator = flipped(route);
      operator.auditor.excused = true;
      operator.meanwhile(() => go(operator)).runFor(60_000);
      expect(shown(operator)).toBe('RolledBack: Ready=False CanaryDown, Stalled, RolledBack');
      expect(said(operator)).toContain(`2.0 ${what}`);
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 5 });
      expect(operator.cluster.route?.weight ?? 0).toBe(0);
    });
  },
);
