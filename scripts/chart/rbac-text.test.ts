// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROUTERS_OF } from '../../operator/providers/traffic/types.ts';
import { resources } from '../../operator/kube/resources.ts';
import { clusterRules, operatorRules, type RbacRule } from './rbac-rules.ts';
import { rulesOfAll, rulesTemplate, ruleText } from './rbac-text.ts';

const ALWAYS: RbacRule = { why: 'Because.', group: '', resources: ['pods'], verbs: ['list', 'watch'] };
const ROUTED: RbacRule = { group: 'a.b', resources: ['cs'], verbs: ['get'], router: 'gateway' };
const LESS: RbacRule = { ...ROUTED, router: 'alb', unless: 'ingress' };

describe('ruleText', () => {
  it('is a rule as Kubernetes reads it, its reason before it', () => {
    expect(ruleText(ALWAYS, '  ')).toBe(
      '  # Because.\n  - apiGroups: [""]\n    resources: [pods]\n    verbs: [list, watch]',
    );
    expect(parse(ruleText(ALWAYS))).toEqual([
      { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
    ]);
  });
});

describe('rulesOfAll', () => {
  it('leaves out what another rule says already', () => {
    expect(rulesOfAll([ALWAYS, ROUTED, LESS])).toEqual([ALWAYS, ROUTED]);
  });
});

describe('rulesTemplate', () => {
  it('guards the rules of routers', () => {
    const text = rulesTemplate({ some: [ALWAYS, ROUTED, LESS] });
    expect(text).toContain('{{- define "headway.rules.some" -}}\n# Because.\n');
    expect(text).toContain('{{- if .Values.traffic.gateway.enabled }}\n- apiGroups: [a.b]');
    expect(text).toContain(
      '{{- if and .Values.traffic.alb.enabled (not .Values.traffic.ingress.enabled) }}\n',
    );
    expect(text.match(/\{\{- (if|define)/g)).toHaveLength(text.match(/\{\{- end/g)?.length ?? 0);
  });
});

describe('the rules of the operator', () => {
  it.each(Object.entries(ROUTERS_OF))(
    'let those routers read %s that work from it, and no others',
    (key, routers) => {
      const { plural, group } = resources[key as keyof typeof ROUTERS_OF];
      const rules = operatorRules.filter((rule) => rule.group === group && rule.resources.includes(plural));
      expect(rules.map(({ router }) => router ?? 'always').toSorted()).toEqual(
        rules.length === 1 ? [routers[0]] : [...routers].toSorted(),
      );
      for (const { verbs } of rules) expect(verbs).toEqual(expect.arrayContaining(['list', 'watch']));
    },
  );

  it('have in the cluster only what no Role can grant', () => {
    const scopes = new Map(Object.values(resources).map(({ plural, namespaced }) => [plural, namespaced]));
    const namespaced = (rules: readonly RbacRule[]) =>
      rules.flatMap(({ resources: names }) => names.map((name) => scopes.get(name.split('/')[0] ?? '')));
    expect(new Set(namespaced(operatorRules))).toEqual(new Set([true]));
    expect(namespaced(clusterRules)).toEqual([false]);
  });

  it('have no wildcard', () => {
    expect(JSON.stringify([operatorRules, clusterRules])).not.toContain('*');
  });
});
