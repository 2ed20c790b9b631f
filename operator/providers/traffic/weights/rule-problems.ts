// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../../api/group.ts';
import type { LiveObject } from './patched.ts';
import type { RuleKind } from './rules.ts';
import { hasCanary, isService, isShared, leadsToService, type Sides, weightAmong } from './split.ts';

/** What the sentences about the rules of a route speak of. */
export interface RuleWords {
  /** The route, as `HTTPRoute web`. */
  readonly what: string;
  /** What one of its rules is called, as `rule` or `http route`. */
  readonly rule: string;
  /** What becomes of who looks for the Service in vain, as `they lead to Service cart`. */
  readonly instead: string;
  /** The greatest weight that may stand beside another backend in one rule: it may be multiplied by 100. */
  readonly maxSharedWeight: number;
}

/** The canary Service belongs to Headway, and so does each mention of it: one in Git would go with the release. */
export function foreignSentences<Rule extends object>(
  kind: RuleKind<Rule>,
  { object, note }: LiveObject<readonly Rule[]>,
  sides: Sides,
  { what, rule }: Pick<RuleWords, 'what' | 'rule'>,
): string[] {
  if (note !== undefined || object.writer === FIELD_MANAGER) return [];
  const at = object.lists.findIndex((one) => hasCanary(kind.refsOf(one, sides), sides));
  if (at < 0) return [];
  return [
    `${rule} ${at + 1} of ${what} already names Service ${sides.canaryService}, which is Headway's own; take it out of the ${rule}, and use match to choose requests`,
  ];
}

/** Why rules cannot be split, one sentence each; `base` are those of the user. */
export function ruleSentences<Rule extends object>(
  kind: RuleKind<Rule>,
  base: readonly Rule[],
  sides: Sides,
  { what, rule, instead, maxSharedWeight }: RuleWords,
): string[] {
  const { service } = sides;
  const naming = base
    .map((one, i) => ({ refs: kind.refsOf(one, sides), number: i + 1 }))
    .filter(({ refs }) => refs.some((ref) => isService(ref, sides, service)));
  if (naming.length === 0) return [`no ${rule} of ${what} leads to Service ${service}; ${instead}`];
  if (!naming.some(({ refs }) => leadsToService(refs, sides)))
    return [`every ${rule} of ${what} gives Service ${service} weight 0; there is nothing to shift`];
  return naming.flatMap(({ number, refs }) => {
    const greatest = Math.max(...refs.map((ref) => weightAmong(ref, refs, sides)));
    if (!isShared(refs, sides) || greatest <= maxSharedWeight) return [];
    return [
      `${rule} ${number} of ${what} has a weight of ${greatest}; beside other backends at most ${maxSharedWeight} can be split by percent`,
    ];
  });
}
