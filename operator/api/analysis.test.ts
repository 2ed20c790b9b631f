// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { badProviders, badTemplates, goodProviders, goodTemplates } from './analysis.cases.ts';
import { AnalysisTemplateSpec } from './analysis.ts';
import { MetricsProviderSpec } from './metrics-provider.ts';
import { describeSpecErrors } from './spec-errors.ts';

function errorsOf(schema: z.ZodType, spec: unknown): string[] {
  const result = schema.safeParse(spec);
  return result.success ? [] : describeSpecErrors(result.error, spec);
}

describe('AnalysisTemplateSpec', () => {
  it.each([...goodTemplates])('takes $title', ({ spec }) => {
    expect(errorsOf(AnalysisTemplateSpec, spec)).toEqual([]);
  });

  it.each(badTemplates)('refuses $title', ({ spec, operator }) => {
    expect(errorsOf(AnalysisTemplateSpec, spec)).toEqual(operator);
  });

  it('refuses limits that JSON cannot carry', () => {
    const check = {
      name: 'errors',
      provider: 'main',
      query: 'up',
      min: Number.NaN,
      max: Number.POSITIVE_INFINITY,
    };
    expect(errorsOf(AnalysisTemplateSpec, { checks: [check] })).toEqual([
      'spec.checks[0].max: Infinity: must be a number',
      'spec.checks[0].min: NaN: must be a number',
    ]);
  });

  it('never lets a label reach the prototype', () => {
    const text =
      '{"checks":[{"name":"a","provider":"b","metric":"request-success-rate","min":1,"labels":{"__proto__":"x"}}]}';
    const labels = AnalysisTemplateSpec.safeParse(JSON.parse(text)).data?.checks[0]?.labels ?? {};
    expect(Object.keys(labels)).toEqual([]);
    expect(Object.getPrototypeOf(labels)).toBe(Object.prototype);
  });

  it('fills in the defaults that its descriptions promise', () => {
    const check = { name: 'errors', provider: 'main', query: 'up', min: 1 };
    expect(AnalysisTemplateSpec.parse({ checks: [check] }).checks[0]).toEqual({
      ...check,
      interval: '30s',
      failureLimit: 0,
    });
  });
});

describe('MetricsProviderSpec', () => {
  it.each([...goodProviders])('takes $title', ({ spec }) => {
    expect(errorsOf(MetricsProviderSpec, spec)).toEqual([]);
  });

  it.each(badProviders)('refuses $title', ({ spec, operator }) => {
    expect(errorsOf(MetricsProviderSpec, spec)).toEqual(operator);
  });

  it('waits 10s for an answer unless told otherwise', () => {
    expect(MetricsProviderSpec.parse(goodProviders[0]?.spec).timeout).toBe('10s');
  });
});
