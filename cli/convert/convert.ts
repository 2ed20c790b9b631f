// SPDX-License-Identifier: Apache-2.0
import type { Manifest } from '../manifests/manifests.ts';
import { isRollout, convertTemplates } from './argo/templates.ts';
import { convertRollout } from './argo/rollout.ts';
import { convertAutoscalers } from './autoscalers.ts';
import type { Draft } from './draft.ts';
import { convertFlagger, isFlaggerCanary } from './flagger/canary.ts';
import type { Ledger } from './ledger.ts';
import { convertPair, isCanaryIngress } from './nginx/pair.ts';
import { type Refusal, Workshop } from './workshop.ts';

export interface Converted {
  /** What was made, in the order in which it is to be applied. */
  readonly drafts: readonly Draft[];
  /** What became of each source, field by field. */
  readonly books: readonly Ledger[];
  readonly refusals: readonly Refusal[];
  /** Objects that nothing was made of. */
  readonly untouched: readonly Manifest[];
}

/** Rollouts, Canaries of Flagger and canary Ingresses among manifests, as manifests of Headway. */
export function convert(all: readonly Manifest[]): Converted {
  const workshop = new Workshop(all);
  const templates = convertTemplates(workshop);
  for (const source of all) {
    const made = workshop.drafts.length;
    if (isRollout(source)) {
      convertRollout(workshop, source, templates);
      const draft = workshop.drafts.slice(made).find(isRelease);
      if (draft)
        convertAutoscalers(
          workshop,
          draft,
          source,
          ({ kind, name }) => kind === 'Rollout' && name === source.name,
        );
    } else if (isFlaggerCanary(source)) convertFlagger(workshop, source);
    else if (isCanaryIngress(source)) convertPair(workshop, source);
  }
  const refused = workshop.refusals.map(({ source }) => source);
  return {
    drafts: workshop.drafts.toSorted((a, b) => rankOf(a) - rankOf(b)),
    books: workshop.books.filter(({ source }) => !refused.includes(source)),
    refusals: workshop.refusals,
    untouched: all.filter((source) => !workshop.isTakenUp(source)),
  };
}

function isRelease({ kind }: Draft): boolean {
  return kind === 'Canary' || kind === 'BlueGreen';
}

/** What others name comes before them; autoscalers come when all else is there. */
const ORDER = [
  'MetricsProvider',
  'AnalysisTemplate',
  'CronJob',
  'Deployment',
  'Service',
  '',
  'Canary',
  'BlueGreen',
];

function rankOf({ kind }: Draft): number {
  if (kind === 'HorizontalPodAutoscaler' || kind === 'ScaledObject') return ORDER.length;
  const rank = ORDER.indexOf(kind);
  return rank < 0 ? ORDER.indexOf('') : rank;
}

/** The result as a YAML stream. */
export function streamOf(drafts: readonly Draft[]): string {
  return drafts.map((draft) => draft.render()).join('---\n');
}
