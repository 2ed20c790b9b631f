// SPDX-License-Identifier: Apache-2.0
// Test support: what the operator would see of the cluster.
import { revisionConfig, targetConfig } from './fake-config.ts';
import type { FakeCluster } from './fake-cluster.ts';
import type { FakeDeployment, FakeTemplate } from './fake-deployment.ts';
import type { RolloutWorld } from './types.ts';

/** What a plan is given. */
export function worldOf(cluster: FakeCluster): RolloutWorld {
  const { target, service, canaryService } = cluster;
  const podHash = target?.observed ? target.template.hash : undefined;
  return {
    ...(target && {
      target: {
        uid: target.uid,
        replicas: target.replicas,
        ...factsOf(target.template),
        ...targetConfig(target.template, cluster.configMaps),
        available: target.available(cluster.now),
        ...(target.paused && { paused: true }),
        replicasManager: target.manager,
        ...(podHash && { podHash }),
      },
    }),
    ...(service && {
      service: {
        pin: service.pin,
        endpoints: { ...service.endpoints },
        ...(service.manager && { selectorManager: service.manager }),
        ...(service.problem && { problem: service.problem }),
      },
    }),
    ...(canaryService && {
      canaryService: { ...canaryService, endpoints: { ...canaryService.endpoints } },
    }),
    ...(cluster.route && { route: cluster.route.state(cluster.ingressExists) }),
    revisions: [...cluster.revisions.values()].map((deployment) => revisionFacts(cluster, deployment)),
    takenNames: cluster.takenNames,
    rivals: cluster.rivals,
    overlaps: cluster.overlaps,
    templates: cluster.templates,
    results: [],
  };
}

function revisionFacts({ now }: FakeCluster, deployment: FakeDeployment) {
  const { name, uid, createdAtMs, template, replicas } = deployment;
  const { hash, ...facts } = factsOf(template);
  return {
    ...facts,
    ...revisionConfig(deployment),
    revision: deployment.revision ?? hash,
    deployment: name,
    uid,
    createdAtMs,
    replicas,
    replicasManager: deployment.manager,
    available: deployment.available(now),
    pods: deployment.pods.length,
    current: deployment.observed,
    members: deployment.pods
      .map((pod) => ({
        name: pod.name,
        uid: `uid-${pod.name}`,
        createdAtMs: pod.createdAtMs,
        ready: pod.readyAtMs <= now,
        serving: pod.serving,
        reached: pod.reached,
        cost: 0,
      }))
      .toSorted((a, b) => a.createdAtMs - b.createdAtMs),
    ...(template.broken && deployment.pods.length > 0 ? { complaint: 'ImagePullBackOff' } : {}),
  };
}

function factsOf({ hash, version }: FakeTemplate) {
  return { template: `template ${hash}`, hash, ...(version && { version }) };
}
