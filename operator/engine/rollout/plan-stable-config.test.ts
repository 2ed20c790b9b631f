// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { FakeCluster } from './fake-cluster.ts';
import type { FakeTemplate } from './fake-deployment.ts';
import { FakeOperator } from './fake-operator.ts';
import type { FakeRouteKind } from './fake-route.ts';
import { ask, said, shown } from './test-releases.ts';

const V1: FakeTemplate = { hash: 'one', version: '1.0', config: ['app'] };
const V2: FakeTemplate = { ...V1, hash: 'two', version: '2.0' };
const V3: FakeTemplate = { ...V1, hash: 'three', version: '3.0' };

/** A release at 50%, and somebody has deleted the ConfigMap that new pods of stable read from. */
function lost(route: FakeRouteKind): { operator: FakeOperator; stable: string; copy: () => void } {
  const cluster = new FakeCluster({ route, spec: { steps: [{ setWeight: 50 }, { pause: {} }] } });
  cluster.configMaps.set('app', 'a1');
  cluster.setTemplate(V1);
  const operator = new FakeOperator(cluster).runUntilIdle();
  const stable = operator.status.stable?.revision ?? '';
  operator.meanwhile((seen) => seen.setTemplate(V2)).runUntil(({ pause }) => pause !== undefined);
  operator.runFor(30_000);
  const copies = cluster.revisions.get(`web-${stable}`)?.copies;
  copies?.delete('app');
  operator.auditor.excused = true;
  return { operator, stable, copy: () => void copies?.set('app', 'a1') };
}

describe('a way back to pods that cannot start', () => {
  it('says why, and traffic stays with those that answer', () => {
    const { operator, stable } = lost(false);
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runFor(600_000);
    expect(shown(operator)).toBe('RollingBack: Ready=False RollingBack, Reconciling');
    const pods = `3 ready stable pods (ConfigMap app-${stable} is gone) to take the traffic back`;
    expect(said(operator)).toBe(
      `waited 1m for ${pods} at 0%; taking all traffic back to 1.0; waits for ${pods}`,
    );
    const endpoints = Object.values(operator.cluster.service?.endpoints ?? {});
    expect(endpoints.filter((count) => count > 0)).toEqual([2, 3]);
  });

  it('goes on when they can', () => {
    const { operator, stable, copy } = lost(false);
    operator.meanwhile((cluster) => cluster.setTemplate(V3)).runFor(600_000);
    copy();
    operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get(`web-${stable}`), false));
    operator.runUntilIdle();
    expect(shown(operator)).toBe('RolledBack: Ready=False DeadlineExceeded, Stalled, RolledBack');
    expect(operator.cluster.service?.endpoints).toEqual({ [stable]: 5 });
  });

  it.each([true, false])('says why where there is none of them left (route: %p)', (route) => {
    const { operator, stable } = lost(route);
    operator.meanwhile((cluster) => cluster.losePods(cluster.revisions.get(`web-${stable}`), false));
    ask(operator, 'abort').runFor(600_000);
    expect(shown(operator)).toBe('Holding: Ready=False NoStableEndpoints, Stalled');
    expect(said(operator)).toBe(
      route
        ? `Service checkout has no ready pod (ConfigMap app-${stable} is gone) to take the traffic back; weight held at 50%`
        : `revision ${stable} has no ready pod (ConfigMap app-${stable} is gone) to take the traffic back; traffic held where it is`,
    );
  });
});
