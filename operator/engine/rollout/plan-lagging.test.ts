// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { V2, V3 } from './fake-cluster.ts';
import type { FakeOperator } from './fake-operator.ts';
import { adopted, ask, deleteCanary, releasing } from './test-releases.ts';

/** Moments at which what is written and what serves are furthest apart; the auditor of the model looks at each write. */

const PODS_FIRST = { steps: [{ replicas: 1 }, { setWeight: 25 }, { pause: { duration: '10s' } }] };

function carrying(options: Parameters<typeof releasing>[0]): FakeOperator {
  return releasing(options).runUntil(({ weight }) => (weight?.observed ?? 0) > 0);
}

describe.each([{ route: true }, { route: false }])(
  'a canary that is replaced, route: $route',
  ({ route }) => {
    it('leaves before the new one comes, also where the first step is pods alone', () => {
      const operator = carrying({ route, spec: PODS_FIRST });
      operator.meanwhile((cluster) => cluster.setTemplate(V3)).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('ccc');
    });

    it('leaves before the new one comes, also where that is promoted at once', () => {
      const operator = carrying({ route });
      operator.meanwhile((cluster) => cluster.setTemplate(V3));
      operator.runUntil(({ canary }) => canary?.revision === 'ccc');
      ask(operator, 'promote-full').runUntilIdle();
      expect(operator.status.stable?.revision).toBe('ccc');
    });
  },
);

describe.each([{ route: true }, { route: false }])(
  'EndpointSlices that take 20 s, route: $route',
  ({ route }) => {
    it('keep the old revision until they and the data plane have followed', () => {
      const operator = adopted({ route });
      operator.cluster.endpointsLagMs = 20_000;
      operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
      expect(operator.status.stable?.revision).toBe('bbb');
      const { since, followedSince } = operator.status.pinned ?? {};
      expect(Date.parse(followedSince ?? '')).toBeGreaterThan(Date.parse(since ?? ''));
    });

    it('keep the revisions at a deletion, too', () => {
      const operator = adopted({ route });
      operator.cluster.endpointsLagMs = 20_000;
      deleteCanary(operator).runUntilIdle();
      expect(operator.isGone).toBe(true);
    });
  },
);

it('nothing of ours ends while the Service of old, named again, may still find it', () => {
  const operator = adopted({ route: false });
  deleteCanary(operator).runUntil(() => operator.cluster.service?.pin.kind === 'replica-set');
  operator.cluster.endpointsLagMs = 2000;
  operator.meanwhile((cluster) => cluster.setTemplate(V2)).runUntilIdle();
  expect(operator.isGone).toBe(true);
});
