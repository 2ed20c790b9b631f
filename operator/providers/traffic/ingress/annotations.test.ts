// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isCanaryIngress, isCanaryKey, readWeight, valueOf } from './annotations.ts';
import { projectIngress } from './schema.ts';
import { ingressFrom, PREFIX } from './test-objects.ts';

function withAnnotations(annotations: Record<string, string>) {
  const raw = ingressFrom('spec: {}');
  raw.metadata.annotations = annotations;
  return projectIngress(raw);
}

function weightOf(weight: string | undefined, total?: string): number {
  const annotations: Record<string, string> = {};
  if (weight !== undefined) annotations[`${PREFIX}/canary-weight`] = weight;
  if (total !== undefined) annotations[`${PREFIX}/canary-weight-total`] = total;
  return readWeight(withAnnotations(annotations), PREFIX);
}

describe('readWeight', () => {
  it.each([
    { weight: '0', total: '100', percent: 0 },
    { weight: '25', total: '100', percent: 25 },
    { weight: '100', total: '100', percent: 100 },
    { weight: '25', total: undefined, percent: 25 },
    { weight: undefined, total: '100', percent: 0 },
    { weight: '150', total: '100', percent: 100 },
    { weight: '-5', total: '100', percent: 0 },
    { weight: '+25', total: '100', percent: 25 },
    { weight: '025', total: '100', percent: 25 },
    { weight: '50', total: '200', percent: 25 },
    { weight: '50', total: '10', percent: 50 },
    { weight: '50', total: 'many', percent: 50 },
    { weight: '1', total: '1000', percent: 1 },
    { weight: '999', total: '1000', percent: 99 },
    { weight: '25%', total: '100', percent: 0 },
    { weight: '2.5', total: '100', percent: 0 },
    { weight: '', total: '', percent: 0 },
    { weight: ' 25', total: '100', percent: 0 },
    { weight: '1e2', total: '100', percent: 0 },
    { weight: '0x10', total: '100', percent: 0 },
    { weight: 'NaN', total: '100', percent: 0 },
    { weight: '99999999999999999999', total: '100', percent: 0 },
  ])('of weight $weight and total $total is $percent', ({ weight, total, percent }) => {
    expect(weightOf(weight, total)).toBe(percent);
  });

  it('is always an integer from 0 to 100, 0 and 100 only for none and all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 100, max: 5000 }), (weight, total) => {
        const percent = weightOf(String(weight), String(total));
        expect(Number.isInteger(percent)).toBe(true);
        expect(percent === 0).toBe(weight === 0);
        expect(percent === 100).toBe(weight >= total);
      }),
    );
  });
});

describe('isCanaryKey', () => {
  it.each([
    [`${PREFIX}/canary`, true],
    [`${PREFIX}/canary-weight`, true],
    [`${PREFIX}/canary-by-header-pattern`, true],
    [`${PREFIX}/affinity-canary-behavior`, false],
    [`${PREFIX}/canaryish`, false],
    ['higress.io/canary', false],
    ['canary', false],
  ])('%s: %s', (key, is) => {
    expect(isCanaryKey(PREFIX, key)).toBe(is);
  });
});

describe('isCanaryIngress', () => {
  it.each([
    ['true', true],
    ['True', true],
    ['false', false],
    ['', false],
    ['yes', false],
  ])('canary: "%s" says %s', (value, is) => {
    expect(isCanaryIngress(withAnnotations({ [`${PREFIX}/canary`]: value }), PREFIX)).toBe(is);
  });

  it('an Ingress without annotations is none', () => {
    expect(isCanaryIngress(withAnnotations({}), PREFIX)).toBe(false);
  });
});

describe('valueOf', () => {
  it('finds nothing inherited', () => {
    expect(valueOf(withAnnotations({}), 'constructor')).toBeUndefined();
    expect(valueOf(withAnnotations({ constructor: 'x' }), 'constructor')).toBe('x');
  });
});
