// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { KubeConnectionError } from '../../../operator/kube/errors.ts';

export interface Wait<T> {
  /** Completes "waited for ...". */
  what: string;
  withinMs: number;
  /** Undefined: not yet. A broken connection to the API server means the same. */
  probe: () => Promise<T | undefined>;
  /** What to say beside the time when it does not come. */
  explain?: () => Promise<string>;
}

const pollMs = 200;

/** Asks until the probe has an answer; throws with an explanation when the time is over. */
export async function waitFor<T>({ what, withinMs, probe, explain }: Wait<T>): Promise<T> {
  const started = performance.now();
  for (;;) {
    const found = await attempt(probe);
    if (found !== undefined) return found;
    if (performance.now() - started > withinMs) {
      const more = explain ? `\n${await explain()}` : '';
      throw new Error(`waited ${withinMs} ms for ${what}${more}`);
    }
    await delay(pollMs);
  }
}

async function attempt<T>(probe: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await probe();
  } catch (error) {
    if (error instanceof KubeConnectionError) return undefined;
    throw error;
  }
}

/** Watches that something stays true for a time; throws at the first moment at which it does not. */
export async function holds(what: string, forMs: number, probe: () => Promise<boolean>): Promise<void> {
  const started = performance.now();
  while (performance.now() - started < forMs) {
    const held = await attempt(probe);
    if (held === false)
      throw new Error(`${what}: not so after ${Math.round(performance.now() - started)} ms`);
    await delay(pollMs);
  }
}
