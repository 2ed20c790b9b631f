// SPDX-License-Identifier: Apache-2.0
import { isPromoted, isRolledBack, release } from '../../e2e/support/acts.ts';
import { beginStory } from '../../e2e/support/story.ts';
import {
  badErrorRate,
  badVersion,
  canarySpec,
  demoWeights,
  firstVersion,
  goodVersion,
  ratePerSecond,
} from '../story-line.ts';
import { createTeller } from '../watcher.ts';
import { type ActParts, ADOPTED_WITHIN_MS, isParked, RELEASED_WITHIN_MS, sumUp } from './act.ts';

/** A good version that walks its steps, and a bad one that goes by itself. True: it all came as told. */
export async function playCanary({ operatorLog, say }: ActParts): Promise<boolean> {
  say(
    `shop ${firstVersion} behind an Ingress, ${ratePerSecond} POST requests/s, and its Canary; the app exits at once on SIGTERM`,
  );
  const story = await beginStory({
    title: 'demo canary',
    mode: 'route',
    namespace: 'shop',
    spec: canarySpec,
    ratePerSecond,
    operatorLog,
  });
  const teller = createTeller(story, say);
  await teller.until({ what: 'the adoption', isReached: isParked, withinMs: ADOPTED_WITHIN_MS });
  say(`--- kubectl set image deployment/shop app=shop:${goodVersion}   (a good version)`);
  await release(story, goodVersion);
  const isGood = isPromoted(goodVersion);
  await teller.until({ what: 'the promotion', isReached: isGood, withinMs: RELEASED_WITHIN_MS });
  say(
    `--- kubectl set image deployment/shop app=shop:${badVersion}   (${badErrorRate * 100}% of its answers are errors)`,
  );
  await release(story, badVersion, { errorRate: badErrorRate });
  await teller.until({ what: 'the rollback', isReached: isRolledBack, withinMs: RELEASED_WITHIN_MS });
  return sumUp(story, { samples: teller.samples, weights: demoWeights, badIsMet: true, say });
}
