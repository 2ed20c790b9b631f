// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import {
  badProviders,
  badTemplates,
  goodProviders,
  goodTemplates,
} from '../../operator/api/analysis.cases.ts';
import { badBlueGreens, goodBlueGreens } from '../../operator/api/blue-green.cases.ts';
import { badCanaries, goodCanaries } from '../../operator/api/canary.cases.ts';
import type { Problem } from './problem.ts';
import { problemsOf } from './test-manifests.ts';

describe('the same words as the operator', () => {
  const kinds = [
    ['Canary', goodCanaries, badCanaries],
    ['BlueGreen', goodBlueGreens, badBlueGreens],
    ['AnalysisTemplate', goodTemplates, badTemplates],
    ['MetricsProvider', goodProviders, badProviders],
  ] as const;
  const good = kinds.flatMap(([kind, cases]) => cases.map(({ title, spec }) => ({ kind, title, spec })));
  const bad = kinds.flatMap(([kind, , cases]) => cases.map((one) => ({ ...one, kind })));

  function errorsOf(kind: string, spec: unknown): Problem[] {
    const manifest = { apiVersion: 'headway.dev/v1alpha1', kind, metadata: { name: 'web' }, spec };
    return problemsOf(JSON.stringify(manifest)).filter(({ severity }) => severity === 'error');
  }

  it.each(bad)('$kind: $title', ({ kind, spec, operator }) => {
    const said = errorsOf(kind, spec)
      .filter(({ message }) => !message.startsWith('there is no such field'))
      .map(({ field, message }) => `${field}: ${message}`);
    expect(said.toSorted()).toEqual([...operator].toSorted());
  });

  it.each(good)('$kind: $title: nothing that the schema would say', ({ kind, spec }) => {
    const said = errorsOf(kind, spec).map(({ field, message }) => `${field}: ${message}`);
    expect(said.filter((line) => !/placeholder|there is no preview Service|tells canary/.test(line))).toEqual(
      [],
    );
  });
});
