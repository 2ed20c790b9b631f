// SPDX-License-Identifier: Apache-2.0
import type { Random } from '../random.ts';

/** How the pods of a version behave. */
export interface Behaviour {
  /** Until they answer, in ms. */
  readonly startMs: number;
  /** They never answer, and say so. */
  readonly complaint?: string;
  /** Share of the requests that they fail, 0 to 1. */
  readonly errors: number;
}

const KINDS: Readonly<
  Record<string, { startMs: readonly [number, number]; complaint?: string; errors?: number }>
> = {
  good: { startMs: [400, 2500] },
  slow: { startMs: [4000, 12_000] },
  failing: { startMs: [400, 2500], errors: 0.3 },
  dead: { startMs: [400, 2500], errors: 1 },
  broken: { startMs: [400, 2500], complaint: 'ImagePullBackOff' },
};

/** Versions are tags such as `3-good`; `broken` pods never get ready, `failing` and `dead` ones answer badly. */
export function behaviourOf(tag: string, random?: Random): Behaviour {
  const known = KINDS[tag.slice(tag.indexOf('-') + 1)] ?? { startMs: [400, 2500] as const };
  const { startMs, complaint, errors = 0 } = known;
  return {
    startMs: random ? random.int(...startMs) : startMs[0],
    errors,
    ...(complaint ? { complaint } : {}),
  };
}
