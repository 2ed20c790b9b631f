// SPDX-License-Identifier: Apache-2.0
import type { Backend } from './backend.ts';

/** Between which Services of one namespace a route is split. */
export interface Sides {
  readonly namespace: string;
  readonly service: string;
  readonly canaryService: string;
  /** The greatest weight that the route can say; absent: far greater than is ever needed. */
  readonly mostWeight?: number;
  /** What a backend gets among all of its list, where a kind of route reads that in another way than weightOf. */
  weightIn?(ref: Backend, among: readonly Backend[]): number;
}

/** The weight that a backend has in effect in its list. */
export function weightAmong(ref: Backend, among: readonly Backend[], sides: Sides): number {
  return sides.weightIn?.(ref, among) ?? weightOf(ref);
}

function sumOf(refs: readonly Backend[], among: readonly Backend[], sides: Sides): number {
  return refs.reduce((sum, ref) => sum + weightAmong(ref, among, sides), 0);
}

/** Whether a backend is this Service, here: one of the same name in another namespace is not. */
export function isService(ref: Backend, sides: Sides, name: string): boolean {
  const isCore = (ref.group ?? '') === '' && (ref.kind ?? 'Service') === 'Service';
  return isCore && ref.name === name && (ref.namespace ?? sides.namespace) === sides.namespace;
}

/** The weight of a backend; 1 where it has none (gateway.networking.k8s.io/v1 BackendRef; buildServicesLB of Traefik). */
export function weightOf(ref: Backend): number {
  return ref.weight ?? 1;
}

/** Whether some of the requests go to the Service, so that there is something to split. */
export function leadsToService(refs: readonly Backend[], sides: Sides): boolean {
  return refs.some((ref) => isService(ref, sides, sides.service) && weightAmong(ref, refs, sides) > 0);
}

/** Whether a rule has backends besides the Service that get requests too. */
export function isShared(refs: readonly Backend[], sides: Sides): boolean {
  return refs.filter((ref) => weightAmong(ref, refs, sides) > 0).length > 1 && leadsToService(refs, sides);
}

/**
 * The backends of a rule with `percent` of what goes to the Service going to the canary Service, and the rest as it
 * was. A Service that has the rule for itself gets weights that sum to 100. Beside others its own weight is divided;
 * only where that has no whole numbers are all weights of the rule multiplied by the same factor, as small as can be.
 * Where the route ends before such a factor, the canary's share is the nearest, and those of the others are as they were.
 */
export function splitBackends(refs: readonly Backend[], sides: Sides, percent: number): Backend[] {
  if (!leadsToService(refs, sides)) return [...refs];
  const shared = isShared(refs, sides);
  const factor = shared ? Math.min(factorFor(refs, sides, percent), mostFactor(refs, sides)) : 1;
  return refs.flatMap((ref) => {
    const weight = weightAmong(ref, refs, sides);
    if (weight === 0) return [ref];
    if (!isService(ref, sides, sides.service))
      return [factor === 1 ? ref : { ...ref, weight: weight * factor }];
    const whole = shared ? weight * factor : 100;
    const canary = Math.round((whole * percent) / 100);
    return [
      { ...ref, weight: whole - canary },
      { ...ref, name: sides.canaryService, weight: canary },
    ];
  });
}

/** The smallest factor after which every weight of the Service can be divided; at most 100. */
function factorFor(refs: readonly Backend[], sides: Sides, percent: number): number {
  const weights = refs
    .filter((ref) => isService(ref, sides, sides.service))
    .map((ref) => weightAmong(ref, refs, sides));
  return weights.reduce((factor, weight) => {
    const needed = 100 / greatestDivisor(100, weight * percent);
    return (factor * needed) / greatestDivisor(factor, needed);
  }, 1);
}

/** The greatest factor after which every weight can still be said; at least 1. */
export function mostFactor(refs: readonly Backend[], sides: Sides): number {
  const { mostWeight = Infinity } = sides;
  const greatest = Math.max(...refs.map((ref) => weightAmong(ref, refs, sides)));
  return Math.max(1, Math.floor(mostWeight / greatest));
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/**
 * Percent of what these backends send to the two Services that goes to the canary, rounded, but neither down to 0 nor
 * up to 100: some is not none and most is not all.
 */
export function shareOf(refs: readonly Backend[], sides: Sides): number {
  const weightOfAll = (name: string) =>
    sumOf(
      refs.filter((ref) => isService(ref, sides, name)),
      refs,
      sides,
    );
  const [stable, canary] = [weightOfAll(sides.service), weightOfAll(sides.canaryService)];
  if (canary === 0) return 0;
  if (stable === 0) return 100;
  return Math.min(Math.max(Math.round((100 * canary) / (stable + canary)), 1), 99);
}

export function hasCanary(refs: readonly Backend[], sides: Sides): boolean {
  return refs.some((ref) => isService(ref, sides, sides.canaryService));
}

/** The backends without the canary, whose weight goes back to the Service that it was taken from. */
export function withoutCanary(refs: readonly Backend[], sides: Sides): Backend[] {
  const taken = refs.filter((ref) => isService(ref, sides, sides.canaryService));
  const kept = refs.filter((ref) => !isService(ref, sides, sides.canaryService));
  const stable = kept.filter((ref) => isService(ref, sides, sides.service));
  return kept.map((ref) => {
    if (!stable.includes(ref)) return ref;
    const own = taken.filter(
      (canary) => (stable.find(({ port }) => port === canary.port) ?? stable[0]) === ref,
    );
    return own.length === 0 ? ref : { ...ref, weight: sumOf([ref, ...own], refs, sides) };
  });
}
