// SPDX-License-Identifier: Apache-2.0
// Rows about the action of an Ingress that a Canary names. No AWS Load Balancer Controller runs here, nor is it asked.
import { deployment, ingress, service } from './objects.ts';
import type { Row } from './rows-service.ts';

const KEY = 'alb.ingress.kubernetes.io/actions.shop';
const EXAMPLE =
  '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"shop","servicePort":80}]}}';

const byAction = { traffic: { alb: { ingress: 'shop' }, settle: '1s' } };

/** A path to a backend of this name and port name. */
function leadingTo(name: string, port: object = { name: 'use-annotation' }): object {
  const path = { path: '/', pathType: 'Prefix', backend: { service: { name, port } } };
  return { ingressClassName: 'alb', rules: [{ http: { paths: [path] } }] };
}

function withAction(text: string, spec = leadingTo('shop')): object {
  return ingress(spec, { [KEY]: text });
}

function forwarding(...groups: readonly object[]): string {
  return JSON.stringify({ type: 'forward', forwardConfig: { targetGroups: groups } });
}

const own = (weight: number) => ({ serviceName: 'shop', servicePort: 80, weight });
const other = (serviceName: string, weight: number) => ({ serviceName, servicePort: 80, weight });

const WHAT = `annotation ${KEY} of Ingress shop`;

function row(title: string, found: object, message: string): Row {
  return {
    title: `I27 ${title}`,
    objects: [deployment(), service(), found],
    spec: byAction,
    reason: 'IngressNotSupported',
    message,
    mend: [withAction(EXAMPLE)],
  };
}

export const albRows: readonly Row[] = [
  {
    title: 'I27 no Ingress for an action',
    objects: [deployment(), service()],
    spec: byAction,
    reason: 'IngressNotFound',
    message: 'Ingress shop does not exist in namespace $NS',
    mend: [withAction(EXAMPLE)],
  },
  row(
    'an Ingress without its action',
    ingress(leadingTo('shop'), {}),
    `Ingress shop has no annotation ${KEY}, so that the load balancer answers 503; write ${EXAMPLE}`,
  ),
  row(
    'a path that leads past the action',
    withAction(EXAMPLE, leadingTo('shop', { number: 80 })),
    'path / of Ingress shop leads to Service shop past its action; a backend leads to an action by its name and the port name use-annotation',
  ),
  row(
    'no path to the action',
    withAction(EXAMPLE, leadingTo('cart')),
    'no backend of Ingress shop leads to action shop; a backend leads to an action by its name and the port name use-annotation',
  ),
  row('an action that is no JSON', withAction("{'type':"), `${WHAT} is no JSON object; write ${EXAMPLE}`),
  row(
    'an action that redirects',
    withAction('{"type":"redirect","redirectConfig":{"statusCode":"HTTP_301"}}'),
    `${WHAT} is of type redirect, not forward; write ${EXAMPLE}`,
  ),
  row(
    'an action that forwards elsewhere',
    withAction(forwarding(other('cart', 1), other('web', 1))),
    `${WHAT} does not forward to Service shop; it forwards to cart, web`,
  ),
  row(
    'an action with weight 0 for the Service',
    withAction(forwarding(own(0), other('web', 1))),
    `${WHAT} gives Service shop weight 0; there is nothing to shift`,
  ),
  row(
    'an action with a weight of 1000',
    withAction(forwarding(own(1000))),
    `${WHAT} has a target group of weight 1000; a weight is a whole number from 0 to 999, and each of several target groups has one`,
  ),
  row(
    'an action with five target groups',
    withAction(forwarding(own(1), ...['a', 'b', 'c', 'd'].map((name) => other(name, 1)))),
    `with Service shop-canary ${WHAT} would have 6 target groups; a load balancer allows 5 in an action`,
  ),
  row(
    'an action that names the canary Service already',
    withAction(forwarding(own(90), other('shop-canary', 10))),
    `${WHAT} already names Service shop-canary, which is Headway's own; take it out of the annotation`,
  ),
];
