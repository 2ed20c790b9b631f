// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import type { RolloutStatus } from '../../operator/api/rollout-status.ts';
import { readStatus } from '../e2e/support/acts.ts';
import type { Story } from '../e2e/support/story.ts';
import type { Say } from './narrator.ts';
import { describeChecks, describeTraffic, type WeightSample } from './tell.ts';

const POLL_MS = 200;
/** How often the traffic is told while nothing else happens. */
const TRAFFIC_EVERY_MS = 4000;

/** What to wait for. */
interface Goal {
  readonly what: string;
  readonly isReached: (status: RolloutStatus) => boolean;
  readonly withinMs: number;
}

/** Tells what the Canary or BlueGreen says and what the clients see, from goal to goal; a sentence is told once. */
export interface Teller {
  /** Resolves when the status satisfies the condition; throws when time is over. */
  until(goal: Goal): Promise<void>;
  /** The weights so far. */
  readonly samples: readonly WeightSample[];
}

export function createTeller(story: Story, say: Say): Teller {
  const samples: WeightSample[] = [];
  let told = '';
  let trafficToldMs = Date.now();

  function tell({ phase, message = '', weight }: RolloutStatus): void {
    const { desired = 0, observed = 0 } = weight ?? {};
    samples.push({ atMs: Date.now(), desired, observed });
    if (message !== told) say(`${phase}: ${message}`);
    told = message;
  }

  function tellTraffic(status: RolloutStatus): void {
    if (Date.now() - trafficToldMs < TRAFFIC_EVERY_MS) return;
    trafficToldMs = Date.now();
    const { desired = 0, observed = 0 } = status.weight ?? {};
    const traffic = describeTraffic(story.load.seconds().at(-1));
    say(`  weight ${desired}%, observed ${observed}%; ${traffic}${describeChecks(status)}`);
  }

  return {
    samples,
    async until({ what, isReached, withinMs }) {
      const startMs = Date.now();
      for (;;) {
        const status = await readStatus(story.namespace, story.kind);
        tell(status);
        if (isReached(status)) return;
        if (Date.now() - startMs > withinMs) throw new Error(`waited ${withinMs} ms for ${what}`);
        tellTraffic(status);
        await delay(POLL_MS);
      }
    },
  };
}
