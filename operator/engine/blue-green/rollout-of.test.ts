// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { BlueGreenSpec } from '../../api/blue-green.ts';
import { previewServiceName, rolloutOfBlueGreen, specOfBlueGreen } from './rollout-of.ts';

const CHECKS = { checks: [{ name: 'up', provider: 'prometheus', query: 'up', max: 1 }] };

function specOf(more: object) {
  const names = { targetRef: { kind: 'Deployment', name: 'web' }, service: { name: 'checkout' } };
  return specOfBlueGreen(BlueGreenSpec.parse({ ...names, ...more }));
}

describe('the steps of a BlueGreen', () => {
  it.each([
    ['nothing more', {}, [{ whole: true }]],
    ['fewer pods in the preview', { previewReplicas: 2 }, [{ replicas: 2 }]],
    ['a person', { autoPromote: false }, [{ whole: true }, { pause: {} }]],
    ['a time', { autoPromoteAfter: '5m' }, [{ whole: true }, { pause: { duration: '5m' } }]],
  ])('with %s', (_what, more, steps) => {
    expect(specOf(more).steps).toEqual(steps);
  });

  it('judge before they wait', () => {
    const { steps } = specOf({ prePromotion: CHECKS, autoPromote: false });
    expect(steps.map((step) => Object.keys(step))).toEqual([['whole'], ['analysis'], ['pause']]);
    expect(steps[1]?.analysis?.checks?.[0]?.name).toBe('up');
  });
});

describe('the rest of a BlueGreen', () => {
  it('is judged after the promotion in the bake alone', () => {
    const spec = specOf({ bake: { duration: '5m' }, postPromotion: CHECKS });
    expect(spec.analysis).toBeUndefined();
    expect(spec.bakeAnalysis?.checks?.[0]?.name).toBe('up');
  });

  it('is a preview, behind a Service of its own', () => {
    expect(specOf({})).toMatchObject({ canaryService: 'checkout-preview', previewed: true, side: 'preview' });
    expect(specOf({ previewService: { name: 'next' } }).canaryService).toBe('next');
    const long = { service: { name: 'c'.repeat(63) } };
    expect(previewServiceName(long)).toMatch(/^c+-[a-z0-9]{10}-preview$/);
    expect(previewServiceName(long)).toHaveLength(63);
  });

  it('is what every kind has, and none of the fields of its own', () => {
    const spec = specOf({ previewReplicas: 2, autoPromoteAfter: '5m', rollbackWindow: { revisions: 3 } });
    expect(spec).toMatchObject({ rollbackWindow: { revisions: 3 }, releasePolicy: 'Any', suspend: false });
    for (const own of [
      'previewService',
      'previewReplicas',
      'prePromotion',
      'autoPromote',
      'autoPromoteAfter',
    ]) {
      expect(spec).not.toHaveProperty(own);
    }
  });

  it('has a status that speaks of stable and canary', () => {
    const metadata = { name: 'web' } as Parameters<typeof rolloutOfBlueGreen>[0]['metadata'];
    const spec = BlueGreenSpec.parse({
      targetRef: { kind: 'Deployment', name: 'web' },
      service: { name: 'checkout' },
    });
    const active = { slot: 'green' as const, revision: 'aaa' };
    const rollout = rolloutOfBlueGreen({ metadata, spec, status: { observedGeneration: 3, active } });
    expect(rollout).toMatchObject({ kind: 'BlueGreen', status: { observedGeneration: 3 } });
    expect(rollout.status?.stable).toEqual({ revision: 'aaa' });
    expect(rolloutOfBlueGreen({ metadata, spec })).not.toHaveProperty('status');
  });
});
