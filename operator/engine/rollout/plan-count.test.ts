// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { FakeCluster } from './fake-cluster.ts';
import { FakeOperator } from './fake-operator.ts';
import { adopted, atStep, changeSpec, deleteCanary, said, shown } from './test-releases.ts';

function starting(options: ConstructorParameters<typeof FakeCluster>[0] = {}): FakeOperator {
  return new FakeOperator(new FakeCluster(options));
}

const NUMBER_WRITES = (operator: FakeOperator): string[] =>
  operator.takeWrites().filter((write) => write.startsWith('replicas of the Canary'));

describe.each([{ route: true }, { route: false }])('replicas of a Canary, route: $route', ({ route }) => {
  it('that has none are written at the end of the adoption, so that autoscalers find a number', () => {
    const operator = starting({ route }).runUntil(({ stable }) => stable !== undefined);
    expect(operator.writes.at(-1)).toBe('replicas of the Canary: 5');
    expect(operator.cluster.canary.spec.replicas).toBe(5);
    operator.runUntilIdle();
    expect(NUMBER_WRITES(operator)).toEqual(['replicas of the Canary: 5']);
    expect(operator.status).toMatchObject({ specReplicas: 5, observedGeneration: 2 });
  });

  it('that says how many are never written', () => {
    const operator = starting({ route, spec: { replicas: 3 } }).runUntilIdle();
    expect(NUMBER_WRITES(operator)).toEqual([]);
    changeSpec(operator, { replicas: 7 }).runUntilIdle();
    expect(NUMBER_WRITES(operator)).toEqual([]);
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 7 });
  });

  it.each([
    ['at rest', (): FakeOperator => adopted({ route })],
    ['in a release', (): FakeOperator => atStep(1, { route })],
  ])('that are taken out %s stay in force, and are written again', (_when, begin) => {
    const operator = changeSpec(begin(), { replicas: 8 }).runFor(10_000);
    operator.takeWrites();
    changeSpec(operator, { replicas: undefined }).runUntilIdle();
    expect(NUMBER_WRITES(operator)).toEqual(['replicas of the Canary: 8']);
    expect(operator.cluster.canary.spec.replicas).toBe(8);
    expect(Object.values(operator.cluster.service?.endpoints ?? {})).toEqual([8]);
  });

  it('are not written while something has to be mended, nor while it is suspended', () => {
    const operator = adopted({ route });
    changeSpec(operator, { replicas: undefined, suspend: true }).runFor(60_000);
    expect(operator.takeWrites()).toEqual([]);
    operator.meanwhile((cluster) => void (cluster.target = undefined));
    changeSpec(operator, { suspend: false }).runFor(60_000);
    expect(operator.takeWrites()).toEqual([]);
  });

  it('follow the Deployment as long as its own pods serve, because an autoscaler may still move it', () => {
    const operator = starting({ route });
    operator.step();
    operator.meanwhile((cluster) => cluster.scale(cluster.target, 9, 'kube-controller-manager'));
    operator.runUntilIdle();
    expect(operator.cluster.canary.spec.replicas).toBe(9);
    expect(operator.cluster.service?.endpoints).toEqual({ aaa: 9 });
  });

  it('are given back to the Deployment when the Canary goes', () => {
    const operator = changeSpec(adopted({ route }), { replicas: 8 }).runUntilIdle();
    deleteCanary(operator).runUntilIdle();
    expect(operator.cluster.target?.replicas).toBe(8);
  });
});

describe.each([{ route: true }, { route: false }])(
  'a Deployment at 0 replicas, route: $route',
  ({ route }) => {
    it('is not adopted, for it does not say how many pods there shall be', () => {
      const operator = starting({ route, replicas: 0 }).runUntilIdle();
      expect(operator.takeWrites()).toEqual([]);
      expect(shown(operator)).toBe('Holding: Ready=False ScaledToZero, Reconciling');
      expect(said(operator)).toBe(
        'Deployment web has 0 replicas, so it does not say how many pods there shall be; scale it up, or set spec.replicas of the Canary',
      );
    });

    it('is adopted when somebody scales it up', () => {
      const operator = fromNothing(route).runUntilIdle();
      operator.meanwhile((cluster) => cluster.scale(cluster.target, 3, 'kubectl')).runUntilIdle();
      expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 3 });
      expect(operator.cluster.canary.spec.replicas).toBe(3);
    });

    it('is adopted as soon as the Canary says how many', () => {
      const operator = changeSpec(fromNothing(route), { replicas: 2 }).runUntilIdle();
      expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
      expect(operator.cluster.service?.endpoints).toEqual({ aaa: 2 });
    });

    it('is adopted without pods where the Canary says 0', () => {
      const operator = starting({ route, replicas: 0, spec: { replicas: 0 } }).runUntilIdle();
      expect(operator.takeWrites()).toEqual(['create web-aaa with 0', 'checkout -> revision aaa']);
      expect(shown(operator)).toBe('Healthy: Ready=True Succeeded, Promoted');
    });
  },
);

/** Nobody answers in the beginning, and that is nobody's fault. */
function fromNothing(route: boolean): FakeOperator {
  const operator = starting({ route, replicas: 0 });
  operator.auditor.excused = true;
  return operator;
}
