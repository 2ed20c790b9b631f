// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { StoredObject } from './log.ts';
import type { AuditNames, RouteState } from './state.ts';

/** Where Headway notes what the weights were before its own, as docs/spec/canary.md says. */
function noteOf({ service }: Sides): string {
  return `headway.dev/before-${service}`;
}

const BackendRef = z.looseObject({ name: z.string(), weight: z.int().default(1) });
const Rule = z.looseObject({ backendRefs: z.array(BackendRef).default([]) });
const Rules = z.looseObject({ rules: z.array(Rule).default([]) });
type Rule = z.infer<typeof Rule>;

type Sides = Pick<AuditNames, 'service' | 'canaryService'>;

function rulesOf({ spec }: StoredObject): Rule[] {
  return Rules.parse(spec).rules;
}

function namesService({ backendRefs }: Rule, service: string): boolean {
  return backendRefs.some(({ name }) => name === service);
}

/** A rule that leads to the canary alone takes the requests that spec.match chooses. */
function isChosen({ backendRefs }: Rule, { canaryService }: Sides): boolean {
  return backendRefs.length > 0 && backendRefs.every(({ name }) => name === canaryService);
}

/** Whether the canary has a place in an HTTPRoute. */
export function hasCanary(route: StoredObject, { canaryService }: Sides): boolean {
  return rulesOf(route).some((rule) => namesService(rule, canaryService));
}

/** What an HTTPRoute says; the total is NaN where its rules do not say the same. */
export function splitOf(route: StoredObject, sides: Sides): RouteState {
  const matched = rulesOf(route).some((rule) => isChosen(rule, sides));
  const splits = rulesOf(route)
    .filter((rule) => namesService(rule, sides.service))
    .map((rule) => ({ weight: sum(rule, sides.canaryService), stable: sum(rule, sides.service) }));
  if (!hasCanary(route, sides)) return { weight: 0, total: 100, matched };
  const weight = Math.max(0, ...splits.map((split) => split.weight));
  const isEven = splits.every((split) => split.weight === weight && split.stable === splits[0]?.stable);
  return { weight, total: isEven ? weight + (splits[0]?.stable ?? Number.NaN) : Number.NaN, matched };
}

function sum({ backendRefs }: Rule, service: string): number {
  return backendRefs.filter(({ name }) => name === service).reduce((total, { weight }) => total + weight, 0);
}

/** All of a route that is not Headway's to change: everything but the canary, and the weights of the Service. */
export function untouchables(route: StoredObject, sides: Sides): string {
  const { labels, annotations } = route.metadata;
  const rules = z
    .looseObject({ rules: z.array(z.looseObject({})).default([]) })
    .parse(route.spec)
    .rules.flatMap((rule) => {
      const { backendRefs } = Rule.parse(rule);
      if (isChosen({ backendRefs }, sides)) return [];
      const kept = backendRefs.filter(({ name }) => name !== sides.canaryService);
      const refs = kept.map((ref) => (ref.name === sides.service ? { ...ref, weight: undefined } : ref));
      return [rule['backendRefs'] === undefined ? rule : { ...rule, backendRefs: refs }];
    });
  const { [noteOf(sides)]: _note, ...others } = annotations;
  return JSON.stringify({ labels, annotations: others, spec: { ...route.spec, rules } });
}

/**
 * What is left of Headway in a route that should be at rest; undefined when it is as it was written. In a TraefikService
 * the canary's place at weight 0 is the note.
 */
export function leftBehind(
  route: StoredObject,
  sides: Sides,
  written: StoredObject['spec'] | undefined,
): string | undefined {
  if (hasCanary(route, sides)) return `Service ${sides.canaryService}`;
  const isNoted = route.metadata.annotations[noteOf(sides)] !== undefined;
  if (isNoted && route.kind !== 'TraefikService') return `annotation ${noteOf(sides)}`;
  return written === undefined || JSON.stringify(route.spec) === JSON.stringify(written)
    ? undefined
    : `spec ${JSON.stringify(route.spec)} instead of ${JSON.stringify(written)}`;
}

/**
 * The spec as somebody else wrote it last, which is what has to come back. Who changes a route beside weights of
 * Headway has not written those: their rules are then what they were before.
 */
export function writtenSpec(
  after: StoredObject,
  before: { route: StoredObject | undefined; written: StoredObject['spec'] | undefined },
  sides: Sides,
): StoredObject['spec'] | undefined {
  if (!hasCanary(after, sides)) return after.spec;
  const { route, written } = before;
  if (!route || !written) return undefined;
  const isSame = JSON.stringify(route.spec['rules']) === JSON.stringify(after.spec['rules']);
  return isSame ? { ...after.spec, rules: written['rules'] } : undefined;
}
