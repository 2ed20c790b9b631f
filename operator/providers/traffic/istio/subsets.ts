// SPDX-License-Identifier: Apache-2.0
import { isService, weightAmong } from '../weights/split.ts';
import { originalsOf } from './destination-rules.ts';
import { coversHost } from './hosts.ts';
import type { LiveVirtualService } from './live.ts';
import type { DestinationRuleSnapshot, IstioTarget } from './schema.ts';

/**
 * Subsets that requests to the Service are sent to, and that would have no pod, or that nobody defines for the canary
 * Service: one sentence each.
 */
export function subsetSentences(target: IstioTarget, virtualService: LiveVirtualService): string[] {
  const { base, what, kind, sides } = virtualService;
  return base.flatMap((route, i) => {
    const refs = kind.refsOf(route, sides);
    const named = refs.flatMap((ref, at) => {
      const isIt = isService(ref, sides, target.service) && weightAmong(ref, refs, sides) > 0;
      const subset = route.route?.[at]?.destination.subset;
      return isIt && subset ? [subset] : [];
    });
    return [...new Set(named)].flatMap((subset) => {
      const because = becauseOf(target, subset);
      return because === undefined
        ? []
        : [
            `http route ${i + 1} of ${what} leads to subset ${subset} of Service ${target.service}, ${because}`,
          ];
    });
  });
}

/** Undefined: pods of a release are in the subset. */
function becauseOf(target: IstioTarget, name: string): string | undefined {
  const { namespace, service, podLabels } = target;
  const defining = rulesFor(target).find(({ subsets }) => subsets.some((subset) => subset.name === name));
  if (!defining)
    return `which no DestinationRule of namespace ${namespace} defines for it; define it there, so that Service ${target.canaryService} can have it too`;
  const labels = defining.subsets.find((subset) => subset.name === name)?.labels ?? {};
  const missing = Object.entries(labels).filter(([key, value]) => podLabels && podLabels[key] !== value);
  if (missing.length === 0) return undefined;
  const texts = missing.map(([key, value]) => `${key}=${value}`).join(', ');
  return `which DestinationRule ${defining.name} limits to pods with ${texts}; the new pods of Service ${service} do not have that, so after the release nobody would answer: take it out of the subset`;
}

/** Those for the Service alone, or, where there are none, those for many hosts: the closest one holds. */
function rulesFor(target: IstioTarget): DestinationRuleSnapshot[] {
  const own = originalsOf(target);
  if (own.length > 0) return own;
  return target.destinationRules.filter((rule) => !rule.deleting && coversHost(rule.host, target));
}
