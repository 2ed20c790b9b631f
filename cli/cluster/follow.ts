// SPDX-License-Identifier: Apache-2.0
import { isForbidden } from '../../operator/kube/errors.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { type Resource, resources } from '../../operator/kube/resources.ts';
import type { Clock } from '../../operator/runtime/clock.ts';
import { createStore } from '../../operator/runtime/create-store.ts';
import { listWatchOf } from '../../operator/runtime/list-watch.ts';
import type { Log } from '../../operator/runtime/log.ts';
import { createReflector, type Reflector } from '../../operator/runtime/reflector.ts';
import type { Store } from '../../operator/runtime/store.ts';
import type { Target } from '../target.ts';
import { countPods, type PodsView } from '../view/pod-facts.ts';
import type { Cluster } from './connect.ts';
import { PODS_FORBIDDEN, podSelector } from './read.ts';
import { describeTrouble } from './trouble.ts';

/** An object as the API server last told it, and how well it is heard. */
export interface Following {
  /** Undefined: it is not there. */
  object(): KubeObject | undefined;
  /** The first list is here. */
  hasSynced(): boolean;
  pods(): PodsView | undefined;
  /** Why nothing new is heard; undefined while all is well. */
  trouble(): string | undefined;
  stop(): Promise<void>;
}

export interface FollowOptions {
  readonly clock: Clock;
  /** Called whenever one of the answers may be another one. */
  readonly onChange: () => void;
  readonly withPods: boolean;
}

/** Follows an object, and its pods, over restarts of the API server, until it is stopped. */
export function follow(cluster: Cluster, target: Target, options: FollowOptions): Following {
  const { namespace } = cluster;
  const fieldSelector = `metadata.name=${target.name}`;
  const object = reflect(cluster, target.kind.resource, { namespace, fieldSelector }, options);
  const pods = options.withPods
    ? reflect(cluster, resources.pods, { namespace, labelSelector: podSelector(target.name) }, options)
    : undefined;
  const all = [object, ...(pods ? [pods] : [])];
  for (const { reflector } of all) reflector.start();
  return {
    object: () => object.store.list()[0],
    hasSynced: () => object.store.hasSynced(),
    pods: () => pods && podsOf(pods),
    trouble: () => troubleOf(object, cluster),
    stop: async () => void (await Promise.all(all.map(({ reflector }) => reflector.stop()))),
  };
}

interface Reflected {
  readonly store: Store<KubeObject>;
  readonly reflector: Reflector;
  /** What went wrong since something was heard last. */
  readonly failure: () => unknown;
}

function reflect(
  cluster: Cluster,
  resource: Resource,
  selection: Parameters<typeof listWatchOf>[2],
  { clock, onChange }: FollowOptions,
): Reflected {
  let failure: unknown;
  const setFailure = (error: unknown) => {
    failure = error;
    onChange();
  };
  const store = createStore<KubeObject>({
    name: resource.plural,
    project: (object) => object,
    onError: (_where, _key, error) => setFailure(error),
  });
  store.onChange(onChange);
  const reflector = createReflector({
    name: resource.plural,
    source: listWatchOf(cluster.client, resource, selection),
    sink: store,
    clock,
    log: failureLog(setFailure),
  });
  // a watch that is open again is heard of by its answer: its first event may be a minute away
  cluster.onAnswer((kind) => {
    if (kind === resource.kind && failure !== undefined) setFailure(undefined);
  });
  return { store, reflector, failure: () => failure };
}

/** Of what a reflector logs only its failures are of interest here. */
function failureLog(onFailure: (error: unknown) => void): Log {
  const fail: Log['warn'] = ({ err }, message) => onFailure(err ?? new Error(message));
  const log: Log = {
    debug: () => undefined,
    info: () => undefined,
    warn: fail,
    error: fail,
    child: () => log,
  };
  return log;
}

function podsOf({ store, failure }: Reflected): PodsView | undefined {
  if (isForbidden(failure())) return PODS_FORBIDDEN;
  return store.hasSynced() ? { counts: countPods(store.list()) } : undefined;
}

function troubleOf({ failure }: Reflected, { context }: Cluster): string | undefined {
  const error = failure();
  return error === undefined ? undefined : describeTrouble(error, context);
}
