// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import type { Json } from '../api/json.ts';
import { specified, specOf } from '../cluster/objects.ts';
import { withWeights } from '../cluster/actions.ts';
import { listOf } from '../cluster/http-routes.ts';
import { CANARY_SERVICE, HTTP_ROUTE, INGRESS, OWN_ROUTE, SERVICE } from '../cluster/names.ts';
import { WEIGHTED } from '../cluster/weighted-routes.ts';
import type { World } from '../world.ts';
import type { ActKind } from './acts.ts';
import { routesOf } from './objects.ts';

const WEIGHT = 'nginx.ingress.kubernetes.io/canary-weight';

/** What others do who write to the same objects, and what happens to pods. */
export const RIVALS: Readonly<Record<string, ActKind>> = {
  'rival-weight': {
    share: 4,
    excusesMs: 60_000,
    draw: (random) => random.pick([0, 33, 100]),
    perform: (world, weight) => overwriteWeight(world, Number(weight)),
  },
  'rival-selector': {
    share: 4,
    excusesMs: 90_000,
    draw: (random) => random.pick(['user', 'canary', 'nothing']),
    perform: (world, what) =>
      world.change('rival', resources.services, SERVICE, (object) =>
        specified(object, selectorFor(world, String(what))),
      ),
  },
  'rival-revision': {
    share: 4,
    excusesMs: 90_000,
    draw: (random) => random.pick(['stable 0', 'stable 1', 'canary 0', 'canary 9']),
    perform(world, what) {
      const [side = '', replicas] = String(what).split(' ');
      const name = deploymentOf(world, side);
      if (name)
        world.change('rival', resources.deployments, name, (o) =>
          specified(o, { replicas: Number(replicas) }),
        );
    },
  },
  'rival-target': {
    share: 3,
    draw: (random) => random.int(0, 4),
    perform(world, replicas) {
      // before the adoption, and in a deletion, its pods are all there is
      if (!world.status?.stable || world.rollout?.metadata.deletionTimestamp) world.auditor.excuse(60_000);
      world.change('rival', resources.deployments, 'web', (o) => specified(o, { replicas }));
    },
  },
  'rival-deletes': {
    share: 5,
    excusesMs: 120_000,
    draw: (random) => random.pick(['stable', 'canary', 'canary service', 'canary route', 'target']),
    perform(world, what) {
      if (what === 'canary service') world.remove('rival', resources.services, CANARY_SERVICE);
      else if (what === 'canary route') {
        world.remove('rival', resources.ingresses, `${INGRESS}-canary`);
        world.remove('rival', resources.httpRoutes, OWN_ROUTE);
      } else if (what === 'target') replaceTarget(world);
      else {
        const name = deploymentOf(world, String(what));
        if (name) world.remove('rival', resources.deployments, name);
      }
    },
  },
  'rival-status': {
    share: 2,
    excusesMs: 120_000,
    draw: () => '',
    perform: (world) => world.change('rival', world.resource, 'web', ({ status: _status, ...kept }) => kept),
  },
  'route-goes': {
    share: 2,
    excusesMs: 60_000,
    draw: (random) => random.int(2000, 30_000),
    perform(world, ms) {
      for (const { resource, object } of routesOf(world.story.setup)) {
        const { name = '' } = object.metadata;
        if (!world.get(resource, name)) continue;
        world.remove('rival', resource, name);
        world.timeline.after(Number(ms), () => {
          if (!world.get(resource, name)) world.create(resource, object);
        });
      }
    },
  },
  'route-edited': {
    share: 2,
    draw: (random) => random.pick(['20s', '30s']),
    perform(world, request) {
      const name = world.get(resources.httpRoutes, HTTP_ROUTE) ? HTTP_ROUTE : OWN_ROUTE;
      changeRules(world, name, (rule) => ({ ...rule, timeouts: { request } }));
    },
  },
  'pods-crash': {
    share: 4,
    excusesMs: 60_000,
    draw: (random) => random.pick(['stable', 'canary', 'one']),
    perform(world, side) {
      const revision = side === 'stable' ? world.status?.stable?.revision : world.status?.canary?.revision;
      const serving = [...world.pods.all.values()].filter((pod) => pod.isServing && !pod.isEnding);
      const hit = side === 'one' ? serving.slice(0, 1) : serving.filter((pod) => pod.revision === revision);
      for (const pod of hit) world.pods.crash(pod);
    },
  },
  'pods-deleted': {
    share: 2,
    excusesMs: 60_000,
    draw: (random) => random.pick(['all', 'one']),
    perform(world, which) {
      const names = [...world.pods.all.keys()].slice(0, which === 'one' ? 1 : undefined);
      for (const name of names) world.remove('rival', resources.pods, name);
    },
  },
};

function overwriteWeight(world: World, weight: number): void {
  const { router } = world.story.setup;
  if (router === 'alb') {
    return world.change('rival', resources.ingresses, INGRESS, (object) =>
      withWeights(object, { [SERVICE]: 100 - weight, [CANARY_SERVICE]: weight }),
    );
  }
  const weighted = WEIGHTED[router];
  if (weighted) {
    const make = (ref: Json): Json => (ref['name'] === CANARY_SERVICE ? { ...ref, weight } : ref);
    return world.change('rival', weighted.resource, weighted.name, (route) =>
      weighted.withBackends(route, make),
    );
  }
  world.change('rival', resources.ingresses, `${INGRESS}-canary`, (object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      annotations: { ...object.metadata.annotations, [WEIGHT]: String(weight) },
    },
  }));
}

function changeRules(world: World, name: string, make: (rule: Json) => Json): void {
  world.change('rival', resources.httpRoutes, name, (route) =>
    specified(route, { rules: listOf(specOf(route)['rules']).map(make) }),
  );
}

function deploymentOf(world: World, side: string): string | undefined {
  const { stable, canary } = world.status ?? {};
  const revision = (side === 'stable' ? stable : canary)?.revision;
  return revision && `web-${revision}`;
}

export function selectorFor(world: World, what: string): Record<string, unknown> {
  if (what === 'user') return { selector: { app: 'web' } };
  const { stable, canary } = world.status ?? {};
  const revision = { stable, canary }[what]?.revision ?? 'none';
  return { selector: { app: 'web', 'headway.dev/revision': revision } };
}

/** Deleted and made anew under the same name, as kubectl replace --force does it. */
function replaceTarget(world: World): void {
  const held = world.get(resources.deployments, 'web');
  if (!held) return;
  world.remove('rival', resources.deployments, 'web');
  const { apiVersion, kind, metadata } = held;
  const made = {
    apiVersion,
    kind,
    metadata: { namespace: metadata.namespace, name: 'web', labels: metadata.labels ?? {} },
    spec: held['spec'],
  };
  world.timeline.after(3000, () => {
    if (!world.get(resources.deployments, 'web')) world.create(resources.deployments, made as KubeObject);
  });
}
