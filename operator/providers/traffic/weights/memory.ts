// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { readJson } from '../../../engine/json.ts';
import { canonicalJson, shortHash } from '../../../engine/names.ts';
import type { Backend } from './backend.ts';

/**
 * What a route was like before Headway's weights, kept in an annotation of the route: written and removed in the same
 * patch as the weights, so that no crash and no lost status can part them. Rules are told by their backends and not by
 * their place, so that it still holds when somebody adds or removes a rule meanwhile.
 */
const Memory = z.object({
  weight: z.int(),
  matched: z.boolean(),
  rules: z.array(
    z.object({
      backends: z.string(),
      weights: z.array(z.number().nullable()),
      /** Where the backends stand in a text: that text, to the byte. */
      text: z.string().optional(),
    }),
  ),
});
export type Memory = z.infer<typeof Memory>;

/** Undefined for none, and for somebody else's text: the weights themselves say enough. */
export function readMemory(text: string | undefined): Memory | undefined {
  return text === undefined ? undefined : Memory.safeParse(readJson(text)).data;
}

export function memoryText(memory: Memory): string {
  return JSON.stringify(memory);
}

export function rememberRule(refs: readonly Backend[]): Memory['rules'][number] {
  return { backends: backendsHash(refs), weights: refs.map(({ weight }) => weight ?? null) };
}

/** The same backends with their remembered weights; undefined where these are others. */
export function recallRule(
  refs: readonly Backend[],
  { backends, weights }: Memory['rules'][number],
): Backend[] | undefined {
  if (backends !== backendsHash(refs) || weights.length !== refs.length) return undefined;
  return refs.map((ref, i) => {
    const { weight: _weight, ...rest } = ref;
    const weight = weights[i] ?? null;
    return weight === null ? rest : { ...rest, weight };
  });
}

/** Equal exactly for backends that differ in nothing but their weights. */
function backendsHash(refs: readonly Backend[]): string {
  return shortHash(canonicalJson(refs.map(({ weight: _weight, ...rest }) => rest)));
}
