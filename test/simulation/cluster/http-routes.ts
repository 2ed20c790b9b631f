// SPDX-License-Identifier: Apache-2.0
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { isRecord, type Json } from '../api/json.ts';
import { CANARY_SERVICE, SERVICE } from './names.ts';
import { specOf } from './objects.ts';

/** What the rules of an HTTPRoute say, read as a Gateway reads them and not as the operator does. */
export interface RouteReading {
  /** Weights of the rule that takes every request, by Service. */
  readonly weights: ReadonlyMap<string, number>;
  /** Whether chosen requests go to the canary alone. */
  readonly isChosen: boolean;
}

export function readRoute(route: KubeObject): RouteReading {
  const rules = rulesOf(route);
  const open = rules.find((rule) => !hasHeaders(rule) && servicesOf(rule).has(SERVICE));
  const isChosen = rules.some((rule) => hasHeaders(rule) && [...servicesOf(rule).keys()].every(isCanary));
  return { weights: open ? servicesOf(open) : new Map(), isChosen };
}

/** Percent that an HTTPRoute gives to the canary Service, and undefined where it does not name it. */
export function canaryPercent(route: KubeObject | undefined): number | undefined {
  if (!route) return undefined;
  const { weights } = readRoute(route);
  const weight = weights.get(CANARY_SERVICE);
  const total = [...weights.values()].reduce((sum, one) => sum + one, 0);
  return weight === undefined || total === 0 ? undefined : (100 * weight) / total;
}

/** Every Service that a route names. */
export function backendsOf(route: KubeObject): string[] {
  return rulesOf(route).flatMap((rule) => [...servicesOf(rule).keys()]);
}

function isCanary(name: string): boolean {
  return name === CANARY_SERVICE;
}

function rulesOf(route: KubeObject): Json[] {
  return listOf(specOf(route)['rules']);
}

function servicesOf(rule: Json): Map<string, number> {
  return new Map(
    listOf(rule['backendRefs']).map(({ name, weight }) => [
      String(name),
      typeof weight === 'number' ? weight : 1,
    ]),
  );
}

function hasHeaders(rule: Json): boolean {
  const matches = listOf(rule['matches']);
  return matches.length > 0 && matches.every(({ headers }) => listOf(headers).length > 0);
}

/** The records of a list, and none of what is no list. */
export function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
