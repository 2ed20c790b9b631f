// SPDX-License-Identifier: Apache-2.0
// Test support: the pods of two revisions.
import { countPods, type PodsView, type RawPod } from './pod-facts.ts';

function pod(revision: string, ready: boolean, waiting?: string): RawPod {
  return {
    metadata: { labels: { 'headway.dev/revision': revision } },
    status: {
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses: [
        { restartCount: waiting ? 2 : 0, state: waiting ? { waiting: { reason: waiting } } : {} },
      ],
    },
  };
}

/** Eight pods of 1.4.2, and of 1.5.0 two that serve and one that crashes. */
const RAW_PODS: readonly RawPod[] = [
  ...Array.from({ length: 8 }, () => pod('aaa', true)),
  pod('bbb', true),
  pod('bbb', true),
  pod('bbb', false, 'CrashLoopBackOff'),
];

export const PODS: PodsView = { counts: countPods(RAW_PODS) };
