// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import type { AuditReport } from '../audit/check.ts';
import type { Story } from './story.ts';

interface Evidence {
  failure: RolloutStatus['failure'];
  analysis: RolloutStatus['analysis'];
  audit: AuditReport;
}

/** Puts into the report how long it took from the first bad answer, sample and verdict to no traffic on the canary. */
export function noteRollback(story: Story, { failure, analysis, audit }: Evidence): void {
  const zeroAtMs = audit.weights.findLast(({ weight }) => weight === 0)?.atMs;
  if (zeroAtMs === undefined || failure === undefined) throw new Error('the log shows no way back to 0');
  const firstBadAnswerMs = story.load.seconds().find(({ appErrors }) => Object.keys(appErrors).length > 0)?.t;
  const samples = analysis?.background?.checks.flatMap((check) => check.samples) ?? [];
  const firstBadSample = samples.find(({ good }) => good === false)?.at;
  const since = (from: number | undefined): string =>
    from === undefined || Number.isNaN(from) ? 'unknown' : `${Math.round(zeroAtMs - from)} ms`;
  const firstSampleMs = firstBadSample === undefined ? undefined : Date.parse(firstBadSample);
  story.notes.push(
    `weight 0 after the first bad answer (to the second) ${since(firstBadAnswerMs)}, the first bad sample ${since(firstSampleMs)}, the verdict ${since(Date.parse(failure.at))}`,
  );
}
