// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { readManifests } from '../manifests/manifests.ts';
import { lint } from './lint.ts';
import { linesOf, HEAD, canary, template, PROVIDER, CHECK } from './test-manifests.ts';

describe('lint', () => {
  it.each<[string, string[], string[]]>([
    ['a good Canary', [canary()], []],
    ['nothing', [''], []],
    ['other kinds alone', ['apiVersion: v1\nkind: Service\nmetadata: {name: web}\n'], []],
    ['a kind of the same name of others', ['apiVersion: flagger.app/v1beta1\nkind: Canary\nspec: 5\n'], []],
    [
      'another version',
      [canary().replace('v1alpha1', 'v1')],
      [
        '1:1 apiVersion: "headway.dev/v1": of headway.dev there is the version v1alpha1; write headway.dev/v1alpha1',
      ],
    ],
    [
      'no version',
      [canary().replace('headway.dev/v1alpha1', 'headway.dev')],
      [
        '1:1 apiVersion: "headway.dev": of headway.dev there is the version v1alpha1; write headway.dev/v1alpha1',
      ],
    ],
    [
      'a kind that there is not',
      [canary().replace('kind: Canary', 'kind: Bluegreen')],
      ['2:1 kind: "Bluegreen": there is no such kind; did you mean BlueGreen?'],
    ],
    [
      'a kind that is like no other',
      [canary().replace('kind: Canary', 'kind: Rollout')],
      [
        '2:1 kind: "Rollout": there is no such kind; there are AnalysisTemplate, BlueGreen, Canary, MetricsProvider',
      ],
    ],
    [
      'a field that there is not, and one that is missing for it',
      [canary('', '  stpes: [{setWeight: 20}]\n')],
      [
        '4:1 spec.steps: set exactly one of steps and weights',
        '7:3 spec.stpes: there is no such field; did you mean steps?',
      ],
    ],
    [
      'a field in an item of a list',
      [canary('', '  steps:\n    - setWeight: 20\n      wait: 5m\n')],
      ['9:7 spec.steps[0].wait: there is no such field; there are setWeight, replicas, pause, analysis'],
    ],
    [
      'no field under a header that has any name',
      [canary('  traffic: {ingress: {name: web}}\n  match: [{headers: {x-canary: {exactly: a}}}]\n')],
      [
        '9:22 spec.match[0].headers.x-canary: set exactly one of exact, regex and prefix',
        '9:33 spec.match[0].headers.x-canary.exactly: there is no such field; did you mean exact?',
      ],
    ],
    [
      'all of a Canary at once',
      [
        canary(
          '  scaleDownDelay: soon\n  bake: {}\n',
          '  steps: [{setWeight: 101}, {pause: {duration: 5}}]\n',
        ),
      ],
      [
        '7:12 spec.steps[0].setWeight: 101: must be at most 100',
        '7:38 spec.steps[1].pause.duration: 5: must be a string',
        '8:3 spec.scaleDownDelay: "soon": must be a duration such as 30s, 5m or 1h30m',
        '9:3 spec.bake.duration: is required',
      ],
    ],
    ['no spec', [HEAD], ['1:1 spec: is required']],
    ['a spec that is a text', [`${HEAD}spec: hello\n`], ['4:1 spec: "hello": must be an object']],
    [
      'what stands beside the spec',
      [`${canary()}specs: {}\nstatus: {}\n`],
      [
        '8:1 specs: there is no such field; did you mean spec?',
        '9:1 warning: status: only the operator writes it, so the API server ignores it here; leave it out',
      ],
    ],
    [
      'a status where there is none',
      [`${template(CHECK)}status: {}\n---\n${PROVIDER}`],
      ['7:1 status: there is no such field; there are apiVersion, kind, metadata, spec'],
    ],
    [
      'metadata',
      [
        canary().replace(
          '{name: web, namespace: shop}',
          '{name: Web_1, namespace: 5, label: {}, labels: {a: 1, b: x}, annotations: []}',
        ),
      ],
      [
        '3:12 metadata.name: "Web_1": must be lower-case letters, digits, "-" and ".", starting and ending with a letter or digit',
        '3:25 metadata.namespace: must be a string',
        '3:39 metadata.label: there is no such field; did you mean labels?',
        '3:59 metadata.labels.a: 1: must be a string; put it into quotes',
        '3:72 metadata.annotations: must be an object of texts',
      ],
    ],
    [
      'a name that is missing, or no text',
      [
        canary().replace('{name: web, namespace: shop}', '{}'),
        canary().replace('name: web, n', 'name: no, n'),
      ],
      ['3:1 metadata.name: is required', 'b.yaml:3:12 metadata.name: false: must be a string'],
    ],
    ['a name that the API server makes', [canary().replace('{name: web', '{generateName: web-')], []],
    [
      'no metadata',
      [canary().replace(/metadata.*\n/, '')],
      ['1:1 metadata: is required: an object with a name'],
    ],
    [
      'a MetricsProvider in a namespace',
      [PROVIDER.replace('{name: prom}', '{name: prom, namespace: shop}')],
      [
        '3:24 warning: metadata.namespace: a MetricsProvider belongs to the cluster, and is in no namespace; leave it out',
      ],
    ],
    [
      'text that is no YAML, beside one that is',
      ['a: b: c\n', canary().replace('name: web, n', 'name: Web, n')],
      [
        '1:4 is not YAML: Nested mappings are not allowed in compact mappings',
        'b.yaml:3:12 metadata.name: "Web": must be lower-case letters, digits, "-" and ".", starting and ending with a letter or digit',
      ],
    ],
  ])('%s', (_, texts, lines) => {
    expect(linesOf(...texts)).toEqual(lines);
  });

  it('counts what it has checked and what it has not', () => {
    const other = 'apiVersion: v1\nkind: Service\n';
    const linted = lint(readManifests({ name: 'a', text: [canary(), other, other, PROVIDER].join('---\n') }));
    expect(linted.checked).toBe(2);
    expect([...linted.skipped]).toEqual([['Service', 2]]);
  });
});
