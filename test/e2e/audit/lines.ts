// SPDX-License-Identifier: Apache-2.0
// Lines of an audit log, for the unit tests of the rules.
import { Labels, MANAGED_BY } from '../../../operator/api/group.ts';

export const OPERATOR = 'system:serviceaccount:headway-system:headway';
export const NAMESPACE = 'e2e-good';

export interface LineFields {
  /** Seconds since the start of the story. */
  at: number;
  user?: string;
  verb?: string;
  /** By default as for what is in the core group, which the log leaves out. */
  group?: string;
  resource: string;
  subresource?: string;
  name: string;
  namespace?: string;
  code?: number;
  /** Of a refusal. */
  message?: string;
  object?: object;
  uri?: string;
  stage?: string;
}

export const startMs = Date.parse('2026-01-02T03:04:05.000Z');

export function auditLine(fields: LineFields): string {
  const { at, user = OPERATOR, verb = 'patch', resource, subresource, name, namespace = NAMESPACE } = fields;
  const { group, code = 200, message, object, uri = '/apis', stage = 'ResponseComplete' } = fields;
  return JSON.stringify({
    kind: 'Event',
    stage,
    requestURI: uri,
    verb,
    user: { username: user },
    objectRef: {
      resource,
      namespace,
      name,
      ...(group ? { apiGroup: group } : {}),
      ...(subresource ? { subresource } : {}),
    },
    responseStatus: { code, ...(message ? { message } : {}) },
    ...(object ? { responseObject: object } : {}),
    stageTimestamp: new Date(startMs + at * 1_000).toISOString(),
  });
}

function ours(revision?: string): Record<string, string> {
  return {
    [Labels.managedBy]: MANAGED_BY,
    ...(revision === undefined ? {} : { [Labels.revision]: revision }),
  };
}

export function deployment(
  at: number,
  name: string,
  replicas: number,
  more: Partial<LineFields> = {},
): string {
  const revision = /^shop-(\w+)$/.exec(name)?.[1];
  const labels = revision === undefined ? {} : ours(revision);
  const object = { kind: 'Deployment', metadata: { name, labels }, spec: { replicas } };
  return auditLine({ at, resource: 'deployments', name, object, ...more });
}

/** A pod of a revision, as a patch of its label leaves it. */
export function pod(at: number, name: string, serving: boolean, more: Partial<LineFields> = {}): string {
  const labels = {
    [Labels.canary]: 'shop',
    [Labels.revision]: name.slice(0, 1),
    [Labels.serving]: String(serving),
  };
  return auditLine({
    at,
    resource: 'pods',
    name,
    object: { kind: 'Pod', metadata: { name, labels } },
    ...more,
  });
}

export function service(
  at: number,
  name: string,
  pin: Record<string, string>,
  more: Partial<LineFields> = {},
): string {
  const labels = name === 'shop-canary' ? ours() : {};
  const object = { kind: 'Service', metadata: { name, labels }, spec: { selector: { app: 'shop', ...pin } } };
  return auditLine({ at, resource: 'services', name, object, ...more });
}

export function pinned(revision: string): Record<string, string> {
  return { [Labels.revision]: revision };
}

export const allRevisions = { [Labels.canary]: 'shop' };

export function route(at: number, weight: number | string, more: Partial<LineFields> = {}): string {
  const prefix = 'nginx.ingress.kubernetes.io';
  const annotations = {
    [`${prefix}/canary-weight`]: String(weight),
    [`${prefix}/canary-weight-total`]: '100',
  };
  const object = { kind: 'Ingress', metadata: { name: 'shop-canary', labels: ours(), annotations } };
  return auditLine({ at, resource: 'ingresses', name: 'shop-canary', object, ...more });
}

export interface RuleFields {
  backends: { name: string; weight?: number }[];
  [field: string]: unknown;
}

/** An HTTPRoute of the user; `rules` in short. */
export function httpRoute(
  at: number,
  rules: readonly RuleFields[],
  more: Partial<LineFields> & { annotations?: object; spec?: object } = {},
): string {
  const { annotations = {}, spec = {}, ...fields } = more;
  const written = rules.map(({ backends, ...rule }) => ({ backendRefs: backends, ...rule }));
  const object = {
    kind: 'HTTPRoute',
    metadata: { name: 'shop', annotations },
    spec: { hostnames: ['shop.test'], ...spec, rules: written },
  };
  return auditLine({ at, resource: 'httproutes', name: 'shop', object, ...fields });
}

export function endpoints(at: number, of: string, ready: number): string {
  const object = {
    kind: 'EndpointSlice',
    metadata: { name: `${of}-x`, labels: { 'kubernetes.io/service-name': of } },
    endpoints: Array.from({ length: ready }, () => ({ conditions: { ready: true } })),
  };
  const user = 'system:serviceaccount:kube-system:endpointslice-controller';
  return auditLine({ at, user, resource: 'endpointslices', name: `${of}-x`, object });
}

export function status(at: number, fields: object, more: Partial<LineFields> = {}): string {
  const object = {
    kind: 'Canary',
    metadata: { name: 'shop', generation: 1 },
    status: { observedGeneration: 1, ...fields },
  };
  return auditLine({ at, resource: 'canaries', subresource: 'status', name: 'shop', object, ...more });
}
