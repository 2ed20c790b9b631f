// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { linesOf, canary, blueGreen, template, PROVIDER, CHECK } from './test-manifests.ts';

describe('what the operator would say of checks', () => {
  const ask = (query: string, more = '') =>
    template(`{name: errors, provider: prom, query: ${query}, max: 1${more}}`);

  it.each<[string, string[], string[]]>([
    ['a good one', [template(CHECK), PROVIDER], []],
    [
      'an unknown placeholder, in a template',
      [ask(`'x{a="{{revison}}"}'`), PROVIDER],
      [
        '6:38 spec.checks[0].query: unknown placeholder {{revison}}; known: canary, canaryService, ingress, namespace, revision, service, stableRevision, target, window',
      ],
    ],
    [
      'an argument of a template that takes any',
      [ask(`'x{a="{{args.route}}"} > {{args.least}}'`), PROVIDER],
      [],
    ],
    [
      'an argument that the template does not have',
      [
        template(
          `{name: errors, provider: prom, query: 'x{a="{{args.b}}"}', max: 1}`,
          '  args: [{name: a, value: x}]\n',
        ),
        PROVIDER,
      ],
      [
        '7:38 spec.checks[0].query: unknown placeholder {{args.b}}; known: args.a, canary, canaryService, ingress, namespace, revision, service, stableRevision, target, window',
      ],
    ],
    [
      'a condition that is no CEL',
      [template('{name: errors, provider: prom, query: x, successCondition: "rezult > 2.0"}'), PROVIDER],
      ['6:48 spec.checks[0].successCondition: knows only "result", not "rezult"'],
    ],
    [
      'a label that Headway sets',
      [
        template(
          '{name: errors, provider: prom, metric: request-success-rate, min: 99, labels: {revision: x}}',
        ),
        PROVIDER,
      ],
      ['6:86 spec.checks[0].labels.revision: Headway sets this label itself'],
    ],
    [
      'a check in place',
      [canary(`  analysis: {checks: [{name: e, provider: prom, query: 'x{{y}}', max: 1}]}\n`), PROVIDER],
      [
        expect.stringMatching(
          /^8:49 spec\.analysis\.checks\[0\]\.query: unknown placeholder \{\{y\}\}/,
        ) as unknown as string,
      ],
    ],
    [
      'counters of Traefik without a route',
      [
        canary(
          '  analysis: {checks: [{name: e, provider: prom, metric: request-success-rate, source: traefik, min: 9}]}\n',
        ),
        PROVIDER,
      ],
      [
        '8:79 spec.analysis.checks[0].source: traefik tells canary and stable apart only behind an Ingress, a Gateway or a TraefikService; set traffic or use http',
      ],
    ],
    [
      'the same, in a template that only this release cannot use',
      [
        canary('  analysis: {templateRef: {name: errors}}\n'),
        template('{name: rate, provider: prom, metric: request-success-rate, source: traefik, min: 9}'),
        PROVIDER,
      ],
      [
        '8:28 spec.analysis.templateRef.name: AnalysisTemplate errors, check rate, source: traefik tells canary and stable apart only behind an Ingress, a Gateway or a TraefikService; set traffic or use http',
      ],
    ],
    [
      'what is wrong with a template, once, where it stands',
      [canary('  analysis: {templateRef: {name: errors}}\n'), ask('"x{{y}}"'), PROVIDER],
      [
        expect.stringMatching(
          /^b\.yaml:6:38 spec\.checks\[0\]\.query: unknown placeholder/,
        ) as unknown as string,
      ],
    ],
    [
      'an argument that the template does not take',
      [
        canary('  analysis: {templateRef: {name: errors}, args: [{name: b, value: x}]}\n'),
        template(CHECK, '  args: [{name: a, value: x}]\n'),
        PROVIDER,
      ],
      [
        '8:51 spec.analysis.args[0].name: AnalysisTemplate errors, check errors, args.b: the template has no such argument; it has a',
      ],
    ],
    [
      'a probe of a Service that there is not',
      [canary('  analysis: {checks: [{name: p, http: {port: 80, target: preview}}]}\n')],
      [
        '8:50 spec.analysis.checks[0].http.target: there is no preview Service: pods of both revisions share one; set traffic, or use canary or service',
      ],
    ],
    [
      'the same of a BlueGreen',
      [blueGreen('  prePromotion: {checks: [{name: p, http: {port: 80, target: preview}}]}\n')],
      [],
    ],
    ['a job', [canary('  analysis: {checks: [{name: j, job: {cronJobRef: {name: smoke}}}]}\n')], []],
  ])('%s', (_, texts, lines) => {
    expect(linesOf(...texts)).toEqual(lines);
  });
});
