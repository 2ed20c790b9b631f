// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';

const MAX_CUTS = 40;

type Container = Record<string, unknown> | unknown[];

/**
 * What is left of a random value when whatever breaks a rule over several fields is cut away, one cut for each look;
 * undefined where that leads nowhere. `picks` are numbers from 0 up to 1 that choose among the possible cuts.
 */
export function cutToRules(schema: z.ZodType, value: unknown, picks: readonly number[]): unknown {
  const rest = structuredClone(value);
  for (const pick of picks.slice(0, MAX_CUTS)) {
    const parsed = schema.safeParse(rest);
    if (parsed.success) return rest;
    const cuts = parsed.error.issues.flatMap(({ path }) => cutsAt(rest, path));
    const cut = cuts[Math.floor(pick * cuts.length)];
    if (!cut) return undefined;
    cut();
  }
  return undefined;
}

/** The field that an issue names may go, and so may any list item on the way to it, or any field within it. */
function cutsAt(root: unknown, path: readonly PropertyKey[]): (() => void)[] {
  const cuts: (() => void)[] = [];
  let at = root;
  for (const [depth, key] of path.entries()) {
    if (!isContainer(at)) return cuts;
    if (Array.isArray(at) || depth === path.length - 1) cuts.push(cutOf(at, key));
    at = at[key as keyof typeof at];
  }
  if (isContainer(at) && !Array.isArray(at)) for (const key of Object.keys(at)) cuts.push(cutOf(at, key));
  return cuts;
}

function cutOf(from: Container, key: PropertyKey): () => void {
  return () => void (Array.isArray(from) ? from.splice(Number(key), 1) : delete from[String(key)]);
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}
