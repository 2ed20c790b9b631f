// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { goodProviders, goodTemplates } from './analysis.cases.ts';
import { goodBlueGreens } from './blue-green.cases.ts';
import { goodCanaries } from './canary.cases.ts';
import { RolloutStatus } from './rollout-status.ts';
import { AnalysisTemplate, BlueGreen, Canary, MetricsProvider } from './kinds.ts';

const metadata = { name: 'shop', uid: '1f0c' };

describe('kinds', () => {
  it.each([
    ['Canary', Canary, goodCanaries],
    ['BlueGreen', BlueGreen, goodBlueGreens],
    ['AnalysisTemplate', AnalysisTemplate, goodTemplates],
    ['MetricsProvider', MetricsProvider, goodProviders],
  ] as const)('%s: parses every good spec with the least metadata', (_, schema, cases) => {
    for (const { spec } of cases) expect(() => schema.parse({ metadata, spec })).not.toThrow();
  });

  it('fills metadata in, so that readers need no fallbacks', () => {
    expect(Canary.parse({ metadata, spec: goodCanaries[0]?.spec }).metadata).toEqual({
      ...metadata,
      namespace: '',
      generation: 0,
      resourceVersion: '',
      creationTimestamp: '',
      finalizers: [],
      labels: {},
      annotations: {},
    });
  });

  it('has -1 for the generation of a status that nobody has written', () => {
    expect(RolloutStatus.parse({})).toEqual({ observedGeneration: -1 });
  });
});
