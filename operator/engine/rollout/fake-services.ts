// SPDX-License-Identifier: Apache-2.0
// Test support: which pods the Services find, as the EndpointSlice controller has it.
import { type FakeDeployment, isNaming } from './fake-deployment.ts';
import type { Pin } from './types.ts';

export interface FakeService {
  pin: Pin;
  endpoints: Record<string, number>;
  manager?: string;
  problem?: string;
}

export interface FakeCanaryService {
  revision: string;
  endpoints: Record<string, number>;
  ours: boolean;
  /** The user's Service has changed since. */
  outdated?: boolean;
  selectorManager?: string;
}

interface Pods {
  readonly now: number;
  readonly target: FakeDeployment | undefined;
  readonly revisions: ReadonlyMap<string, FakeDeployment>;
}

/** Ready pods that a selector with this pin finds, by revision; those of the target itself under ''. */
export function podsBehind(pin: Pin, { now, target, revisions }: Pods): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { template, pods, revision = template.hash } of revisions.values()) {
    const named = pods.filter((pod) => isNaming(pin, revision, pod) && pod.readyAtMs <= now);
    if (named.length > 0) counts[revision] = named.length;
  }
  const own = (target?.readyPods(now) ?? []).filter(
    ({ hash }) => pin.kind === 'none' || (pin.kind === 'replica-set' && pin.podHash === hash),
  );
  if (own.length > 0) counts[''] = own.length;
  return counts;
}

/** Notes of each pod whether one of these pins finds it, and until when one did. */
export function markReached(deployments: Iterable<FakeDeployment>, pins: readonly Pin[], now: number): void {
  for (const { template, pods, revision = template.hash } of deployments) {
    for (const pod of pods) {
      const isReached = pod.readyAtMs <= now && pins.some((pin) => isNaming(pin, revision, pod));
      if (pod.reached && !isReached) pod.reachedUntilMs = now;
      pod.reached = isReached;
    }
  }
}

export function revisionPin(revision: string): Pin {
  return { kind: 'revision', revision };
}
