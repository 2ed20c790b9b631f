// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { linesOf, canary, blueGreen, template, PROVIDER, CHECK } from './test-manifests.ts';

describe('between the objects of the input', () => {
  const object = (kind: string, name: string, spec: string) =>
    `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n`;
  const named = canary('  analysis: {templateRef: {name: errors}}\n');
  const route = '  traffic: {ingress: {name: web}}\n';
  const second = (text: string) => text.replace('name: web, namespace', 'name: web2, namespace');

  it.each<[string, string[], string[]]>([
    [
      'a template that is not there: a note',
      [named],
      [
        '8:28 note: spec.analysis.templateRef.name: AnalysisTemplate errors is not in what was read; make sure that the cluster has it',
      ],
    ],
    [
      'one of another namespace',
      [named, template(CHECK).replace('namespace: shop', 'namespace: bar'), PROVIDER],
      [
        '8:28 note: spec.analysis.templateRef.name: AnalysisTemplate errors is in namespace bar here, and is looked for in shop',
      ],
    ],
    ['one that says no namespace', [named, template(CHECK).replace(', namespace: shop', ''), PROVIDER], []],
    [
      'one that is there but not good',
      [named, template('{name: errors, tcp: {port: 0}}')],
      ['b.yaml:6:28 spec.checks[0].tcp.port: 0: must be at least 1'],
    ],
    [
      'a provider that is not there, once',
      [template(`${CHECK}\n    - ${CHECK.replace('name: errors', 'name: more')}`)],
      [
        '6:22 note: spec.checks[0].provider: MetricsProvider prom is not in what was read; make sure that the cluster has it',
      ],
    ],
    [
      'a provider that does not allow the namespace',
      [template(CHECK), PROVIDER.replace('9090}', '9090, allowedNamespaces: [pay, billing]}')],
      [
        '6:22 spec.checks[0].provider: MetricsProvider prom does not allow namespace shop; its allowedNamespaces are pay, billing',
      ],
    ],
    [
      'a provider that allows none',
      [template(CHECK), PROVIDER.replace('9090}', '9090, allowedNamespaces: []}')],
      [
        '6:22 spec.checks[0].provider: MetricsProvider prom does not allow namespace shop; its allowedNamespaces are none',
      ],
    ],
    [
      'the same object twice',
      [canary(), canary()],
      [
        'b.yaml:3:12 metadata.name: Canary web is in a.yaml:1 already; the one that is applied last wins, so keep one of them',
      ],
    ],
    [
      'the same in files that say no namespace: maybe of two clusters',
      [canary().replace(', namespace: shop', ''), canary().replace(', namespace: shop', '')],
      [
        'b.yaml:3:12 note: metadata.name: Canary web is in a.yaml:1 already; the one that is applied last wins, so keep one of them',
      ],
    ],
    [
      'two that govern one Deployment, Service and Ingress',
      [canary(route), second(canary(route))],
      [
        'b.yaml:5:33 spec.targetRef.name: Deployment web is governed by Canary web of a.yaml:1 already; of two the older one governs, so give each its own',
        'b.yaml:6:13 spec.service.name: Service web is governed by Canary web of a.yaml:1 already; of two the older one governs, so give each its own',
        'b.yaml:8:23 spec.traffic.ingress.name: Ingress web is governed by Canary web of a.yaml:1 already; of two the older one governs, so give each its own',
      ],
    ],
    [
      'two actions of one Ingress',
      [
        canary('  traffic: {alb: {ingress: web, action: a}}\n'),
        second(canary('  traffic: {alb: {ingress: web, action: b}}\n'))
          .replaceAll('{name: web}', '{name: x}')
          .replace('Deployment, name: web', 'Deployment, name: x'),
      ],
      [],
    ],
    ['two of other namespaces', [canary(), canary().replace('namespace: shop', 'namespace: bar')], []],
    [
      'a Service that cannot be governed',
      [canary(), object('Service', 'web', '{clusterIP: None, type: ExternalName}')],
      [
        'b.yaml:4:1 spec.selector: a Service without a selector cannot be governed; give it the labels of the pods',
        'b.yaml:4:8 spec.clusterIP: a headless Service cannot be governed; let clients use one that has an address',
        'b.yaml:4:25 spec.type: a Service of type ExternalName has no pods, so that it cannot be governed',
      ],
    ],
    [
      'a Deployment that cannot be governed',
      [canary(), object('Deployment', 'web', '{selector: {matchExpressions: []}}')],
      [
        'b.yaml:4:19 spec.selector.matchExpressions: a Deployment that is governed selects its pods by matchLabels alone; say it with matchLabels',
      ],
    ],
    [
      'good ones, and those of others',
      [
        canary(),
        object('Service', 'web', '{selector: {app: web}}'),
        [
          object('Service', 'other', '{}'),
          object('Deployment', 'web', '{selector: {matchLabels: {app: web}}}'),
        ].join('---\n'),
      ],
      [],
    ],
    [
      'a Service that Headway makes',
      [canary(route), object('Service', 'web-canary', '{selector: {app: web}}')],
      [
        'b.yaml:3:12 metadata.name: Headway makes this Service for Canary web and takes none that somebody else made; leave it out',
      ],
    ],
    ['the same without a route', [canary(), object('Service', 'web-canary', '{selector: {app: web}}')], []],
    [
      'a preview Service',
      [blueGreen('  previewService: {name: next}\n'), object('Service', 'next', '{selector: {app: web}}')],
      [
        'b.yaml:3:12 metadata.name: Headway makes this Service for BlueGreen web and takes none that somebody else made; leave it out, or give previewService another name',
      ],
    ],
    [
      'an autoscaler of the Deployment',
      [canary(), object('HorizontalPodAutoscaler', 'web', '{scaleTargetRef: {kind: Deployment, name: web}}')],
      [
        'b.yaml:4:8 warning: spec.scaleTargetRef: Deployment web stands at 0 once Canary web has adopted it, and nothing scales any more; point it at Canary web of headway.dev/v1alpha1 then',
      ],
    ],
    [
      'an autoscaler of the Canary, and one of another Deployment',
      [
        canary(),
        object('HorizontalPodAutoscaler', 'web', '{scaleTargetRef: {kind: Canary, name: web}}'),
        object('HorizontalPodAutoscaler', 'x', '{scaleTargetRef: {kind: Deployment, name: x}}'),
      ],
      [],
    ],
  ])('%s', (_, texts, lines) => {
    expect(linesOf(...texts)).toEqual(lines);
  });
});
