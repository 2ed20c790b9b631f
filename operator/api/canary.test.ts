// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { badCanaries, goodCanaries } from './canary.cases.ts';
import { settleOf, type Traffic } from './traffic.ts';
import { CanarySpec } from './canary.ts';
import { describeSpecErrors } from './spec-errors.ts';

function errorsOf(spec: unknown): string[] {
  const result = CanarySpec.safeParse(spec);
  return result.success ? [] : describeSpecErrors(result.error, spec);
}

describe('CanarySpec', () => {
  it.each(goodCanaries)('takes $title', ({ spec }) => {
    expect(errorsOf(spec)).toEqual([]);
  });

  it.each(badCanaries)('refuses $title', ({ spec, operator }) => {
    expect(errorsOf(spec)).toEqual(operator);
  });

  it('fills in the defaults that its descriptions promise', () => {
    const spec = CanarySpec.parse({
      targetRef: { kind: 'Deployment', name: 'shop' },
      service: { name: 'shop' },
      traffic: { ingress: { name: 'shop' } },
      steps: [{ setWeight: 10 }],
      analysis: { templateRef: { name: 'errors' } },
    });
    expect(spec).toMatchObject({
      traffic: { ingress: { annotationPrefix: 'nginx.ingress.kubernetes.io' } },
      analysis: { startingStep: 0 },
      releasePolicy: 'Any',
      onFailure: 'Rollback',
      onNoData: 'Pause',
      noDataDeadline: '10m',
      progressDeadline: '10m',
      scaleDownDelay: '30s',
      suspend: false,
    });
    expect(spec).not.toHaveProperty('replicas');
  });

  it.each([
    [{ ingress: {} }, '5s'],
    [{ gateway: {} }, '5s'],
    [{ alb: {} }, '60s'],
    [{ alb: {}, settle: '7s' }, '7s'],
    [{ ingress: {}, settle: '0s' }, '0s'],
  ])('takes the settle time that is meant with %j: %s', (traffic, expected) => {
    expect(settleOf(traffic as Traffic)).toBe(expected);
  });

  it('drops fields that it does not know, as the API server prunes them', () => {
    const spec = { ...(goodCanaries[0]?.spec as object), colour: 'red' };
    expect(CanarySpec.parse(spec)).not.toHaveProperty('colour');
  });
});
