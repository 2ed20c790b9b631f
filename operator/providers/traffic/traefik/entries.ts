// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../../../engine/names.ts';
import type { Backend } from '../weights/backend.ts';
import { baseBackends } from '../weights/base.ts';
import { rememberRule } from '../weights/memory.ts';
import type { ListEditor } from '../weights/patched.ts';
import {
  hasCanary,
  isService,
  leadsToService,
  shareOf,
  type Sides,
  splitBackends,
} from '../weights/split.ts';

/**
 * The one list of a TraefikService. At weight 0 it is as the user wrote it: Traefik drops a TraefikService as a whole
 * while a Service in it has no ready pod, be its weight 0, unless its provider allows empty services
 * (pkg/provider/kubernetes/crd/kubernetes_http.go, buildServicesLB), and a canary may well have none.
 */
export const weightedEntries: ListEditor<readonly Backend[]> = {
  isNotedAtZero: true,
  read: (entries, sides) => {
    const isRelevant = leadsToService(entries, sides) || hasCanary(entries, sides);
    const weight = shareOf(entries, sides);
    return {
      exists: hasCanary(entries, sides),
      weight,
      matched: false,
      shares: isRelevant ? [weight] : [],
    };
  },
  base: (entries, sides, memory) => {
    if (!hasCanary(entries, sides)) return entries;
    const isAlone = !entries.some((entry) => isService(entry, sides, sides.service));
    return isAlone ? renamed(entries, sides) : baseBackends(entries, sides, { memory, place: 0 });
  },
  split: (base, sides, { weight }) =>
    leadsToService(base, sides) ? splitBackends(base, sides, weight) : undefined,
  remember: (base) => [rememberRule(base)],
  changes: (live, wanted) =>
    canonicalJson(live) === canonicalJson(wanted)
      ? []
      : [{ op: 'replace', path: '/spec/weighted/services', value: wanted }],
};

/** Somebody took the Service out and left the canary, which goes: its requests are the Service's again. */
function renamed(entries: readonly Backend[], sides: Sides): Backend[] {
  return entries.map((entry) =>
    isService(entry, sides, sides.canaryService) ? { ...entry, name: sides.service } : entry,
  );
}
