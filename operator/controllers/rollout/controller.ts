// SPDX-License-Identifier: Apache-2.0
import { resources } from '../../kube/resources.ts';
import { ROUTE_RESOURCES } from '../../providers/traffic/types.ts';
import type { Controller, WatchTarget } from '../../runtime/controller.ts';
import { type ControllerParts, createController } from '../../runtime/create-controller.ts';
import type { StoreEvent } from '../../runtime/store.ts';
import type { Lane } from '../../runtime/work-queue.ts';
import { type RolloutProjection, routeKey } from './rollout-projection.ts';
import { findRivals, rolloutStores } from './neighbours.ts';
import type { RolloutParts } from './parts.ts';
import type { DeploymentProjection } from './projections.ts';
import { reconcileRollout } from './reconcile.ts';
import type { RolloutStores } from './stores.ts';

/** The controller of a kind of release, and what wakes it: every object that one of it names or owns. */
export function createRolloutController(
  parts: RolloutParts,
  runtime: Omit<ControllerParts, 'name' | 'reconcile'>,
): Controller {
  const controller = createController({
    ...runtime,
    name: parts.kind.name,
    reconcile: (key, run) => reconcileRollout(parts, key, run),
  });
  const { kind, stores } = parts;
  const objects = stores[kind.resource];

  function named(index: string, value: string, wake: { lane?: Lane; reason: string }): WatchTarget[] {
    return objects.byIndex(index, value).map((rollout) => ({ key: keyOfRollout(rollout), ...wake }));
  }

  function rivalsOf(one: RolloutProjection): WatchTarget[] {
    const rivals = findRivals(one, stores).filter(([rival]) => rival.kind === kind.kind);
    return rivals.map(([rival]) => ({ key: keyOfRollout(rival), reason: 'rival' }));
  }

  controller.watch(objects, ({ key, value }, event) => [
    { key, lane: isAsked(event) ? 'rollback' : 'step', reason: kind.name },
    ...rivalsOf(value),
  ]);
  for (const others of rolloutStores(stores)) {
    if (others !== objects) controller.watch(others, ({ value }) => rivalsOf(value));
  }
  controller.watch(stores.deployments, ({ key, value }, event) => [
    ...named('overlapped', value.namespace, { reason: 'overlap' }),
    ...named('target', key, { lane: isOtherTemplate(event) ? 'rollback' : 'step', reason: 'target' }),
    ...(value.controllerUid ? named('uid', value.controllerUid, { lane: 'step', reason: 'revision' }) : []),
  ]);
  controller.watch(stores.configMaps, ({ key }) =>
    stores.deployments
      .byIndex('configMap', key)
      .flatMap(({ namespace, name, controllerUid }) =>
        controllerUid
          ? named('uid', controllerUid, { lane: 'step', reason: 'config' })
          : named('target', `${namespace}/${name}`, { lane: 'step', reason: 'config' }),
      ),
  );
  controller.watch(stores.services, ({ key }) => named('service', key, { lane: 'step', reason: 'service' }));
  controller.watch(stores.endpointSlices, ({ value }) =>
    named('service', `${value.namespace}/${value.service}`, { lane: 'step', reason: 'endpoints' }),
  );
  controller.watch(stores.pods, ({ value }) =>
    named('label', `${value.namespace}/${value.canary}`, { lane: 'status', reason: 'pod' }),
  );
  watchRoutes(controller, stores, named);
  controller.watch(stores.templates, ({ key }) =>
    named('template', key, { lane: 'step', reason: 'analysis template' }),
  );
  return controller;
}

/** Who is to be looked at again: those that an index of what they name finds. */
type Named = (index: string, value: string, wake: { lane?: Lane; reason: string }) => WatchTarget[];

function watchRoutes(controller: Controller, stores: RolloutStores, named: Named): void {
  for (const resource of ROUTE_RESOURCES) {
    const { kind } = resources[resource];
    controller.watch<RouteName>(stores[resource], ({ value: { namespace, name } }) =>
      named('route', routeKey(namespace, `${kind}/${name}`), { lane: 'step', reason: 'route' }),
    );
  }
  controller.watch(stores.destinationRules, ({ value: { namespace } }) =>
    named('routeKindHere', `${namespace}/VirtualService`, { lane: 'step', reason: 'destination rule' }),
  );
  controller.watch(stores.kinds, ({ key }) => named('routeKind', key, { lane: 'step', reason: 'kind' }));
}

interface RouteName {
  readonly namespace: string;
  readonly name: string;
}

/** Somebody wants something else: a verb or another spec may be the way back, and goes before our own follow-ups. */
function isAsked(event: StoreEvent<RolloutProjection>): boolean {
  return event.type === 'update' && event.entry.value.asked !== event.previous.value.asked;
}

/** So may another template. */
function isOtherTemplate(event: StoreEvent<DeploymentProjection>): boolean {
  return event.type === 'update' && event.entry.value.template !== event.previous.value.template;
}

function keyOfRollout({ namespace, name }: RolloutProjection): string {
  return `${namespace}/${name}`;
}
