// SPDX-License-Identifier: Apache-2.0
import { ask, isPreviewed, isPromoted, isRolledBack, release } from '../../e2e/support/acts.ts';
import { shop } from '../../e2e/support/objects.ts';
import { beginStory } from '../../e2e/support/story.ts';
import { entranceOfService, versionsFor, waitUntilAnsweredBy } from '../../e2e/support/traffic.ts';
import { badVersion, blueGreenSpec, firstVersion, goodVersion, ratePerSecond } from '../story-line.ts';
import { createTeller } from '../watcher.ts';
import { type ActParts, ADOPTED_WITHIN_MS, isParked, RELEASED_WITHIN_MS, sumUp } from './act.ts';

/** A good version that a person promotes, and a bad one that no client ever meets. True: it all came as told. */
export async function playBlueGreen({ operatorLog, say }: ActParts): Promise<boolean> {
  const namespace = 'store';
  say(
    `=== shop ${firstVersion} behind a plain Service, ${ratePerSecond} POST requests/s, and its BlueGreen with a preview Service`,
  );
  const story = await beginStory({
    title: 'demo blue-green',
    kind: 'BlueGreen',
    mode: 'ratio',
    namespace,
    spec: blueGreenSpec,
    ratePerSecond,
    operatorLog,
  });
  const teller = createTeller(story, say);
  await teller.until({ what: 'the adoption', isReached: isParked, withinMs: ADOPTED_WITHIN_MS });
  say(`--- kubectl set image deployment/shop app=shop:${goodVersion}   (a good version)`);
  await release(story, goodVersion);
  const stands = isPreviewed(goodVersion);
  await teller.until({ what: 'the preview', isReached: stands, withinMs: RELEASED_WITHIN_MS });
  const preview = await entranceOfService(namespace, `${shop}-preview`);
  await waitUntilAnsweredBy(preview, goodVersion);
  const answers = Object.entries(await versionsFor(preview, {}, 10)).map(([version, n]) => `${version} ${n}`);
  say(`  of 10 requests to Service shop-preview: ${answers.join(', ')}`);
  say('--- kubectl annotate bluegreen/shop headway.dev/action=promote/<revision>/1');
  await ask(story, 'promote');
  const isGood = isPromoted(goodVersion);
  await teller.until({ what: 'the promotion', isReached: isGood, withinMs: RELEASED_WITHIN_MS });
  say(`--- kubectl set image deployment/shop app=shop:${badVersion}   (every answer of it is an error)`);
  await release(story, badVersion, { errorRate: 1 });
  await teller.until({ what: 'the refusal', isReached: isRolledBack, withinMs: RELEASED_WITHIN_MS });
  return sumUp(story, { samples: teller.samples, weights: [], badIsMet: false, say });
}
