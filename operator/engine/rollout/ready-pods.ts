// SPDX-License-Identifier: Apache-2.0
import type { PlanContext } from './draft.ts';
import type { RevisionFacts } from './types.ts';

/** `2 ready stable pods (ImagePullBackOff)`: so many of a side, by default of the new one, and why they are not there. */
export function readyPods(
  { spec }: PlanContext,
  count: number,
  revision: RevisionFacts | undefined,
  side: string = spec.side,
): string {
  return `${count} ready ${side} ${count === 1 ? 'pod' : 'pods'}${because(revision)}`;
}

/** ` (ImagePullBackOff)`: why pods of a revision do not get ready; empty where that is not known. */
export function because(revision: RevisionFacts | undefined): string {
  const why = revision && (revision.complaint ?? lackOf(revision));
  return why === undefined ? '' : ` (${why})`;
}

/** No revision has a pod before its copies are made, so that one which is missing beside pods has been deleted. */
function lackOf({ pods, config = [] }: RevisionFacts): string | undefined {
  const gone = pods > 0 ? config.find(({ state }) => state === 'missing') : undefined;
  return gone && `${gone.kind} ${gone.copy} is gone`;
}
