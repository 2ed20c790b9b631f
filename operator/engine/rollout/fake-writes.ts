// SPDX-License-Identifier: Apache-2.0
// Test support: the writes of a plan, as the API server takes them.
import type { FakeCluster } from './fake-cluster.ts';
import { shareIn } from './route-share.ts';
import type { Action } from './types.ts';

type ActionOf<K extends Action['kind']> = Extract<Action, { kind: K }>;
type TrafficAction = ActionOf<(typeof ON_TRAFFIC)[number]>;

/** One write, as the API server takes it. Doing it a second time changes nothing. */
export function performOn(cluster: FakeCluster, action: Action): void {
  if (action.kind === 'createRevision') return createRevision(cluster, action);
  if (action.kind === 'copyConfig') return copyConfig(cluster, action);
  if ('pod' in action) return cluster.labelPod(action.pod, action.kind === 'returnPod');
  if (isOnTraffic(action)) return performOnTraffic(cluster, action);
  switch (action.kind) {
    case 'scaleRevision':
      return cluster.scale(cluster.revisions.get(action.deployment), action.replicas, 'headway');
    case 'deleteRevision':
      return cluster.deleteRevision(action.deployment);
    case 'scaleTarget':
      return cluster.scale(cluster.target, action.replicas, 'headway');
    case 'setReplicas':
      return cluster.changeSpec({ replicas: action.replicas });
  }
}

function performOnTraffic(cluster: FakeCluster, action: TrafficAction): void {
  switch (action.kind) {
    case 'pinService':
      return cluster.pin(action.pin, 'headway');
    case 'pinCanaryService':
      return cluster.pinCanary(action.revision, 'headway');
    case 'setWeight':
    case 'restRoute':
      return moveRoute(cluster, action);
    case 'removeCanaryService':
      cluster.canaryService = undefined;
  }
}

function createRevision(
  cluster: FakeCluster,
  { deployment: name, replicas, revision }: ActionOf<'createRevision'>,
): void {
  cluster.makeRevision({ name, revision, replicas });
}

function copyConfig(
  { configMaps, revisions }: FakeCluster,
  { deployment, name }: ActionOf<'copyConfig'>,
): void {
  const content = configMaps.get(name);
  if (content === undefined) throw new Error(`ConfigMap ${name} cannot be copied`);
  revisions.get(deployment)?.copies.set(name, content);
}

function moveRoute(cluster: FakeCluster, action: ActionOf<'setWeight' | 'restRoute'>): void {
  if (action.kind === 'restRoute') cluster.route?.rest(cluster);
  else cluster.route?.setShare(shareIn(action), { clock: cluster, isThere: cluster.ingressExists });
}

const ON_TRAFFIC = [
  'pinService',
  'pinCanaryService',
  'setWeight',
  'restRoute',
  'removeCanaryService',
] as const;

function isOnTraffic(action: Action): action is TrafficAction {
  return ON_TRAFFIC.some((kind) => kind === action.kind);
}
