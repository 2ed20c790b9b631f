// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../../api/group.ts';
import { Reasons } from '../../../api/reasons.ts';
import { resources } from '../../../kube/resources.ts';
import { notFound, notServed } from '../absent.ts';
import type { RouteProblem } from '../types.ts';
import type { Backend } from '../weights/backend.ts';
import { listed } from '../weights/listed.ts';
import { readMemory } from '../weights/memory.ts';
import { beforeAnnotation } from '../weights/note.ts';
import { hasCanary, isService, isShared, leadsToService, weightOf } from '../weights/split.ts';
import { weightedEntries } from './entries.ts';
import type { TraefikServiceSnapshot, TraefikTarget } from './schema.ts';

/** Beside others all weights may be multiplied by 100: still a whole number wherever Traefik runs. */
const MAX_SHARED_WEIGHT = 1_000_000;

/** Why the TraefikService cannot be split, all reasons at once; empty when it can. */
export function findTraefikProblems(target: TraefikTarget): RouteProblem[] {
  const { found, name, namespace, isServed } = target;
  const what = `TraefikService ${name}`;
  if (!isServed) return [notServed(resources.traefikServices, 'Traefik')];
  if (!found || found.deleting) return [notFound(what, namespace, found !== undefined)];
  return sentences(target, what, found).map((message) => ({ reason: Reasons.RouteNotSupported, message }));
}

function sentences(target: TraefikTarget, what: string, found: TraefikServiceSnapshot): string[] {
  const { services, before } = found;
  if (!services) return [withoutWeights(target, what, found)];
  const memory = readMemory(before.get(beforeAnnotation(target.service)));
  const base = weightedEntries.base(services, target, memory);
  return [...foreignSentences(target, what, found), ...entrySentences(target, what, base)];
}

function withoutWeights({ service }: TraefikTarget, what: string, found: TraefikServiceSnapshot): string {
  const { insteadOfWeights: other } = found;
  const lack = other ? `has ${other} and no weighted.services` : 'has no weighted.services';
  const way = other ? `let its ${other} name a TraefikService that has, and name that one` : 'add them';
  return `${what} ${lack}, so no weight can be moved; ${way}, with an entry for Service ${service}`;
}

/** The canary Service belongs to Headway, and so does each mention of it: one in Git would go with the release. */
function foreignSentences(target: TraefikTarget, what: string, found: TraefikServiceSnapshot): string[] {
  const { services = [], before, writer } = found;
  if (before.has(beforeAnnotation(target.service)) || writer === FIELD_MANAGER) return [];
  if (!hasCanary(services, target)) return [];
  return [
    `${what} already names Service ${target.canaryService}, which is Headway's own; take it out of weighted.services`,
  ];
}

function entrySentences(target: TraefikTarget, what: string, base: readonly Backend[]): string[] {
  const { service, namespace } = target;
  const own = base.filter((entry) => isService(entry, target, service));
  if (own.length === 0) {
    const instead = base.length > 0 ? `it names ${listed(base, namespace)}` : 'it is empty';
    return [`no entry of weighted.services of ${what} names Service ${service}; ${instead}`];
  }
  if (!leadsToService(base, target))
    return [`${what} gives Service ${service} weight 0; there is nothing to shift`];
  return [...nodePortSentences(target, what, own), ...heavySentences(target, what, base)];
}

/** The canary Service is of type ClusterIP, whatever the user's is. */
function nodePortSentences(
  { service, canaryService }: TraefikTarget,
  what: string,
  own: readonly Backend[],
): string[] {
  if (!own.some((entry) => entry['nodePortLB'] === true)) return [];
  return [
    `${what} reaches Service ${service} by its node port (nodePortLB), and Service ${canaryService} has none; leave nodePortLB out`,
  ];
}

function heavySentences(target: TraefikTarget, what: string, base: readonly Backend[]): string[] {
  const greatest = Math.max(...base.map(weightOf));
  if (!isShared(base, target) || greatest <= MAX_SHARED_WEIGHT) return [];
  return [
    `${what} has a weight of ${greatest}; beside other entries at most ${MAX_SHARED_WEIGHT} can be split by percent`,
  ];
}
