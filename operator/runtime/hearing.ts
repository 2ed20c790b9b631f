// SPDX-License-Identifier: Apache-2.0

/** A time in which nobody heard from the API server. By the wall clock, in ms. */
export interface Break {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Since when everybody has heard of the cluster without a break. */
export interface Hearing {
  missed(time: Break): void;
  /** Minus infinity where nothing was missed. */
  since(): number;
}

/**
 * How watches of client-go come back: the first wait, doubled each time up to the longest, and up to twice that by chance
 * (k8s.io/client-go/tools/cache, NewReflector). Routers, kube-proxy and the controllers of Kubernetes do so.
 */
const FIRST_WAIT_MS = 800;
const LONGEST_WAIT_MS = 30_000;
const CHANCE = 2;

/**
 * How much later than the API server a watch may come back after a break, in ms. The wait in which it then is began in
 * the break, and those before it, doubling, take together what the last one takes, less the first.
 */
export function comesBackWithinMs({ fromMs, toMs }: Break): number {
  return CHANCE * Math.min(LONGEST_WAIT_MS, toMs - fromMs + FIRST_WAIT_MS);
}

/** A break that begins before all are back from the one before goes on with it, for so do their waits. */
export function createHearing(): Hearing {
  let awayMs = Number.NEGATIVE_INFINITY;
  let backMs = Number.NEGATIVE_INFINITY;
  return {
    missed({ fromMs, toMs }) {
      awayMs = fromMs > backMs ? fromMs : Math.min(awayMs, fromMs);
      backMs = Math.max(backMs, toMs + comesBackWithinMs({ fromMs: awayMs, toMs }));
    },
    since: () => backMs,
  };
}
