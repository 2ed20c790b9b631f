// SPDX-License-Identifier: Apache-2.0
import { Labels } from '../../operator/api/group.ts';

/** The pods of one revision. */
export interface PodCount {
  readonly revision: string;
  readonly all: number;
  readonly ready: number;
  /** Told to stop, and not counted in `all`. */
  readonly ending: number;
  readonly restarts: number;
  /** Why pods are not ready, such as CrashLoopBackOff, and how many say so. */
  readonly troubles: readonly { readonly reason: string; readonly pods: number }[];
}

/** The pods of all revisions, or why nothing is known of them. */
export type PodsView = { readonly counts: readonly PodCount[] } | { readonly unknown: string };

/** A pod as the API server sends it; only these fields are read. */
export interface RawPod {
  readonly metadata: {
    readonly deletionTimestamp?: string | undefined;
    readonly labels?: Readonly<Record<string, string>> | undefined;
  };
  readonly status?:
    | {
        readonly conditions?: readonly PodCondition[] | undefined;
        readonly containerStatuses?: readonly ContainerStatus[] | undefined;
        readonly initContainerStatuses?: readonly ContainerStatus[] | undefined;
      }
    | undefined;
}

interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
}

interface ContainerStatus {
  readonly restartCount?: number | undefined;
  readonly state?: { readonly waiting?: { readonly reason?: string | undefined } | undefined } | undefined;
}

/** What every pod says on its way up. */
const USUAL = new Set(['ContainerCreating', 'PodInitializing']);

/** Counts the pods of each revision. Those of a Job of a check, which belong to none, are left out. */
export function countPods(pods: readonly RawPod[]): PodCount[] {
  const byRevision = new Map<string, RawPod[]>();
  for (const pod of pods) {
    const revision = pod.metadata.labels?.[Labels.revision];
    if (revision === undefined) continue;
    byRevision.set(revision, [...(byRevision.get(revision) ?? []), pod]);
  }
  return [...byRevision].map(([revision, members]) => countRevision(revision, members));
}

function countRevision(revision: string, pods: readonly RawPod[]): PodCount {
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const reasons = new Map<string, number>();
  for (const reason of staying.flatMap((pod) => troubleOf(pod) ?? [])) {
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return {
    revision,
    all: staying.length,
    ready: staying.filter((pod) => isTrue(pod, 'Ready')).length,
    ending: pods.length - staying.length,
    restarts: staying.flatMap(containersOf).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
    troubles: [...reasons].map(([reason, count]) => ({ reason, pods: count })),
  };
}

function containersOf({ status }: RawPod): ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

function isTrue({ status }: RawPod, type: string): boolean {
  return status?.conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
}

function troubleOf(pod: RawPod): string | undefined {
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return scheduled.reason ?? 'Unschedulable';
  const reasons = containersOf(pod).flatMap(({ state }) => state?.waiting?.reason ?? []);
  return reasons.find((reason) => !USUAL.has(reason));
}
