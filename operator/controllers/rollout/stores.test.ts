// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { ROUTER_NAMES, type RouterName } from '../../api/traffic.ts';
import type { KubeClient } from '../../kube/client.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLog } from '../../runtime/log.ts';
import { createRolloutStores } from './stores.ts';

/** What is listed and watched where these routers are served. */
function watchedBy(routers: readonly RouterName[] | undefined): string[] {
  const parts = { client: {} as KubeClient, clock: systemClock, log: silentLog, routers };
  return createRolloutStores(parts).sources.map(({ name }) => name);
}

const ALWAYS = watchedBy([]);

describe('createRolloutStores', () => {
  it('needs these whatever is served', () => {
    expect(ALWAYS.toSorted()).toEqual([
      'analysistemplates',
      'bluegreens',
      'canaries',
      'configmaps',
      'deployments',
      'endpointslices',
      'metricsproviders',
      'pods',
      'services',
    ]);
  });

  it.each<[RouterName, string[]]>([
    ['ingress', ['ingresses']],
    ['alb', ['ingresses']],
    ['gateway', ['httproutes', 'grpcroutes']],
    ['traefik', ['traefikservices']],
    ['istio', ['virtualservices', 'destinationrules']],
  ])('watches for %s no more than %j besides', (router, more) => {
    expect(watchedBy([router]).toSorted()).toEqual([...ALWAYS, ...more].toSorted());
  });

  it('watches all of them where nothing is said', () => {
    expect(watchedBy(undefined)).toEqual(watchedBy(ROUTER_NAMES));
    expect(watchedBy(undefined)).toHaveLength(ALWAYS.length + 6);
  });
});
