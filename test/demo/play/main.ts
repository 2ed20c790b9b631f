// SPDX-License-Identifier: Apache-2.0
// Runs inside the cluster's network: a shop under load, a good release, a bad one, and the sum of it.
import { describeSummary } from '../../apps/load-lines.ts';
import { isPromoted, isRolledBack, readStatus, release } from '../../e2e/support/acts.ts';
import { auditStory } from '../../e2e/support/close.ts';
import { installHeadway } from '../../e2e/support/install.ts';
import { type Operator, startOperator } from '../../e2e/support/operator.ts';
import { beginStory, type Story } from '../../e2e/support/story.ts';
import { sparkline } from '../chart.ts';
import { narrator, type Say } from '../narrator.ts';
import {
  badErrorRate,
  badVersion,
  demoSpec,
  demoWeights,
  firstVersion,
  goodVersion,
  ratePerSecond,
} from '../story-line.ts';
import { type WeightSample, weightTable } from '../tell.ts';
import { findSurprises } from '../verdict.ts';
import { createTeller } from '../watcher.ts';

const ADOPTED_WITHIN_MS = 90_000;
const RELEASED_WITHIN_MS = 120_000;

async function main(say: Say): Promise<boolean> {
  say('the CRDs, the least-privilege role, and the operator under it');
  const operator = await startOperator({ name: 'demo', kubeconfig: await installHeadway(), port: 9111 });
  say(
    `shop ${firstVersion} behind an Ingress, ${ratePerSecond} POST requests/s, and its Canary; the app exits at once on SIGTERM`,
  );
  const story = await beginStory({
    title: 'demo',
    mode: 'route',
    namespace: 'shop',
    spec: demoSpec,
    ratePerSecond,
    operatorLog: operator.logPath,
  });
  const teller = createTeller(story, say);
  await teller.until({ what: 'the adoption', isReached: isParked, withinMs: ADOPTED_WITHIN_MS });
  say(`--- kubectl set image deployment/shop app=shop:${goodVersion}   (a good version)`);
  await release(story, goodVersion);
  await teller.until({
    what: 'the promotion',
    isReached: isPromoted(goodVersion),
    withinMs: RELEASED_WITHIN_MS,
  });
  say(
    `--- kubectl set image deployment/shop app=shop:${badVersion}   (${badErrorRate * 100}% of its answers are errors)`,
  );
  await release(story, badVersion, { errorRate: badErrorRate });
  await teller.until({ what: 'the rollback', isReached: isRolledBack, withinMs: RELEASED_WITHIN_MS });
  return sumUp(story, operator, { samples: teller.samples, say });
}

function isParked({ phase, parked }: { phase?: string | undefined; parked?: boolean | undefined }): boolean {
  return phase === 'Healthy' && parked === true;
}

/** The end of the demo: what happened, in figures. True: everything was as it should be. */
async function sumUp(
  story: Story,
  operator: Operator,
  told: { samples: readonly WeightSample[]; say: Say },
): Promise<boolean> {
  const summary = await story.load.stop();
  const status = await readStatus(story.namespace);
  const { violations } = await auditStory(story, demoWeights);
  await operator.stop('SIGTERM');
  told.say(
    '--- the weight of the canary over time (after 100% the Service itself names the new version: 0% again)',
  );
  console.log(`  ${sparkline(told.samples, process.stdout.isTTY !== true)}  one mark a second`);
  for (const row of weightTable(told.samples)) console.log(`  ${row}`);
  told.say('--- verdicts');
  for (const { outcome, message } of (status.history ?? []).toReversed())
    console.log(`  ${outcome}: ${message}`);
  told.say('--- requests');
  console.log(`  ${describeSummary(summary)}`);
  console.log(`  requests sent: ${summary.sent}`);
  console.log(`  requests lost: ${summary.lostTotal}`);
  const surprises = [
    ...findSurprises(status, summary),
    ...violations.map((violation) => `a rule of motion was broken: ${violation}`),
  ];
  for (const surprise of surprises) console.log(`  UNEXPECTED: ${surprise}`);
  if (surprises.length === 0) {
    told.say(`${goodVersion} was promoted, ${badVersion} rolled back by itself, and no request was lost`);
  }
  return surprises.length === 0;
}

process.exit((await main(narrator())) ? 0 : 1);
