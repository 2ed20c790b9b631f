// SPDX-License-Identifier: Apache-2.0
import type { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { describeSummary } from '../../apps/load-lines.ts';
import { readStatus } from '../../e2e/support/acts.ts';
import { auditStory } from '../../e2e/support/close.ts';
import type { Story } from '../../e2e/support/story.ts';
import { sparkline } from '../chart.ts';
import type { Say } from '../narrator.ts';
import { badVersion, goodVersion } from '../story-line.ts';
import { type WeightSample, weightTable } from '../tell.ts';
import { type Expected, findSurprises } from '../verdict.ts';

export const ADOPTED_WITHIN_MS = 90_000;
export const RELEASED_WITHIN_MS = 120_000;

/** What an act is played with. */
export interface ActParts {
  readonly operatorLog: string;
  readonly say: Say;
}

/** Adopted, with the pods of the Deployment itself retired. */
export function isParked({ phase, parked }: RolloutStatus): boolean {
  return phase === 'Healthy' && parked === true;
}

interface Told extends Expected {
  readonly samples: readonly WeightSample[];
  /** Those of the steps. */
  readonly weights: readonly number[];
  readonly say: Say;
}

/** The end of an act: what happened, in figures. True: everything was as it should be. */
export async function sumUp(story: Story, { samples, weights, badIsMet, say }: Told): Promise<boolean> {
  const summary = await story.load.stop();
  const status = await readStatus(story.namespace, story.kind);
  const { violations } = await auditStory(story, weights);
  say('--- the weight of the new version over time (after 100% the Service itself names it: 0% again)');
  console.log(`  ${sparkline(samples, process.stdout.isTTY !== true)}  one mark a second`);
  for (const row of weightTable(samples)) console.log(`  ${row}`);
  say('--- verdicts');
  for (const { outcome, message } of (status.history ?? []).toReversed())
    console.log(`  ${outcome}: ${message}`);
  say('--- requests');
  console.log(`  ${describeSummary(summary)}`);
  console.log(`  requests sent: ${summary.sent}`);
  console.log(`  requests lost: ${summary.lostTotal}`);
  const surprises = [
    ...findSurprises(status, summary, { badIsMet }),
    ...violations.map((violation) => `a rule of motion was broken: ${violation}`),
  ];
  for (const surprise of surprises) console.log(`  UNEXPECTED: ${surprise}`);
  if (surprises.length > 0) return false;
  const bad = badIsMet ? 'rolled back by itself' : 'refused before any client met it';
  say(`${goodVersion} was promoted, ${badVersion} ${bad}, and no request was lost`);
  return true;
}
