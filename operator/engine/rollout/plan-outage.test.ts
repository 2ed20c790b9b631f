// SPDX-License-Identifier: Apache-2.0
// What is not concluded from time in which nobody saw the cluster, or from a clock that was set.
import { describe, expect, it } from '@jest/globals';
import { toIso } from '../time.ts';
import { BROKEN } from './fake-cluster.ts';
import type { FakeOperator } from './fake-operator.ts';
import { adopted, ask, atStep, deleteCanary, releasing, said } from './test-releases.ts';

const modes = [{ route: true }, { route: false }];
const OUTAGE_MS = 300_000;

describe.each(modes)('an API server that is away, route: $route', ({ route }) => {
  it('counts against no progressDeadline: the wait for pods has the whole of it again', () => {
    const operator = releasing({ route }, BROKEN).runFor(50_000);
    operator.restart(OUTAGE_MS);
    operator.runFor(59_000);
    expect(operator.status.stage).toBe('Stepping');
    expect(said(operator)).toBe('step 1/4, 20% on 2.1; waits for 1 ready canary pod (ImagePullBackOff)');
    operator.runFor(2_000);
    expect(operator.status.stage).toBe('RolledBack');
  });

  it('cuts no pause short and makes none longer', () => {
    const operator = atStep(1, { route });
    operator.restart(4_000);
    operator.runFor(5_000);
    expect(operator.status.step?.index).toBe(1);
    operator.runFor(1_500);
    expect(operator.status.step?.index).toBe(2);
  });

  it('does not pass for time in which traffic could drain', () => {
    const operator = releasing({ route }).runUntil(
      ({ pinned, weight }) => pinned?.selector === 'revision bbb' && weight?.route === 0,
    );
    operator.takeWrites();
    operator.restart(OUTAGE_MS);
    operator.runFor(4_900);
    expect(operator.takeWrites().filter((line) => line.endsWith(' to 0'))).toEqual([]);
    operator.runUntilIdle();
    expect(operator.takeWrites()).toContain('scale web-aaa to 0');
  });

  it('has nobody drained before the last router is back, some time after it', () => {
    const operator = releasing({ route }).runUntil(
      ({ pinned, weight }) => pinned?.selector === 'revision bbb' && weight?.route === 0,
    );
    operator.takeWrites();
    operator.restart(15_000, { othersLaterMs: 30_000 });
    operator.runFor(34_900);
    expect(operator.takeWrites().filter((line) => line.endsWith(' to 0'))).toEqual([]);
    operator.runUntilIdle();
    expect(operator.takeWrites()).toContain('scale web-aaa to 0');
  });

  it('holds up no way back, whoever is late', () => {
    const operator = atStep(1, { route });
    operator.restart(15_000, { othersLaterMs: 30_000 });
    const askedMs = operator.cluster.now;
    ask(operator, 'abort').runUntil(({ stage, weight }) => stage !== 'Stepping' && weight?.desired === 0);
    expect(operator.takeWrites()).toContain(route ? 'weight 0' : 'checkout -> revision aaa');
    expect(operator.cluster.now - askedMs).toBeLessThan(100);
  });

  it('writes nothing at rest when it is back', () => {
    const operator = adopted({ route });
    operator.restart(OUTAGE_MS);
    expect(operator.reconcile()).toMatchObject({ wrote: 0, plan: { actions: [] } });
  });

  it('is not told to who only waits for a person', () => {
    const steps = [{ setWeight: 20 }, { pause: {} }];
    const operator = atStep(1, { route, spec: { steps } }).runUntil(({ pause }) => pause !== undefined);
    operator.runFor(10_000);
    operator.restart(OUTAGE_MS);
    expect(operator.reconcile()).toMatchObject({ wrote: 0, plan: { actions: [] } });
  });

  it('lets missing metrics have the whole noDataDeadline again', () => {
    const checks = [{ name: 'errors', provider: 'prometheus', query: 'errors', max: 1, interval: '2s' }];
    const spec = { analysis: { checks }, onNoData: 'Rollback', noDataDeadline: '1m' };
    const operator = atStep(1, { route, spec });
    operator.metrics = () => 'timeout';
    operator.runFor(30_000);
    operator.restart(OUTAGE_MS);
    operator.runFor(55_000);
    expect(operator.status.stage).toBe('Stepping');
    operator.runFor(10_000);
    expect(operator.status.failure?.reason).toBe('MetricsMissing');
  });
});

describe('an API server that is away by route', () => {
  it('tells no route of a new weight: it settles when the API server is back', () => {
    const operator = releasing().runUntil(({ weight }) => weight?.route === 20);
    operator.restart(OUTAGE_MS);
    expect(operator.reconcile().plan.status.message).toBe(
      'step 1/4, 20% on 2.0; waits for the route to follow',
    );
    operator.runFor(1_900);
    expect(operator.status.weight?.observed).toBe(0);
    operator.runFor(200);
    expect(operator.status.weight?.observed).toBe(20);
  });

  it('lets the route of a deleted Canary settle and its pods drain when it is back', () => {
    const operator = deleteCanary(atStep(3)).runUntil(
      ({ pinned }) => pinned?.selector.startsWith('replica set ') === true,
    );
    operator.takeWrites();
    operator.restart(OUTAGE_MS);
    operator.runFor(4_900);
    expect(operator.takeWrites()).toEqual([]);
    operator.runUntilIdle();
    expect(operator.isGone).toBe(true);
  });
});

/** The clock of the next process is set by `ms`, as if the one before had been wrong. */
function setClock(operator: FakeOperator, ms: number): void {
  const { canary: rollout } = operator.cluster;
  const text = JSON.stringify(rollout.status);
  const times = text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => toIso(Date.parse(time) - ms));
  operator.cluster.canary = { ...rollout, status: JSON.parse(times) };
  operator.restart(0);
}

describe.each(modes)(
  'a clock that is set back two hours between two processes, route: $route',
  ({ route }) => {
    it('makes a pause begin anew, not last two hours', () => {
      const operator = atStep(1, { route }).runFor(5_000);
      setClock(operator, -7_200_000);
      operator.runFor(9_900);
      expect(operator.status.step?.index).toBe(1);
      operator.runFor(200);
      expect(operator.status.step?.index).toBe(2);
    });

    it('gives a wait its deadline anew, not two hours', () => {
      const operator = releasing({ route }, BROKEN).runFor(30_000);
      setClock(operator, -7_200_000);
      operator.runFor(59_900);
      expect(operator.status.stage).toBe('Stepping');
      operator.runFor(1_000);
      expect(operator.status.stage).toBe('RolledBack');
    });

    it('ends a release in its own time', () => {
      const operator = atStep(3, { route });
      setClock(operator, -7_200_000);
      operator.runFor(60_000);
      expect(operator.status).toMatchObject({ stage: 'Idle', stable: { revision: 'bbb' } });
    });
  },
);
