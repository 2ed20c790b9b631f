// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { resultOf } from '../test-sources.ts';
import { WORKLOAD, rollout, canary, template, METRIC, USED } from './test-rollouts.ts';

function stepsOf(...steps: object[]): unknown {
  return resultOf(canary({ steps })).spec('Canary')?.['steps'];
}

describe('steps', () => {
  it.each<[string, object[], object[]]>([
    ['weights', [{ setWeight: 0 }, { setWeight: 40 }], [{ setWeight: 0 }, { setWeight: 40 }]],
    ['a pause for a person', [{ pause: {} }], [{ pause: {} }]],
    ['a pause in seconds', [{ pause: { duration: 90 } }], [{ pause: { duration: '1m30s' } }]],
    ['a pause in digits', [{ pause: { duration: '600' } }], [{ pause: { duration: '10m' } }]],
    ['a pause with a unit', [{ pause: { duration: '1.5h' } }], [{ pause: { duration: '1h30m' } }]],
    ['a pause that is too long', [{ pause: { duration: '400h' } }], [{ pause: { duration: '168h' } }]],
    ['a pause of nothing: a person', [{ pause: { duration: 0 } }], [{ pause: {} }]],
    [
      'pods beside the weight, until they match it again',
      [
        { setCanaryScale: { replicas: 3 } },
        { setWeight: 10 },
        { setCanaryScale: { matchTrafficWeight: true } },
        { setWeight: 20 },
      ],
      [{ replicas: 3 }, { setWeight: 10, replicas: 3 }, { setWeight: 10 }, { setWeight: 20 }],
    ],
    ['no steps at all', [], [{ setWeight: 100 }]],
    [
      'what there is not',
      [{ setWeight: 5 }, { experiment: { templates: [] } }, { pause: {} }],
      [{ setWeight: 5 }, { pause: {} }],
    ],
  ])('%s', (_, theirs, ours) => {
    expect(stepsOf(...theirs)).toEqual(ours);
  });

  it('says weights in percent of the greatest one', () => {
    const trafficRouting = { maxTrafficWeight: 1000, traefik: { weightedTraefikServiceName: 'web' } };
    const result = resultOf(canary({ trafficRouting, steps: [{ setWeight: 125 }, { setWeight: 1000 }] }));
    expect(result.spec('Canary')?.['steps']).toEqual([{ setWeight: 13 }, { setWeight: 100 }]);
    expect(result.said('spec.strategy.canary.steps[0].setWeight')).toMatch(
      /^changed: weights are percent, and 1000 was all/,
    );
  });

  it('says a share of the pods in pods, where it is known how many there are', () => {
    const steps = [{ setCanaryScale: { weight: 25 } }, { setWeight: 10 }];
    expect(resultOf(canary({ steps }, { ...WORKLOAD, replicas: 10 })).spec('Canary')?.['steps']).toEqual([
      { replicas: 3 },
      { setWeight: 10, replicas: 3 },
    ]);
    const unknown = resultOf(canary({ steps }));
    expect(unknown.spec('Canary')?.['steps']).toEqual([{ setWeight: 10 }]);
    expect(unknown.said('spec.strategy.canary.steps[0].setCanaryScale')).toMatch(
      /^dropped: a share of the pods is a number/,
    );
  });

  it('lets the analysis beside the steps begin at the same step', () => {
    const steps = [{ setWeight: 5 }, { experiment: { templates: [] } }, { pause: {} }, { setWeight: 50 }];
    const analysis = { templates: [{ templateName: 'elsewhere' }], startingStep: 3 };
    const result = resultOf(canary({ steps, analysis }));
    expect(result.spec('Canary')?.['analysis']).toMatchObject({ startingStep: 2 });
    expect(result.said('spec.strategy.canary.analysis.startingStep')).toBe(
      'changed: the index of the same step here',
    );
  });

  it('asks a person where nothing of an analysis is left', () => {
    const metric = { name: 'web', provider: { web: { url: 'http://x' } }, successCondition: 'result > 1' };
    const result = resultOf(USED, template([metric]));
    expect(result.spec('Canary')?.['steps']).toEqual([{ setWeight: 10 }, { pause: {} }]);
    expect(result.converted.drafts.map(({ kind }) => kind)).toEqual(['Canary']);
    expect(result.looks('Canary').join()).toMatch(/an analysis stood here that could not be converted/);
  });
});

describe('the object', () => {
  it.each<[string, object, object]>([
    ['a deadline', { progressDeadlineSeconds: 300 }, { progressDeadline: '5m' }],
    ['a deadline that is too short', { progressDeadlineSeconds: 5 }, { progressDeadline: '10s' }],
    ['a pause', { paused: true }, { suspend: true }],
    ['a window', { rollbackWindow: { revisions: 3 } }, { rollbackWindow: { revisions: 3 } }],
    [
      'a window that is too long',
      { rollbackWindow: { revisions: 30 } },
      { rollbackWindow: { revisions: 10 } },
    ],
    ['replicas', { replicas: 7 }, { replicas: 7 }],
  ])('%s', (_, more, spec) => {
    expect(
      resultOf(canary({ steps: [{ setWeight: 5 }] }, { ...WORKLOAD, ...more })).spec('Canary'),
    ).toMatchObject(spec);
  });

  it('keeps replicas in the Deployment where the template was in the Rollout', () => {
    const inline = {
      replicas: 7,
      minReadySeconds: 5,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } } },
    };
    const result = resultOf(canary({ steps: [{ setWeight: 5 }] }, inline));
    expect(result.spec('Deployment')).toEqual(inline);
    expect(result.spec('Canary')?.['replicas']).toBeUndefined();
    expect(result.said('spec.template')).toBe('kept');
  });

  it('finds the Service of the pods where the Rollout names none', () => {
    const inline = {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web', tier: 'x' } } },
    };
    const source = rollout({ canary: { steps: [{ setWeight: 5 }] } }, inline);
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front', namespace: 'shop' },
      spec: { selector: { app: 'web' } },
    };
    const result = resultOf(source, service);
    expect(result.spec('Canary')?.['service']).toEqual({ name: 'front' });
    expect(result.looks('Canary').join()).toMatch(/Service front finds these pods; is it the one/);
    expect(resultOf(source).looks('Canary').join()).toMatch(/web is a guess/);
  });

  it('warns of a Service that is in the way', () => {
    const result = resultOf(canary({ canaryService: 'web-canary', steps: [{ setWeight: 5 }] }));
    expect(result.looks('Canary').join()).toMatch(/delete Service web-canary before you apply this/);
    expect(
      resultOf(canary({ canaryService: 'next', steps: [{ setWeight: 5 }] }))
        .looks('Canary')
        .join(),
    ).not.toMatch(/delete Service/);
  });

  it('points the autoscaler of a Rollout at what became of it', () => {
    const scaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'web' },
        maxReplicas: 9,
      },
    };
    const result = resultOf(canary({ steps: [{ setWeight: 5 }] }), scaler);
    expect(result.spec('HorizontalPodAutoscaler')).toEqual({
      scaleTargetRef: { apiVersion: 'headway.dev/v1alpha1', kind: 'Canary', name: 'web' },
      maxReplicas: 9,
    });
  });
});

describe('blueGreen', () => {
  it.each<[string, object, object]>([
    [
      'the Services',
      { activeService: 'web', previewService: 'next' },
      { service: { name: 'web' }, previewService: { name: 'next' } },
    ],
    ['fewer pods', { previewReplicaCount: 2 }, { previewReplicas: 2 }],
    ['a person', { autoPromotionEnabled: false, autoPromotionSeconds: 60 }, { autoPromote: false }],
    ['a time', { autoPromotionSeconds: 90 }, { autoPromoteAfter: '1m30s' }],
    ['a delay', { scaleDownDelaySeconds: 600 }, { scaleDownDelay: '10m' }],
  ])('%s', (_, fields, spec) => {
    expect(
      resultOf(rollout({ blueGreen: { activeService: 'web', ...fields } })).spec('BlueGreen'),
    ).toMatchObject(spec);
  });

  it('never has a time beside a person', () => {
    const fields = { activeService: 'web', autoPromotionEnabled: false, autoPromotionSeconds: 60 };
    expect(resultOf(rollout({ blueGreen: fields })).spec('BlueGreen')?.['autoPromoteAfter']).toBeUndefined();
  });

  it('asks a person where nothing of its analysis is left, and not the time', () => {
    const metric = { name: 'web', provider: { web: { url: 'http://x' } }, successCondition: 'result > 1' };
    const fields = {
      activeService: 'web',
      autoPromotionSeconds: 60,
      prePromotionAnalysis: { templates: [{ templateName: 'errors' }] },
    };
    const result = resultOf(rollout({ blueGreen: fields }), template([metric]));
    expect(result.spec('BlueGreen')).toMatchObject({ autoPromote: false });
    expect(result.spec('BlueGreen')?.['autoPromoteAfter']).toBeUndefined();
    expect(result.said('spec.strategy.blueGreen.autoPromotionSeconds')).toMatch(
      /^dropped: a person promotes/,
    );
  });

  it('judges after the promotion in a bake', () => {
    const fields = {
      activeService: 'web',
      postPromotionAnalysis: { templates: [{ templateName: 'errors' }] },
    };
    const result = resultOf(rollout({ blueGreen: fields }), template([METRIC]));
    expect(result.spec('BlueGreen')).toMatchObject({
      postPromotion: { templateRef: { name: 'errors' } },
      bake: { duration: '10m' },
    });
  });
});
