// SPDX-License-Identifier: Apache-2.0
import type { RolloutKind } from '../../engine/rollout/rollout.ts';
import { AnalysisTemplateSpec } from '../../api/analysis.ts';
import { MetricsProviderSpec } from '../../api/metrics-provider.ts';
import type { RouterName } from '../../api/traffic.ts';
import type { z } from 'zod';
import { Labels } from '../../api/group.ts';
import { describeSpecErrors } from '../../api/spec-errors.ts';
import type { KubeClient, MetadataOption, Selection } from '../../kube/client.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { type Resource, resources } from '../../kube/resources.ts';
import { projectRoute } from '../../providers/traffic/gateway/schema.ts';
import { projectIngress } from '../../providers/traffic/ingress/schema.ts';
import { projectDestinationRule, projectVirtualService } from '../../providers/traffic/istio/schema.ts';
import { type RouteResource, ROUTERS_OF } from '../../providers/traffic/types.ts';
import { projectTraefikService } from '../../providers/traffic/traefik/schema.ts';
import type { Clock } from '../../runtime/clock.ts';
import { createStore } from '../../runtime/create-store.ts';
import { listWatchOf } from '../../runtime/list-watch.ts';
import type { Log } from '../../runtime/log.ts';
import type { Source } from '../../runtime/manager.ts';
import { createKindRegister } from '../../runtime/kind-register.ts';
import { createReflector, type ReflectorMetrics } from '../../runtime/reflector.ts';
import type { OnServed } from '../../runtime/served.ts';
import type { IndexFunction, Store, StoreSink } from '../../runtime/store.ts';
import { type RolloutProjection, rolloutIndexes, projectRollout } from './rollout-projection.ts';
import { projectPod } from './pod-projection.ts';
import { type DeploymentProjection, projectDeployment } from './projections.ts';
import type { RouteStores } from './routers/stores.ts';
import type { RolloutResource } from './served-kind.ts';
import { projectEndpointSlice, projectService } from './service-projection.ts';

/** What a spec of a supporting kind came to: itself, or all that is wrong with it. */
export interface Parsed<T> {
  readonly name: string;
  readonly namespace: string;
  readonly spec?: T;
  readonly problem?: string;
}

/** Everything that the controllers of releases read, kept up to date by watches. */
export interface RolloutStores extends RouteStores {
  readonly canaries: Store<RolloutProjection>;
  readonly blueGreens: Store<RolloutProjection>;
  readonly deployments: Store<ReturnType<typeof projectDeployment>>;
  readonly endpointSlices: Store<ReturnType<typeof projectEndpointSlice>>;
  readonly pods: Store<ReturnType<typeof projectPod>>;
  /** Their metadata alone: that a ConfigMap is there, and which version of it. */
  readonly configMaps: Store<object>;
  readonly templates: Store<Parsed<AnalysisTemplateSpec>>;
  readonly providers: Store<Parsed<MetricsProviderSpec>>;
}

export interface StoresParts {
  /** The kinds of release that are watched; the stores of the others stay empty. Absent: all. */
  readonly kinds?: readonly RolloutResource[] | undefined;
  readonly client: KubeClient;
  readonly log: Log;
  readonly clock: Clock;
  /** Only this namespace; absent: all. */
  readonly namespace?: string | undefined;
  /** The routers that are served; the stores of what only others read stay empty. Absent: all. */
  readonly routers?: readonly RouterName[] | undefined;
  readonly metrics?: ReflectorMetrics | undefined;
}

type Keep = <T>(
  resource: Resource,
  project: (object: KubeObject, before?: T) => T,
  more?: Kept<T>,
) => Store<T>;

/** Makes a store, and puts the source that fills it among the sources. */
function createKeep(parts: StoresParts, sources: Source[]): Keep {
  return function keep<T>(
    resource: Resource,
    project: (object: KubeObject, before?: T) => T,
    more: Kept<T> = {},
  ): Store<T> {
    const store: Store<T> & StoreSink = createStore<T>({
      name: resource.plural,
      project,
      indexes: more.indexes ?? {},
      onError: (where, key, error) =>
        parts.log.error(
          { resource: resource.plural, object: key, where, err: error },
          'an object cannot be read; its last state is kept',
        ),
    });
    if (more.isWatched === false) return store;
    const namespace = resource.namespaced ? parts.namespace : undefined;
    const source = listWatchOf(parts.client, resource, { namespace, ...more.selection });
    sources.push(
      createReflector({
        name: resource.plural,
        source,
        sink: store,
        clock: parts.clock,
        log: parts.log,
        metrics: parts.metrics,
        onServed: more.onServed,
      }),
    );
    return store;
  };
}

/** The stores and the sources that fill them. */
export function createRolloutStores(parts: StoresParts): { stores: RolloutStores; sources: Source[] } {
  const sources: Source[] = [];
  const keep = createKeep(parts, sources);
  const register = createKindRegister((kind, error) =>
    parts.log.error({ kind, err: error }, 'a listener could not take in that a kind has come or gone'),
  );

  function isRouted(key: RouteResource): boolean {
    return parts.routers === undefined || ROUTERS_OF[key].some((router) => parts.routers?.includes(router));
  }

  /** For kinds that CRDs of others bring, which may come and go. */
  function keepIfServed<T>(key: RouteResource, project: (object: KubeObject) => T): Store<T> {
    const resource = resources[key];
    return keep(resource, project, {
      isWatched: isRouted(key),
      onServed: (isServed) => register.note(resource.kind, isServed),
    });
  }

  function keepRollouts(key: RolloutResource): Store<RolloutProjection> {
    const kind = ROLLOUT_KINDS[key];
    return keep(resources[key], (object) => projectRollout(kind, object), {
      indexes: rolloutIndexes,
      isWatched: parts.kinds?.includes(key) ?? true,
    });
  }

  const stores: RolloutStores = {
    canaries: keepRollouts('canaries'),
    blueGreens: keepRollouts('blueGreens'),
    deployments: keep(resources.deployments, projectDeployment, { indexes: deploymentIndexes }),
    services: keep(resources.services, projectService),
    endpointSlices: keep(resources.endpointSlices, projectEndpointSlice, {
      indexes: { service: ({ namespace, service }) => [`${namespace}/${service}`] },
    }),
    pods: keep(resources.pods, projectPod, {
      selection: { labelSelector: Labels.canary },
      indexes: { revision: ({ namespace, canary, revision }) => [`${namespace}/${canary}/${revision}`] },
    }),
    ingresses: keep(resources.ingresses, projectIngress, { isWatched: isRouted('ingresses') }),
    httpRoutes: keepIfServed('httpRoutes', projectRoute),
    grpcRoutes: keepIfServed('grpcRoutes', projectRoute),
    traefikServices: keepIfServed('traefikServices', projectTraefikService),
    virtualServices: keepIfServed('virtualServices', projectVirtualService),
    destinationRules: keepIfServed('destinationRules', projectDestinationRule),
    kinds: register.kinds,
    configMaps: keep(resources.configMaps, () => NOTHING, { selection: { metadataOnly: true } }),
    templates: keep(resources.analysisTemplates, (object) => parse(object, AnalysisTemplateSpec)),
    providers: keep(resources.metricsProviders, (object) => parse(object, MetricsProviderSpec)),
  };
  return { stores, sources };
}

const NOTHING = Object.freeze({});

const ROLLOUT_KINDS: Readonly<Record<RolloutResource, RolloutKind>> = {
  canaries: 'Canary',
  blueGreens: 'BlueGreen',
};

const deploymentIndexes: Readonly<Record<string, IndexFunction<DeploymentProjection>>> = {
  controller: ({ controllerUid }) => (controllerUid ? [controllerUid] : []),
  configMap: ({ namespace, config, copies }) =>
    [...config, ...copies.map(({ kind, copy }) => ({ kind, name: copy }))]
      .filter(({ kind }) => kind === 'ConfigMap')
      .map(({ name }) => `${namespace}/${name}`),
};

interface Kept<T> {
  /** By default it is. */
  readonly isWatched?: boolean;
  readonly indexes?: Readonly<Record<string, IndexFunction<T>>>;
  readonly selection?: Selection & MetadataOption;
  /** Told whether the API server serves the resource; absent: it must. */
  readonly onServed?: OnServed;
}

function parse<T>(object: KubeObject, schema: z.ZodType<T>): Parsed<T> {
  const { name = '', namespace = '' } = object.metadata;
  const { data, error } = schema.safeParse(object['spec']);
  if (!error) return { name, namespace, spec: data };
  return { name, namespace, problem: describeSpecErrors(error, object['spec']).join('; ') };
}
