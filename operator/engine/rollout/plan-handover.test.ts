// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { BROKEN, FakeCluster, V2, V3 } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import { atStep, deleteCanary } from './test-releases.ts';

describe('a newer template in the middle of a release', () => {
  it('by route gives the replaced canary nothing at all, not less', () => {
    const operator = atStep(3);
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
    const weights = operator.takeWrites().filter((write) => write.startsWith('weight '));
    expect(weights).toEqual(['weight 0', 'weight 20', 'weight 50', 'weight 100', 'weight 0']);
    expect(operator.status.stable?.revision).toBe('ccc');
  });

  it('by ratio has no pods before the Service names stable alone', () => {
    const operator = atStep(3, { route: false });
    operator.takeWrites();
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
    const writes = operator.takeWrites();
    const pinned = writes.indexOf('checkout -> revision aaa');
    const first = writes.findIndex((write) => /^(create|scale) web-ccc (with|to) [1-9]/.test(write));
    expect(pinned).toBeGreaterThanOrEqual(0);
    expect(first).toBeGreaterThan(pinned);
    expect(operator.status.stable?.revision).toBe('ccc');
  });
});

describe('a deletion before the adoption is over', () => {
  it.each([{ route: true }, { route: false }])(
    'waits for nobody when no revision serves, route: $route',
    ({ route }) => {
      const operator = new FakeOperator(new FakeCluster({ route }));
      operator.cluster.setTemplate(BROKEN);
      operator.runFor(10_000);
      expect(operator.takeWrites()).toEqual(['create web-bad with 5']);
      deleteCanary(operator).runUntilIdle();
      expect(operator.takeWrites()).toEqual(['scale web-bad to 0']);
      expect(operator.cluster.service?.pin).toEqual({ kind: 'none' });
      expect(operator.cluster.target?.replicas).toBe(5);
    },
  );

  it('takes the Service back to the Deployment first when a revision serves', () => {
    const operator = new FakeOperator(new FakeCluster());
    operator.runUntil(({ pinned }) => pinned?.selector === 'revision aaa');
    operator.takeWrites();
    deleteCanary(operator).runUntilIdle();
    expect(operator.takeWrites()).toEqual([
      'checkout -> replica set aaa',
      'scale web-aaa to 0',
      'checkout -> none',
    ]);
  });

  it('of a template that came meanwhile still gives everything back', () => {
    const operator = new FakeOperator(new FakeCluster());
    operator.runUntil(({ pinned }) => pinned?.selector === 'revision aaa');
    operator.meanwhile((cluster) => cluster.setTemplate(V2));
    deleteCanary(operator).runUntilIdle();
    expect(operator.cluster.service?.pin).toEqual({ kind: 'none' });
    expect(operator.cluster.target?.replicas).toBe(5);
  });
});
