// SPDX-License-Identifier: Apache-2.0
import { at, good, RULES_NOT_RUN, type SpecCase } from './cases.ts';
import { badTraffic, goodTraffic } from './traffic.cases.ts';

const base = { targetRef: { kind: 'Deployment', name: 'shop' }, service: { name: 'shop' } };
const steps = [{ setWeight: 10 }, { pause: { duration: '30s' } }];
const shorthand = { ...base, weights: [5, 25], interval: '2m' };
const check = { name: 'errors', provider: 'main', metric: 'request-success-rate', min: 99 };

function withSteps(...list: unknown[]): object {
  return { ...base, steps: list };
}

function withStep(step: unknown): object {
  return withSteps(step, { pause: {} });
}

const LABEL = 'must be lower-case letters, digits and "-", starting and ending with a letter or digit';
const SUBDOMAIN =
  'must be lower-case letters, digits, "-" and ".", starting and ending with a letter or digit';
const ONE_SOURCE = 'set exactly one of templateRef and checks';

export const goodCanaries: readonly SpecCase[] = [
  good('weights and interval', shorthand),
  good('one step', withSteps({ setWeight: 100 })),
  good('every kind of step', {
    ...base,
    replicas: 0,
    steps: [
      { setWeight: 0 },
      { replicas: 2 },
      { setWeight: 25, replicas: 10000 },
      { pause: {} },
      { pause: { duration: '168h' } },
      { analysis: { templateRef: { name: 'errors' }, duration: '5m' } },
      { analysis: { checks: [check], args: [{ name: 'route', value: '/pay' }] } },
    ],
    analysis: { checks: [check], startingStep: 6 },
    suspend: true,
  }),
  good('steps without traffic and without an analysis, for a person to look at the pods', {
    ...base,
    steps: [{ replicas: 1 }, { pause: {} }],
  }),
  good('an Ingress and every policy', {
    ...shorthand,
    traffic: { ingress: { name: 'shop.web', annotationPrefix: 'higress.io' }, settle: '0s' },
    onFailure: 'Pause',
    rollbackWindow: { revisions: 10 },
    releasePolicy: 'Managed',
    firstDeploy: 'Judge',
    onNoData: 'Rollback',
    noDataDeadline: '10s',
    progressDeadline: '24h',
    scaleDownDelay: '0s',
    bake: { duration: '168h' },
  }),
  good('50 steps', withSteps(...Array.from({ length: 50 }, (_, i) => ({ setWeight: i })))),
  good('background analysis from the last of the steps that weights make', {
    ...shorthand,
    analysis: { templateRef: { name: 'errors' }, startingStep: 3 },
  }),
  ...goodTraffic,
];

const weights: readonly SpecCase[] = [
  {
    title: 'weight -1',
    spec: withStep({ setWeight: -1 }),
    operator: ['spec.steps[0].setWeight: -1: must be at least 0'],
    server: [at('spec.steps[0].setWeight', '-1', 'greater than or equal to 0')],
  },
  {
    title: 'weight 101',
    spec: withStep({ setWeight: 101 }),
    operator: ['spec.steps[0].setWeight: 101: must be at most 100'],
    server: [at('spec.steps[0].setWeight', '101', 'less than or equal to 100')],
  },
  {
    title: 'weight 1e9',
    spec: withStep({ setWeight: 1e9 }),
    operator: ['spec.steps[0].setWeight: 1000000000: must be at most 100'],
    server: [at('spec.steps[0].setWeight', '1000000000', 'less than or equal to 100')],
  },
  {
    title: 'weight 5.5',
    spec: withStep({ setWeight: 5.5 }),
    operator: ['spec.steps[0].setWeight: 5.5: must be an integer'],
    server: [at('spec.steps[0].setWeight', 'must be of type integer: "number"'), RULES_NOT_RUN],
  },
  {
    title: 'weight "10"',
    spec: withStep({ setWeight: '10' }),
    operator: ['spec.steps[0].setWeight: "10": must be a number'],
    server: [at('spec.steps[0].setWeight', 'must be of type integer: "string"'), RULES_NOT_RUN],
  },
  {
    title: 'weight null, which the API server takes for absent',
    spec: withStep({ setWeight: null }),
    operator: ['spec.steps[0].setWeight: null: must be a number'],
    server: [at('spec.steps[0]', 'an empty step: set one of setWeight, pause, analysis and replicas')],
  },
  {
    title: 'shorthand weights out of range',
    spec: { ...shorthand, weights: [0, 101] },
    operator: ['spec.weights[0]: 0: must be at least 1', 'spec.weights[1]: 101: must be at most 100'],
    server: [
      at('spec.weights[0]', '0', 'greater than or equal to 1'),
      at('spec.weights[1]', '101', 'less than or equal to 100'),
    ],
  },
  {
    title: 'weights that fall',
    spec: { ...shorthand, weights: [25, 5] },
    operator: ['spec.weights: weights must rise: each greater than the one before'],
    server: [at('spec.weights', 'weights must rise: each greater than the one before')],
  },
  {
    title: 'weights that stay',
    spec: { ...shorthand, weights: [5, 5] },
    operator: ['spec.weights: weights must rise: each greater than the one before'],
    server: [at('spec.weights', 'weights must rise: each greater than the one before')],
  },
];

const numbersOfSteps: readonly SpecCase[] = [
  {
    title: 'no steps',
    spec: { ...base, steps: [] },
    operator: ['spec.steps: must have at least 1 items'],
    server: [at('spec.steps', 'should have at least 1 items')],
  },
  {
    title: '51 steps',
    spec: withSteps(...Array.from({ length: 51 }, (_, i) => ({ setWeight: i }))),
    operator: ['spec.steps: must have at most 50 items'],
    server: [at('spec.steps', 'must have at most 50 items'), RULES_NOT_RUN],
  },
  {
    title: 'steps and weights both',
    spec: { ...shorthand, steps },
    operator: ['spec.steps: set exactly one of steps and weights'],
    server: [at('spec.steps', 'set exactly one of steps and weights')],
  },
  {
    title: 'neither steps nor weights',
    spec: base,
    operator: ['spec.steps: set exactly one of steps and weights'],
    server: [at('spec.steps', 'set exactly one of steps and weights')],
  },
  {
    title: 'weights without interval',
    spec: { ...base, weights: [5] },
    operator: ['spec.interval: weights and interval go together'],
    server: [at('spec.interval', 'weights and interval go together')],
  },
  {
    title: 'interval without weights',
    spec: { ...base, steps, interval: '1m' },
    operator: ['spec.interval: "1m": weights and interval go together'],
    server: [at('spec.interval', 'weights and interval go together')],
  },
];

const formsOfSteps: readonly SpecCase[] = [
  {
    title: 'several verbs in one step',
    spec: withStep({ setWeight: 5, pause: {} }),
    operator: ['spec.steps[0]: a step does one thing: set only one of setWeight, pause and analysis'],
    server: [at('spec.steps[0]', 'a step does one thing: set only one of setWeight, pause and analysis')],
  },
  {
    title: 'an empty step',
    spec: withStep({}),
    operator: ['spec.steps[0]: an empty step: set one of setWeight, pause, analysis and replicas'],
    server: [at('spec.steps[0]', 'an empty step: set one of setWeight, pause, analysis and replicas')],
  },
  {
    title: 'replicas beside a pause',
    spec: withStep({ replicas: 1, pause: {} }),
    operator: ['spec.steps[0]: replicas stands alone or beside setWeight'],
    server: [at('spec.steps[0]', 'replicas stands alone or beside setWeight')],
  },
  {
    title: 'replicas out of range',
    spec: { ...withStep({ replicas: 10001 }), replicas: -1 },
    operator: [
      'spec.replicas: -1: must be at least 0',
      'spec.steps[0].replicas: 10001: must be at most 10000',
    ],
    server: [
      at('.spec.replicas', '-1', 'should be a non-negative integer'), // the scale subresource speaks too
      at('spec.replicas', '-1', 'greater than or equal to 0'),
      at('spec.steps[0].replicas', '10001', 'less than or equal to 10000'),
    ],
  },
  {
    title: 'an analysis without checks',
    spec: withStep({ analysis: { duration: '5m' } }),
    operator: [`spec.steps[0].analysis.templateRef: ${ONE_SOURCE}`],
    server: [at('spec.steps[0].analysis.templateRef', ONE_SOURCE)],
  },
  {
    title: 'background analysis with two sources of checks',
    spec: { ...shorthand, analysis: { templateRef: { name: 'errors' }, checks: [check] } },
    operator: [`spec.analysis.templateRef: ${ONE_SOURCE}`],
    server: [at('spec.analysis.templateRef', ONE_SOURCE)],
  },
  {
    title: 'background analysis that begins after the last step',
    spec: { ...base, steps, analysis: { checks: [check], startingStep: 2 } },
    operator: [
      'spec.analysis.startingStep: 2: startingStep must be the index of a step, counted from 0; each of weights makes two steps',
    ],
    server: [at('spec.analysis.startingStep', 'startingStep must be the index of a step')],
  },
  {
    title: 'background analysis that begins after the last weight',
    spec: { ...shorthand, analysis: { checks: [check], startingStep: 4 } },
    operator: [
      'spec.analysis.startingStep: 4: startingStep must be the index of a step, counted from 0; each of weights makes two steps',
    ],
    server: [at('spec.analysis.startingStep', 'startingStep must be the index of a step')],
  },
];

function badInterval(interval: string, limit: 'format' | 'bounds'): SpecCase {
  const says =
    limit === 'format' ? 'must be a duration such as 30s, 5m or 1h30m' : 'must be a duration from 1s to 168h';
  return {
    title: `interval "${interval}"`,
    spec: { ...shorthand, interval },
    operator: [`spec.interval: "${interval}": ${says}`],
    server: [at('spec.interval', `"${interval}"`, limit === 'format' ? 'should match' : says)],
  };
}

const durations: readonly SpecCase[] = [
  badInterval('0s', 'bounds'),
  badInterval('1ms', 'bounds'),
  badInterval('168h1s', 'bounds'),
  badInterval('99999h', 'bounds'),
  badInterval('999999h9999999m99999999s', 'bounds'),
  badInterval('-1m', 'format'),
  badInterval('1 m', 'format'),
  badInterval('10', 'format'),
  badInterval('1.5h', 'format'),
  badInterval('30m1h', 'format'),
  badInterval('2d', 'format'),
  {
    title: 'an analysis beside steps that give the canary no traffic',
    spec: {
      ...base,
      steps: [{ setWeight: 0 }, { replicas: 2 }, { pause: {} }],
      analysis: { checks: [check] },
    },
    operator: [
      'spec.analysis: no step gives the canary traffic, so nothing can be judged before the promotion; give a step a setWeight greater than 0, or leave analysis out',
    ],
    server: [at('spec.analysis', 'no step gives the canary traffic')],
  },
  {
    title: 'interval ""',
    spec: { ...shorthand, interval: '' },
    operator: ['spec.interval: "": must have at least 2 characters'],
    server: [at('spec.interval', '""', 'should be at least 2 chars long')],
  },
  {
    title: 'interval as a number',
    spec: { ...shorthand, interval: 30 },
    operator: ['spec.interval: 30: must be a string'],
    server: [at('spec.interval', 'must be of type string: "integer"'), RULES_NOT_RUN],
  },
];

const names: readonly SpecCase[] = [
  {
    title: 'no target and no service',
    spec: { weights: [5], interval: '1m' },
    operator: ['spec.targetRef: is required', 'spec.service: is required'],
    server: [at('spec.targetRef', 'Required value'), at('spec.service', 'Required value'), RULES_NOT_RUN],
  },
  {
    title: 'a kind that is not supported',
    spec: { ...shorthand, targetRef: { kind: 'StatefulSet', name: 'shop' } },
    operator: ['spec.targetRef.kind: "StatefulSet": must be "Deployment"'],
    server: [
      at('spec.targetRef.kind', 'Unsupported value: "StatefulSet": supported values: "Deployment"'),
      RULES_NOT_RUN,
    ],
  },
  {
    title: 'a path for a name',
    spec: { ...shorthand, targetRef: { kind: 'Deployment', name: '../x' } },
    operator: [`spec.targetRef.name: "../x": ${SUBDOMAIN}`],
    server: [at('spec.targetRef.name', '"../x"', 'should match')],
  },
  {
    title: 'upper case',
    spec: { ...shorthand, service: { name: 'Shop' } },
    operator: [`spec.service.name: "Shop": ${LABEL}`],
    server: [at('spec.service.name', '"Shop"', 'should match')],
  },
  {
    title: 'a name of 254 characters',
    spec: { ...shorthand, targetRef: { kind: 'Deployment', name: 'a'.repeat(254) } },
    operator: [`spec.targetRef.name: "${'a'.repeat(59)}...: must have at most 253 characters`],
    server: [at('spec.targetRef.name', 'may not be more than 253'), RULES_NOT_RUN],
  },
  {
    title: 'a prefix that is no domain',
    spec: { ...shorthand, traffic: { ingress: { name: 'shop', annotationPrefix: 'a/b' } } },
    operator: [
      'spec.traffic.ingress.annotationPrefix: "a/b": must be a domain such as nginx.ingress.kubernetes.io, without "/"',
    ],
    server: [at('spec.traffic.ingress.annotationPrefix', '"a/b"', 'should match')],
  },
  {
    title: 'an unknown policy',
    spec: { ...shorthand, onNoData: 'Pass' },
    operator: ['spec.onNoData: "Pass": must be one of "Hold", "Pause", "Rollback"'],
    server: [
      at('spec.onNoData', 'Unsupported value: "Pass": supported values: "Hold", "Pause", "Rollback"'),
      RULES_NOT_RUN,
    ],
  },
  {
    title: 'a first version that is neither skipped nor judged',
    spec: { ...shorthand, firstDeploy: 'judge' },
    operator: ['spec.firstDeploy: "judge": must be one of "Skip", "Judge"'],
    server: [
      at('spec.firstDeploy', 'Unsupported value: "judge": supported values: "Skip", "Judge"'),
      RULES_NOT_RUN,
    ],
  },
];

const together: readonly SpecCase[] = [
  {
    title: 'all errors at once',
    spec: { ...base, service: { name: 'Shop' }, weights: [25, 0], interval: '0s', noDataDeadline: '1s' },
    operator: [
      `spec.service.name: "Shop": ${LABEL}`,
      'spec.weights[1]: 0: must be at least 1',
      'spec.interval: "0s": must be a duration from 1s to 168h',
      'spec.noDataDeadline: "1s": must be a duration from 10s to 24h',
      'spec.weights: weights must rise: each greater than the one before',
    ],
    server: [
      at('spec.service.name', '"Shop"', 'should match'),
      at('spec.weights[1]', '0', 'greater than or equal to 1'),
      at('spec.interval', '"0s"', 'must be a duration from 1s to 168h'),
      at('spec.noDataDeadline', '"1s"', 'must be a duration from 10s to 24h'),
      at('spec.weights', 'weights must rise: each greater than the one before'),
    ],
  },
];

export const badCanaries: readonly SpecCase[] = [
  ...weights,
  ...numbersOfSteps,
  ...formsOfSteps,
  ...durations,
  ...names,
  ...badTraffic,
  ...together,
];
