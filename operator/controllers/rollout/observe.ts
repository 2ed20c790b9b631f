// SPDX-License-Identifier: Apache-2.0
import type { Rollout } from '../../engine/rollout/rollout.ts';
import { labelValue } from '../../engine/names.ts';
import type { AnalysisTemplateSpec } from '../../api/analysis.ts';
import { Labels } from '../../api/group.ts';
import { revisionDeployment } from '../../engine/rollout/revisions.ts';
import type {
  CanaryServiceFacts,
  RolloutWorld,
  RevisionFacts,
  ServiceFacts,
  TargetFacts,
} from '../../engine/rollout/types.ts';
import { revisionHash } from '../../engine/rollout/config.ts';
import type { QueryResult } from '../../engine/analysis/query-types.ts';
import type { Sight } from '../../runtime/sight.ts';
import { revisionConfig, trackedConfig } from './config-copies.ts';
import { type ConfigSnapshot, isVersioned } from './config-reader.ts';
import { canaryServiceHash } from './objects.ts';
import { observeOverlaps, observeRivals } from './neighbours.ts';
import { podFacts } from './pods.ts';
import { type DeploymentProjection, optional } from './projections.ts';
import { bindRouter } from './route-target.ts';
import { pinOfSelector } from './selectors.ts';
import type { ServiceProjection } from './service-projection.ts';
import type { RolloutStores } from './stores.ts';

/** What cannot be read from the stores at the moment of a plan. */
export interface Observed {
  readonly results: readonly QueryResult[];
  /** `pod-template-hash` of the target's newest ReplicaSet; only a deletion needs it. */
  readonly podHash?: string | undefined;
  /** Absent where it was always seen. */
  readonly sight?: Pick<Sight, 'since' | 'heardSince'> | undefined;
  /** ConfigMaps and Secrets, by configKey; absent where no plan asks for them. */
  readonly config?: ConfigSnapshot | undefined;
}

/** All that a plan may know, as one plain value. */
export function observe(rollout: Rollout, stores: RolloutStores, observed: Observed): RolloutWorld {
  const { namespace } = rollout.metadata;
  const { spec } = rollout;
  const { sight } = observed;
  const target = stores.deployments.get(`${namespace}/${spec.targetRef.name}`);
  const facts = target && targetFacts(rollout, target, observed);
  const service = stores.services.get(`${namespace}/${spec.service.name}`);
  const canaryService = stores.services.get(`${namespace}/${spec.canaryService}`);
  const router = bindRouter(rollout, stores);
  const revisions = stores.deployments.byIndex('controller', rollout.metadata.uid);
  return {
    ...(facts ? { target: facts } : {}),
    ...(service ? { service: serviceFacts(service, stores) } : {}),
    ...(canaryService
      ? { canaryService: canaryServiceFacts(rollout, { service, canaryService }, stores) }
      : {}),
    ...(router ? { route: { ...router.observe(), owned: router.owned } } : {}),
    revisions: revisions
      .filter(({ revision }) => revision !== undefined)
      .map((revision) => revisionFacts(rollout, revision, { stores, observed })),
    takenNames: facts ? takenNames(rollout, facts.hash, stores) : [],
    rivals: observeRivals(rollout, stores),
    overlaps: observeOverlaps(rollout, target, { service, stores }),
    templates: templatesOf(namespace, stores),
    results: observed.results,
    ...(sight ? { seenSinceMs: sight.since(), heardSinceMs: sight.heardSince() } : {}),
  };
}

const NOTHING_SEEN: ConfigSnapshot = new Map();

function targetFacts(
  rollout: Rollout,
  target: DeploymentProjection,
  { podHash, config: snapshot = NOTHING_SEEN }: Observed,
): TargetFacts {
  const { uid, replicas, template, hash, version, available, replicasManager, problem, paused } = target;
  const config = trackedConfig(target, snapshot, (kind) => isVersioned(rollout, kind));
  return {
    uid,
    replicas,
    template,
    hash: revisionHash(hash, config),
    available,
    ...(config.length > 0 ? { config } : {}),
    ...(version ? { version } : {}),
    ...(podHash ? { podHash } : {}),
    ...(replicasManager ? { replicasManager } : {}),
    ...(paused ? { paused } : {}),
    ...optional('problem', problem ?? controlProblem(target)),
  };
}

/** Whoever controls a Deployment decides over its replicas and its template. */
function controlProblem({ name, controlledBy }: DeploymentProjection): string | undefined {
  if (controlledBy === undefined) return undefined;
  return `Deployment ${name} is controlled by ${controlledBy}, which would put back what is changed in it; name a Deployment that nothing else controls`;
}

function revisionFacts(
  rollout: Rollout,
  deployment: DeploymentProjection,
  { stores, observed }: { stores: RolloutStores; observed: Observed },
): RevisionFacts {
  const { uid, name, createdAtMs, template, version, replicas, available, pods, current } = deployment;
  const revision = deployment.revision ?? '';
  const key = `${deployment.namespace}/${labelValue(rollout.metadata.name)}/${revision}`;
  const known = stores.pods.byIndex('revision', key);
  const complaint = deployment.complaint ?? known.find((pod) => pod.complaint)?.complaint;
  const members = podFacts(known, reachedPods(rollout, stores));
  // A Deployment counts what is ready, taken out or not.
  const out = members.filter((pod) => pod.ready && !pod.serving).length;
  const config = revisionConfig(
    deployment,
    observed.config ?? NOTHING_SEEN,
    labelValue(rollout.metadata.name),
  );
  return {
    revision,
    deployment: name,
    uid,
    createdAtMs,
    template,
    replicas,
    available: Math.max(0, available - out),
    pods,
    current,
    members,
    ...(config.length > 0 ? { config } : {}),
    ...(version ? { version } : {}),
    ...(complaint ? { complaint } : {}),
    ...optional('replicasManager', deployment.replicasManager),
  };
}

function serviceFacts(service: ServiceProjection, stores: RolloutStores): ServiceFacts {
  const problem = serviceProblem(service);
  return {
    pin: pinOfSelector(service.selector),
    endpoints: endpointsOf(service, stores),
    ...(service.selectorManager ? { selectorManager: service.selectorManager } : {}),
    ...(problem ? { problem } : {}),
  };
}

function canaryServiceFacts(
  rollout: Rollout,
  { service, canaryService }: { service: ServiceProjection | undefined; canaryService: ServiceProjection },
  stores: RolloutStores,
): CanaryServiceFacts {
  const revision = canaryService.selector[Labels.revision];
  const wanted = service && revision ? canaryServiceHash(rollout, service, revision) : canaryService.written;
  return {
    ...(revision ? { revision } : {}),
    ...optional('selectorManager', canaryService.selectorManager),
    // by what was written and not by what is there: what the API server or others fill in is no reason to write again
    ...(wanted === canaryService.written ? {} : { outdated: true }),
    ours: canaryService.controllerUid === rollout.metadata.uid,
    endpoints: endpointsOf(canaryService, stores),
  };
}

/**
 * Ready pods by their revision; a pod that is not (yet) known as ours counts under ''. Each pod once, however many
 * slices name it: there is one for each address family and for each set of ports.
 */
function endpointsOf({ namespace, name }: ServiceProjection, stores: RolloutStores): Record<string, number> {
  const counts = new Map<string, number>();
  for (const pod of podsBehind(`${namespace}/${name}`, stores, 'readyPods')) {
    const revision = stores.pods.get(`${namespace}/${pod}`)?.revision ?? '';
    counts.set(revision, (counts.get(revision) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

function podsBehind(service: string, stores: RolloutStores, which: 'readyPods' | 'reachedPods'): Set<string> {
  const slices = stores.endpointSlices.byIndex('service', service);
  return new Set(slices.flatMap((slice) => slice[which]));
}

/** Pods that either Service of the Canary sends requests to. */
function reachedPods({ metadata, spec }: Rollout, stores: RolloutStores): Set<string> {
  const { name } = spec.service;
  const [main, canary] = [name, spec.canaryService].map((service) =>
    podsBehind(`${metadata.namespace}/${service}`, stores, 'reachedPods'),
  );
  return new Set([...(main ?? []), ...(canary ?? [])]);
}

function serviceProblem({ name, type, headless, selector }: ServiceProjection): string | undefined {
  if (type === 'ExternalName')
    return `Service ${name} is of type ExternalName; it has no pods to shift traffic between`;
  if (headless)
    return `Service ${name} is headless; clients reach its pods by themselves, so traffic cannot be shifted`;
  if (Object.keys(selector).length === 0)
    return `Service ${name} has no selector; it has no pods to shift traffic between`;
  return undefined;
}

function takenNames({ metadata, spec }: Rollout, hash: string, stores: RolloutStores): string[] {
  const name = revisionDeployment(spec.targetRef.name, hash);
  const holder = stores.deployments.get(`${metadata.namespace}/${name}`);
  return holder && holder.controllerUid !== metadata.uid ? [name] : [];
}

function templatesOf(namespace: string, stores: RolloutStores): Record<string, AnalysisTemplateSpec> {
  const usable = stores.templates.list(namespace).filter(({ spec }) => spec !== undefined);
  return Object.fromEntries(usable.map(({ name, spec }) => [name, spec as AnalysisTemplateSpec]));
}
