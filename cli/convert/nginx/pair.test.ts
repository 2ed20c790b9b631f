// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { resultOf } from '../test-sources.ts';

const PREFIX = 'nginx.ingress.kubernetes.io';

function ingress(name: string, service: string, annotations: object = {}, path = '/'): object {
  const backend = { service: { name: service, port: { number: 80 } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'shop', annotations },
    spec: { rules: [{ host: 'shop.example.com', http: { paths: [{ path, pathType: 'Prefix', backend }] } }] },
  };
}

function canaryOf(annotations: object): object {
  const prefixed = Object.entries({ canary: 'true', ...annotations }).map(([name, value]) => [
    `${PREFIX}/${name}`,
    value,
  ]);
  return ingress('next', 'shop-next', Object.fromEntries(prefixed) as object);
}

const MAIN = ingress('shop', 'shop');

describe('a canary Ingress and the one beside it', () => {
  it.each<[string, object, object]>([
    [
      'a weight',
      { 'canary-weight': '15' },
      { steps: [{ setWeight: 15 }, { pause: {} }, { setWeight: 100 }] },
    ],
    [
      'a weight of a total',
      { 'canary-weight': '15', 'canary-weight-total': '1000' },
      { steps: [{ setWeight: 2 }, { pause: {} }, { setWeight: 100 }] },
    ],
    ['no weight', {}, { steps: [{ setWeight: 0 }, { pause: {} }] }],
    [
      'a header',
      { 'canary-by-header': 'X-Next' },
      { match: [{ headers: { 'X-Next': { exact: 'always' } } }] },
    ],
    [
      'a header with a value',
      { 'canary-by-header': 'X-Next', 'canary-by-header-value': '1' },
      { match: [{ headers: { 'X-Next': { exact: '1' } } }] },
    ],
    [
      'a header with a pattern',
      { 'canary-by-header': 'X-Next', 'canary-by-header-pattern': '^1' },
      { match: [{ headers: { 'X-Next': { regex: '^1' } } }] },
    ],
  ])('with %s', (_, annotations, spec) => {
    const result = resultOf(canaryOf(annotations), MAIN);
    expect(result.spec('Canary')).toMatchObject({
      targetRef: { kind: 'Deployment', name: 'shop' },
      service: { name: 'shop' },
      traffic: { ingress: { name: 'shop' } },
      ...spec,
    });
  });

  it('drops a cookie, and everything of the canary Ingress that is made anew', () => {
    const result = resultOf(canaryOf({ 'canary-by-cookie': 'next' }), MAIN);
    expect(result.said('metadata.annotations["nginx.ingress.kubernetes.io/canary-by-cookie"]')).toBe(
      'dropped: requests are chosen by a header, and not by a cookie',
    );
    expect(result.said('spec.rules[0].host')).toMatch(
      /^dropped: Headway makes the canary Ingress from the main one/,
    );
  });

  it('finds the Deployment by its pods', () => {
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'shop', namespace: 'shop' },
      spec: { selector: { app: 'shop' } },
    };
    const deployment = (name: string, app: string) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: 'shop' },
      spec: { template: { metadata: { labels: { app } } } },
    });
    const result = resultOf(canaryOf({}), MAIN, service, deployment('web', 'shop'), deployment('other', 'x'));
    expect(result.spec('Canary')).toMatchObject({ targetRef: { name: 'web' } });
    expect(resultOf(canaryOf({}), MAIN).looks('Canary').join()).toMatch(/shop is a guess/);
  });

  it('knows other prefixes', () => {
    const annotations = { 'example.com/canary': 'true', 'example.com/canary-weight': '5' };
    expect(resultOf(ingress('next', 'shop-next', annotations), MAIN).spec('Canary')).toMatchObject({
      traffic: { ingress: { name: 'shop', annotationPrefix: 'example.com' } },
      steps: [{ setWeight: 5 }, { pause: {} }, { setWeight: 100 }],
    });
  });

  it('needs the main one', () => {
    const { refusals } = resultOf(canaryOf({}), ingress('shop', 'shop', {}, '/other')).converted;
    expect(refusals[0]?.message).toMatch(/^no Ingress in what was read has one of its hosts and paths/);
  });

  it('leaves alone what a controller owns', () => {
    const owned = canaryOf({ 'canary-weight': '5' }) as { metadata: object };
    const source = {
      ...owned,
      metadata: { ...owned.metadata, ownerReferences: [{ kind: 'Canary', name: 'x' }] },
    };
    expect(resultOf(source, MAIN).converted.drafts).toEqual([]);
  });
});
