// SPDX-License-Identifier: Apache-2.0
import { at, good, RULES_NOT_RUN, type SpecCase } from './cases.ts';

const base = { targetRef: { kind: 'Deployment', name: 'shop' }, service: { name: 'shop' } };
const check = { name: 'errors', provider: 'main', metric: 'request-success-rate', min: 99 };
const frontPage = { name: 'front-page', http: { port: 80, target: 'preview' } };
const templateRef = { name: 'errors' };

function withFields(fields: object): object {
  return { ...base, ...fields };
}

const LABEL = 'must be lower-case letters, digits and "-", starting and ending with a letter or digit';
const ONE_SOURCE = 'set exactly one of templateRef and checks';
const ANOTHER_SERVICE =
  'previewService must be another Service than service: it finds the new pods before clients do';
const WHO_PROMOTES =
  'autoPromoteAfter promotes by itself, and autoPromote is false; leave one of the two out, then a person promotes or the time does';
const NEEDS_BAKE = 'postPromotion is judged during the bake; set bake.duration too';

export const goodBlueGreens: readonly SpecCase[] = [
  good('a Deployment and its Service, and nothing else', base),
  good('a preview that a person promotes', withFields({ autoPromote: false })),
  good('a preview that is promoted by itself after a while', withFields({ autoPromoteAfter: '168h' })),
  good('the same, said twice', withFields({ autoPromote: true, autoPromoteAfter: '1s' })),
  good('a bake that only keeps the way back short', withFields({ bake: { duration: '10m' } })),
  good(
    'a preview Service that has the name that it would have by itself',
    withFields({ previewService: { name: 'shop-preview' } }),
  ),
  good(
    'every field',
    withFields({
      replicas: 10000,
      config: { configMaps: 'Live', secrets: 'Versioned' },
      traffic: { ingress: { name: 'shop.web' }, settle: '10m' },
      previewService: { name: 'next' },
      previewReplicas: 1,
      prePromotion: { checks: [frontPage], args: [{ name: 'route', value: '/pay' }], duration: '5m' },
      autoPromote: true,
      autoPromoteAfter: '90s',
      onFailure: 'Pause',
      onNoData: 'Rollback',
      noDataDeadline: '10s',
      progressDeadline: '24h',
      scaleDownDelay: '0s',
      bake: { duration: '168h' },
      postPromotion: { checks: [check], args: [{ name: 'route', value: '/pay' }] },
      rollbackWindow: { revisions: 10 },
      releasePolicy: 'Managed',
      firstDeploy: 'Judge',
      suspend: true,
    }),
  ),
  good(
    'checks from templates, and a route of the Gateway API',
    withFields({
      traffic: { gateway: { routes: [{ name: 'shop' }] } },
      prePromotion: { templateRef },
      bake: { duration: '1s' },
      postPromotion: { templateRef },
    }),
  ),
];

const promotions: readonly SpecCase[] = [
  {
    title: 'a preview Service that is the Service itself',
    spec: withFields({ previewService: { name: 'shop' } }),
    operator: [`spec.previewService: ${ANOTHER_SERVICE}`],
    server: [at('spec.previewService', ANOTHER_SERVICE)],
  },
  {
    title: 'a time after which nobody promotes',
    spec: withFields({ autoPromote: false, autoPromoteAfter: '5m' }),
    operator: [`spec.autoPromoteAfter: "5m": ${WHO_PROMOTES}`],
    server: [at('spec.autoPromoteAfter', WHO_PROMOTES)],
  },
  {
    title: 'checks of a bake that there is none of',
    spec: withFields({ postPromotion: { checks: [check] } }),
    operator: [`spec.postPromotion: ${NEEDS_BAKE}`],
    server: [at('spec.postPromotion', NEEDS_BAKE)],
  },
  {
    title: 'a promotion of which nobody knows whether it comes by itself',
    spec: withFields({ autoPromote: 'yes' }),
    operator: ['spec.autoPromote: "yes": must be a boolean'],
    server: [at('spec.autoPromote', 'must be of type boolean: "string"'), RULES_NOT_RUN],
  },
];

const analyses: readonly SpecCase[] = [
  {
    title: 'a preview that is judged by nothing',
    spec: withFields({ prePromotion: { duration: '5m' } }),
    operator: [`spec.prePromotion.templateRef: ${ONE_SOURCE}`],
    server: [at('spec.prePromotion.templateRef', ONE_SOURCE)],
  },
  {
    title: 'a bake with two sources of checks',
    spec: withFields({ bake: { duration: '5m' }, postPromotion: { templateRef, checks: [check] } }),
    operator: [`spec.postPromotion.templateRef: ${ONE_SOURCE}`],
    server: [at('spec.postPromotion.templateRef', ONE_SOURCE)],
  },
  {
    title: 'a check of the preview without a limit',
    spec: withFields({ prePromotion: { checks: [{ name: 'errors', provider: 'main', query: 'up' }] } }),
    operator: [
      'spec.prePromotion.checks[0].max: say what is good: set max, min, successCondition or compare',
    ],
    server: [at('spec.prePromotion.checks[0].max', 'say what is good')],
  },
];

const bounds: readonly SpecCase[] = [
  {
    title: 'no pod in the preview',
    spec: withFields({ previewReplicas: 0 }),
    operator: ['spec.previewReplicas: 0: must be at least 1'],
    server: [at('spec.previewReplicas', '0', 'greater than or equal to 1')],
  },
  {
    title: 'more pods than there may be',
    spec: withFields({ replicas: 10001, previewReplicas: 10001 }),
    operator: [
      'spec.replicas: 10001: must be at most 10000',
      'spec.previewReplicas: 10001: must be at most 10000',
    ],
    server: [
      at('spec.replicas', '10001', 'less than or equal to 10000'),
      at('spec.previewReplicas', '10001', 'less than or equal to 10000'),
    ],
  },
  {
    title: 'a pod and a half in the preview',
    spec: withFields({ previewReplicas: 1.5 }),
    operator: ['spec.previewReplicas: 1.5: must be an integer'],
    server: [at('spec.previewReplicas', 'must be of type integer: "number"'), RULES_NOT_RUN],
  },
  {
    title: 'times out of range',
    spec: withFields({
      autoPromoteAfter: '168h1s',
      prePromotion: { templateRef, duration: '999ms' },
      bake: { duration: '0s' },
      scaleDownDelay: '25h',
    }),
    operator: [
      'spec.prePromotion.duration: "999ms": must be a duration from 1s to 168h',
      'spec.autoPromoteAfter: "168h1s": must be a duration from 1s to 168h',
      'spec.scaleDownDelay: "25h": must be a duration from 0s to 24h',
      'spec.bake.duration: "0s": must be a duration from 1s to 168h',
    ],
    server: [
      at('spec.autoPromoteAfter', '"168h1s"', 'must be a duration from 1s to 168h'),
      at('spec.bake.duration', '"0s"', 'must be a duration from 1s to 168h'),
      at('spec.prePromotion.duration', '"999ms"', 'must be a duration from 1s to 168h'),
      at('spec.scaleDownDelay', '"25h"', 'must be a duration from 0s to 24h'),
    ],
  },
  {
    title: 'a first version that is neither skipped nor judged',
    spec: withFields({ firstDeploy: 'judge' }),
    operator: ['spec.firstDeploy: "judge": must be one of "Skip", "Judge"'],
    server: [
      at('spec.firstDeploy', 'Unsupported value: "judge": supported values: "Skip", "Judge"'),
      RULES_NOT_RUN,
    ],
  },
  {
    title: 'a number of seconds, as other tools have it',
    spec: withFields({ autoPromoteAfter: 30 }),
    operator: ['spec.autoPromoteAfter: 30: must be a string'],
    server: [at('spec.autoPromoteAfter', 'must be of type string: "integer"'), RULES_NOT_RUN],
  },
];

const references: readonly SpecCase[] = [
  {
    title: 'no target and no service',
    spec: { autoPromote: false },
    operator: ['spec.targetRef: is required', 'spec.service: is required'],
    server: [at('spec.targetRef', 'Required value'), at('spec.service', 'Required value'), RULES_NOT_RUN],
  },
  {
    title: 'a preview Service without a name',
    spec: withFields({ previewService: {} }),
    operator: ['spec.previewService.name: is required'],
    server: [at('spec.previewService.name', 'Required value'), RULES_NOT_RUN],
  },
  {
    title: 'a preview Service with a name that no Service can have',
    spec: withFields({ previewService: { name: 'shop.next' } }),
    operator: [`spec.previewService.name: "shop.next": ${LABEL}`],
    server: [at('spec.previewService.name', '"shop.next"', 'should match')],
  },
  {
    title: 'two ways to move the traffic',
    spec: withFields({ traffic: { ingress: { name: 'shop' }, alb: { ingress: 'shop' } } }),
    operator: ['spec.traffic.ingress: set exactly one of ingress, gateway, traefik, alb and istio'],
    server: [at('spec.traffic.ingress', 'set exactly one of ingress, gateway, traefik, alb and istio')],
  },
];

const together: readonly SpecCase[] = [
  {
    title: 'all errors at once',
    spec: withFields({
      previewService: { name: 'shop' },
      autoPromote: false,
      autoPromoteAfter: '1m',
      postPromotion: { checks: [check] },
      previewReplicas: 0,
    }),
    operator: [
      'spec.previewReplicas: 0: must be at least 1',
      `spec.previewService: ${ANOTHER_SERVICE}`,
      `spec.autoPromoteAfter: "1m": ${WHO_PROMOTES}`,
      `spec.postPromotion: ${NEEDS_BAKE}`,
    ],
    server: [
      at('spec.autoPromoteAfter', WHO_PROMOTES),
      at('spec.postPromotion', NEEDS_BAKE),
      at('spec.previewReplicas', '0', 'greater than or equal to 1'),
      at('spec.previewService', ANOTHER_SERVICE),
    ],
  },
];

export const badBlueGreens: readonly SpecCase[] = [
  ...promotions,
  ...analyses,
  ...bounds,
  ...references,
  ...together,
];
