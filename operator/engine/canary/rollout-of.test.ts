// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { CanarySpec } from '../../api/canary.ts';
import { rolloutOfCanary, specOfCanary } from './rollout-of.ts';

const NAMES = { targetRef: { kind: 'Deployment', name: 'web' }, service: { name: 'checkout' } };

describe('the rollout of a Canary', () => {
  it.each([
    [
      'weights and an interval',
      { weights: [5, 50], interval: '2m' },
      [{ setWeight: 5 }, { pause: { duration: '2m' } }, { setWeight: 50 }, { pause: { duration: '2m' } }],
    ],
    ['one weight', { weights: [5], interval: '1s' }, [{ setWeight: 5 }, { pause: { duration: '1s' } }]],
    ['steps', { steps: [{ setWeight: 5 }, { pause: {} }] }, [{ setWeight: 5 }, { pause: {} }]],
  ])('has the steps of %s spelled out', (_what, steps, expected) => {
    const spec = specOfCanary(CanarySpec.parse({ ...NAMES, ...steps }));
    expect(spec.steps).toEqual(expected);
    expect(spec).not.toHaveProperty('weights');
    expect(spec).not.toHaveProperty('interval');
  });

  it.each([
    ['weights', { weights: [5], interval: '2m' }, []],
    [
      'timed pauses',
      { steps: [{ setWeight: 5 }, { pause: { duration: '2m' } }, { pause: {} }] },
      [{ pause: {} }],
    ],
    [
      'no judging step, and an analysis',
      {
        steps: [{ setWeight: 5 }, { pause: {} }],
        analysis: { templateRef: { name: 'errors' }, startingStep: 1 },
      },
      [{ analysis: { templateRef: { name: 'errors' } } }, { pause: {} }],
    ],
    [
      'a judging step, and an analysis',
      {
        steps: [{ setWeight: 5 }, { analysis: { templateRef: { name: 'smoke' } } }],
        analysis: { templateRef: { name: 'errors' } },
      },
      [{ analysis: { templateRef: { name: 'smoke' } } }],
    ],
  ])('judges a first version without traffic: %s', (_what, steps, expected) => {
    const spec = specOfCanary(CanarySpec.parse({ ...NAMES, ...steps }));
    expect(spec.firstSteps).toEqual([{ whole: true }, ...expected]);
  });

  it('keeps the very list of steps, so that it is hashed once', () => {
    const spec = CanarySpec.parse({ ...NAMES, steps: [{ setWeight: 5 }] });
    expect(specOfCanary(spec).steps).toBe(spec.steps);
  });

  it('finds the pods of the new revision by a Service named after the Service', () => {
    expect(specOfCanary(CanarySpec.parse({ ...NAMES, weights: [5], interval: '1s' })).canaryService).toBe(
      'checkout-canary',
    );
  });

  it('is a Canary still, with its status where it has one', () => {
    const metadata = { name: 'web' } as Parameters<typeof rolloutOfCanary>[0]['metadata'];
    const spec = CanarySpec.parse({ ...NAMES, weights: [5], interval: '1s' });
    const status = { observedGeneration: 3 };
    expect(rolloutOfCanary({ metadata, spec, status })).toMatchObject({ kind: 'Canary', metadata, status });
    expect(rolloutOfCanary({ metadata, spec })).not.toHaveProperty('status');
  });
});
