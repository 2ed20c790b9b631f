// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../kube/objects.ts';
import { albRouter } from './router.ts';
import type { AlbTarget } from './schema.ts';
import { actionOf, annotatedBy, ingressWith, KEY, SPEC, targetFor, written } from './test-objects.ts';

const { observe, planWeight } = albRouter;

const ALONE = actionOf('checkout:80');
const WHAT = `annotation ${KEY} of Ingress web`;
const EXAMPLE = `{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"checkout","servicePort":80}]}}`;
const SHOULD = 'a backend leads to an action by its name and the port name use-annotation';

function messagesOf(ingress: KubeObject | undefined, more: Partial<AlbTarget> = {}): string[] {
  return observe(targetFor(ingress, more)).problems.map(({ reason, message }) => `${reason}: ${message}`);
}

describe('an Ingress that cannot be split', () => {
  it.each<{ title: string; ingress: KubeObject | undefined; more?: Partial<AlbTarget>; expected: string[] }>([
    {
      title: 'absent',
      ingress: undefined,
      expected: ['IngressNotFound: Ingress web does not exist in namespace shop'],
    },
    {
      title: 'without the annotation',
      ingress: ingressWith(undefined),
      expected: [
        `IngressNotSupported: Ingress web has no annotation ${KEY}, so that the load balancer answers 503; write ${EXAMPLE}`,
      ],
    },
    {
      title: 'with backends of others only',
      ingress: ingressWith(ALONE, {
        spec: '{rules: [{http: {paths: [{path: /, backend: {service: {name: cart, port: {name: use-annotation}}}}]}}]}',
      }),
      expected: [`IngressNotSupported: no backend of Ingress web leads to action checkout; ${SHOULD}`],
    },
    {
      title: 'without rules',
      ingress: ingressWith(ALONE, { spec: '{rules: null}' }),
      expected: [`IngressNotSupported: no backend of Ingress web leads to action checkout; ${SHOULD}`],
    },
    {
      title: 'with a backend that names the Service itself',
      ingress: ingressWith(ALONE, { spec: SPEC.replace('name: use-annotation', 'number: 80') }),
      expected: [
        `IngressNotSupported: path shop.example.com/ of Ingress web leads to Service checkout past its action; ${SHOULD}`,
      ],
    },
    {
      title: 'with several things wrong',
      ingress: ingressWith('{', { spec: '{}' }),
      expected: [
        `IngressNotSupported: no backend of Ingress web leads to action checkout; ${SHOULD}`,
        `IngressNotSupported: ${WHAT} is no JSON object; write ${EXAMPLE}`,
      ],
    },
  ])('$title', ({ ingress, more, expected }) => {
    expect(messagesOf(ingress, more)).toEqual(expected);
  });

  it('that is about to go', () => {
    const ingress = ingressWith(ALONE);
    ingress.metadata.deletionTimestamp = '2026-11-21T10:00:00Z';
    expect(messagesOf(ingress)).toEqual(['IngressNotFound: Ingress web is being deleted in namespace shop']);
  });
});

describe('an action that cannot be split', () => {
  const weight = (found: string) =>
    `has a target group of weight ${found}; a weight is a whole number from 0 to 999, and each of several target groups has one`;
  const groups = (text: string) => `{"type":"forward","forwardConfig":{"targetGroups":${text}}}`;
  const group = (text: string) => groups(`[{"serviceName":"checkout","servicePort":80,"weight":${text}}]`);

  it.each([
    ['checkout', `is no JSON object; write ${EXAMPLE}`],
    ['[]', `is no JSON object; write ${EXAMPLE}`],
    ['{}', `is of type null, not forward; write ${EXAMPLE}`],
    ['{"type":"redirect","redirectConfig":{}}', `is of type redirect, not forward; write ${EXAMPLE}`],
    ['{"type":1}', `is of type 1, not forward; write ${EXAMPLE}`],
    ['{"type":"forward"}', `has no forwardConfig with targetGroups; write ${EXAMPLE}`],
    [
      '{"type":"forward","targetGroupARN":"arn:x"}',
      `has no forwardConfig with targetGroups; write ${EXAMPLE}`,
    ],
    [groups('[]'), `has no forwardConfig with targetGroups; write ${EXAMPLE}`],
    [groups('{}'), `has no forwardConfig with targetGroups; write ${EXAMPLE}`],
    [groups('[null]'), `has a target group that is no object; write ${EXAMPLE}`],
    [groups('[{"targetGroupARN":"arn:x"}]'), 'does not forward to Service checkout; it forwards to arn:x'],
    [actionOf('cart:80=1', 'web:80=2'), 'does not forward to Service checkout; it forwards to cart, web'],
    [actionOf('checkout:80=0', 'web:80=2'), 'gives Service checkout weight 0; there is nothing to shift'],
    [group('1000'), weight('1000')],
    [group('-1'), weight('-1')],
    [group('0.5'), weight('0.5')],
    [group('"1"'), weight('"1"')],
    [groups('[{"serviceName":"checkout","weight":null},{"serviceName":"b","weight":1}]'), weight('null')],
    [actionOf('checkout:80', 'web:80=2'), weight('null')],
    [
      actionOf('checkout:80=1', 'web:80=50'),
      'gives Service checkout weight 1 beside 50; percents of that cannot be said, because weights end at 999: use smaller numbers in the same ratio, or give it more',
    ],
    [actionOf('checkout:80=1', 'a:80=1', 'b:80=1', 'c:80=1', 'd:80=1'), 'with the canary annotation'],
  ])('%s', (text, expected) => {
    const [message, ...more] = messagesOf(ingressWith(text));
    expect(more).toEqual([]);
    const isCount = expected === 'with the canary annotation';
    expect(message).toBe(
      isCount
        ? `IngressNotSupported: with Service checkout-canary ${WHAT} would have 6 target groups; a load balancer allows 5 in an action`
        : `IngressNotSupported: ${WHAT} ${expected}`,
    );
    const { weight: now, exists } = observe(targetFor(ingressWith(text)));
    expect({ now, exists }).toEqual({ now: 0, exists: false });
  });

  it('that names the canary Service in Git', () => {
    const text = actionOf('checkout:80=90', 'checkout-canary:80=10');
    expect(messagesOf(ingressWith(text))).toEqual([
      `IngressNotSupported: ${WHAT} already names Service checkout-canary, which is Headway's own; take it out of the annotation`,
    ]);
  });

  it.each([0, 33, 100])('is none because of what Headway wrote, at %d percent', (percent) => {
    for (const text of [ALONE, actionOf('checkout:80=7', 'web:80=3', 'a:80=0', 'b:80=1')]) {
      const before = ingressWith(text);
      const moved = written(before, planWeight(targetFor(before), { weight: percent })[0]);
      expect(messagesOf(moved)).toEqual([]);
      const noteless = annotatedBy('kubectl', moved, { 'headway.dev/before-checkout': undefined });
      expect(messagesOf(noteless)).toEqual([]);
    }
  });
});

describe('what leads to the Service past the action', () => {
  const past = (who: string) =>
    `${who} of Ingress web leads to Service checkout past action checkout; its requests do not follow the weight, and may find no target while the Service changes its pods`;

  it('is said: a path, the default backend, another action', () => {
    const direct = '{service: {name: checkout, port: {number: 9090}}}';
    const path = `{path: /grpc, pathType: Prefix, backend: ${direct}}`;
    const spec = `defaultBackend: ${direct}\n${SPEC.replace('paths: [', `paths: [${path}, `)}`;
    const annotations = {
      'alb.ingress.kubernetes.io/actions.beta': actionOf('checkout:80'),
      'alb.ingress.kubernetes.io/actions.old': '{"type":"redirect"}',
      'alb.ingress.kubernetes.io/actions.broken': '{',
    };
    const { exceptions, problems } = observe(targetFor(ingressWith(ALONE, { spec, annotations })));
    expect(problems).toEqual([]);
    expect(exceptions).toEqual([
      past('path shop.example.com/grpc'),
      past('the default backend'),
      past('action beta'),
    ]);
  });

  it('is not: the default backend that leads to the action', () => {
    const spec = '{defaultBackend: {service: {name: checkout, port: {name: use-annotation}}}}';
    const { exceptions, problems } = observe(targetFor(ingressWith(ALONE, { spec })));
    expect({ exceptions, problems }).toEqual({ exceptions: [], problems: [] });
  });
});
