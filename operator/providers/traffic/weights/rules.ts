// SPDX-License-Identifier: Apache-2.0
import type { RequestMatch } from '../../../api/match.ts';
import { canonicalJson } from '../../../engine/names.ts';
import type { JsonPatchOperation } from '../../../kube/objects.ts';
import type { Backend } from './backend.ts';
import { baseBackends } from './base.ts';
import { type Memory, rememberRule } from './memory.ts';
import type { ListEditor, ListsFacts } from './patched.ts';
import { hasCanary, isService, leadsToService, shareOf, type Sides, splitBackends } from './split.ts';

/** How one kind of route says its rules: each takes some requests, and has a list of backends that share them. */
export interface RuleKind<Rule extends object> {
  /** Where the rules are in the object, as a JSON pointer. */
  readonly path: string;
  /** The field of a rule that holds its backends. */
  readonly field: keyof Rule & string;
  refsOf(rule: Rule, sides: Sides): readonly Backend[];
  withRefs(rule: Rule, refs: readonly Backend[], sides: Sides): Rule;
  /**
   * The rule that stands before `rule` and takes those of its requests that `match` chooses: all that it leads to is the
   * canary. Undefined where nothing can be chosen.
   */
  canaryRule(rule: Rule, match: readonly RequestMatch[], sides: Sides): Rule | undefined;
}

/** What a kind of route makes of a share. `sidesOf` adds to the target what the kind knows of weights. */
export function ruleEditor<Rule extends object>(
  kind: RuleKind<Rule>,
  sidesOf: (target: Sides) => Sides = (target) => target,
): ListEditor<readonly Rule[]> {
  return {
    isNotedAtZero: false,
    read: (rules, target) => readRules(kind, rules, sidesOf(target)),
    base: (rules, target, memory) => baseRules(kind, rules, sidesOf(target), memory),
    split: (base, target, { weight, matched }) => {
      const sides = sidesOf(target);
      if (!base.some((rule) => leadsToService(kind.refsOf(rule, sides), sides))) return undefined;
      return splitRules(kind, base, sides, { weight, match: matched ? target.match : [] });
    },
    remember: (base, target) => rememberRules(kind, base, sidesOf(target)),
    changes: (live, wanted) => ruleChanges(kind, live, wanted),
  };
}

/** The rules as the user wrote them: without the canary, and with the weights that there were before it came. */
export function baseRules<Rule extends object>(
  kind: RuleKind<Rule>,
  rules: readonly Rule[],
  sides: Sides,
  memory: Memory | undefined,
): Rule[] {
  let place = 0;
  return rules
    .filter((rule) => !isCanaryRule(kind, rule, sides))
    .map((rule) => {
      const refs = kind.refsOf(rule, sides);
      if (!hasCanary(refs, sides)) return rule;
      return kind.withRefs(rule, baseBackends(refs, sides, { memory, place: place++ }), sides);
    });
}

/** The rules with `weight` percent for the canary, and with rules in front for what `match` chooses. */
export function splitRules<Rule extends object>(
  kind: RuleKind<Rule>,
  base: readonly Rule[],
  sides: Sides,
  { weight, match }: { weight: number; match: readonly RequestMatch[] },
): Rule[] {
  return base.flatMap((rule) => {
    const refs = kind.refsOf(rule, sides);
    if (!leadsToService(refs, sides)) return [rule];
    const chosen = match.length === 0 ? undefined : kind.canaryRule(rule, match, sides);
    const split = kind.withRefs(rule, splitBackends(refs, sides, weight), sides);
    return chosen ? [chosen, split] : [split];
  });
}

/** What has to be remembered to come back to these rules. */
function rememberRules<Rule extends object>(
  kind: RuleKind<Rule>,
  base: readonly Rule[],
  sides: Sides,
): Memory['rules'] {
  const lists = base.map((rule) => kind.refsOf(rule, sides));
  return lists.filter((refs) => leadsToService(refs, sides)).map(rememberRule);
}

export function readRules<Rule extends object>(
  kind: RuleKind<Rule>,
  rules: readonly Rule[],
  sides: Sides,
): ListsFacts {
  const split = rules
    .filter((rule) => !isCanaryRule(kind, rule, sides))
    .map((rule) => kind.refsOf(rule, sides));
  const relevant = split.filter((refs) => leadsToService(refs, sides) || hasCanary(refs, sides));
  const shares = relevant.map((refs) => shareOf(refs, sides));
  return {
    exists: rules.some((rule) => hasCanary(kind.refsOf(rule, sides), sides)),
    weight: Math.max(0, ...shares),
    matched: rules.some((rule) => isCanaryRule(kind, rule, sides)),
    shares,
  };
}

/** Whether a rule is one that canaryRule made: all it leads to is the canary. */
function isCanaryRule<Rule extends object>(kind: RuleKind<Rule>, rule: Rule, sides: Sides): boolean {
  const refs = kind.refsOf(rule, sides);
  return refs.length > 0 && refs.every((ref) => isService(ref, sides, sides.canaryService));
}

/** Only the backends of the rules that change; the list as a whole where rules come or go. */
function ruleChanges<Rule extends object>(
  { path, field }: RuleKind<Rule>,
  live: readonly Rule[],
  wanted: readonly Rule[],
): JsonPatchOperation[] {
  if (canonicalJson(live) === canonicalJson(wanted)) return [];
  if (live.length !== wanted.length) return [{ op: 'replace', path, value: wanted }];
  return wanted.flatMap((rule, i): JsonPatchOperation[] => {
    const before = live[i];
    if (!before || canonicalJson(rule) === canonicalJson(before)) return [];
    const isSameElse = canonicalJson({ ...rule, [field]: before[field] }) === canonicalJson(before);
    return isSameElse && before[field]
      ? [{ op: 'replace', path: `${path}/${i}/${field}`, value: rule[field] }]
      : [{ op: 'replace', path: `${path}/${i}`, value: rule }];
  });
}
