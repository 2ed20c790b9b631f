// SPDX-License-Identifier: Apache-2.0
import { allDelays, type Lane, lanes } from './lanes.ts';

/** What the environment says of a run. */
export interface Options {
  /** At least so many requests are sent. */
  readonly requests: number;
  readonly delays: readonly number[];
  readonly lanes: readonly Lane[];
}

/**
 * `REQUESTS`, by default 1,000,000: each move is made at least once, however few there are. `DELAYS=0,3.3` and
 * `LANES=gateway,hand-route` (parts of names) play some only. Throws a sentence for what makes no sense.
 */
export function readOptions({ REQUESTS, DELAYS, LANES }: NodeJS.ProcessEnv): Options {
  const requests = Number(REQUESTS || 1_000_000);
  if (!Number.isInteger(requests) || requests < 1) {
    throw new Error(`REQUESTS is a whole number above 0, not "${REQUESTS}"`);
  }
  return { requests, delays: delaysOf(DELAYS), lanes: lanesOf(LANES) };
}

/** Whether nobody and no router is left out, so that the figures may stand on the page; it says which delays there were. */
export function isWhole({ lanes: some }: Options): boolean {
  return some.length === lanes.length;
}

function delaysOf(text: string | undefined): number[] {
  if (!text) return [...allDelays];
  const named = text.split(',').map(Number);
  const unknown = text.split(',').filter((name) => !allDelays.some((delay) => delay === Number(name)));
  if (unknown.length > 0) {
    throw new Error(`DELAYS are of ${allDelays.join(', ')} seconds, not "${unknown.join(',')}"`);
  }
  return allDelays.filter((delay) => named.includes(delay));
}

function lanesOf(text: string | undefined): readonly Lane[] {
  if (!text) return lanes;
  const parts = text.split(',');
  const unknown = parts.filter((part) => !lanes.some(({ name }) => name.includes(part)));
  if (unknown.length > 0) {
    throw new Error(`LANES are of ${lanes.map(({ name }) => name).join(', ')}, not "${unknown.join(',')}"`);
  }
  return lanes.filter(({ name }) => parts.some((part) => name.includes(part)));
}
