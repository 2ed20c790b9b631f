// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { LabelName, ObjectName } from './names.ts';
import { exactlyOneOf, withRules } from './rules.ts';

/** Bounds of gateway.networking.k8s.io/v1 HTTPRoute, but for the number of routes. */
const MAX_ROUTES = 16;
const MAX_PARENTS = 32;
const MAX_HOSTNAMES = 16;
const MAX_RULES = 16;
const MAX_MATCHES = 8;

const Port = z.int().min(1).max(65535);

export const RouteKind = z.enum(['HTTPRoute', 'GRPCRoute']);
export type RouteKind = z.infer<typeof RouteKind>;

const RouteRef = z.object({
  kind: RouteKind.default('HTTPRoute').describe('HTTPRoute or GRPCRoute. Default: HTTPRoute.'),
  name: ObjectName('Name of the route in this namespace.'),
});
export type RouteRef = z.infer<typeof RouteRef>;

const Routes = withRules(z.array(RouteRef).min(1).max(MAX_ROUTES), [
  {
    rule: 'self.all(one, self.exists_one(other, other.kind == one.kind && other.name == one.name))',
    message: 'name each route once',
    holds: (routes) => new Set(routes.map(({ kind, name }) => `${kind}/${name}`)).size === routes.length,
  },
]);

const ParentRef = z.object({
  namespace: LabelName('Namespace of the Gateway; it must let routes of this one attach.')
    .optional()
    .describe(
      'Namespace of the Gateway; its listeners must let routes of this namespace attach. Default: this namespace.',
    ),
  name: ObjectName('Name of the Gateway.'),
  sectionName: ObjectName('Name of a listener of the Gateway.')
    .optional()
    .describe('Name of a listener of the Gateway. Default: all that fit.'),
  port: Port.optional().describe(
    'Port of the listeners of the Gateway, 1 to 65535; not every controller knows it. Default: any.',
  ),
});

const Hostname = z
  .string()
  .min(1)
  .max(253)
  .regex(
    /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    'must be a host such as shop.example.com or *.example.com',
  );

const PathMatch = z.object({
  type: z
    .enum(['PathPrefix', 'Exact', 'RegularExpression'])
    .default('PathPrefix')
    .describe('PathPrefix, Exact or RegularExpression. Default: PathPrefix.'),
  value: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^\//, 'must begin with "/"')
    .default('/')
    .describe('Path to compare with, 1 to 1024 characters. Default: /.'),
});

const RouteMatch = z.object({
  path: PathMatch.optional().describe('Path of the request. Default: every path.'),
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'])
    .optional()
    .describe('Method of the request. Default: every method.'),
});

/** Durations of the Gateway API (GEP-2257) have no bounds of their own; these are ours. */
const Timeout = z
  .string()
  .min(2)
  .max(32)
  .regex(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/, 'must be a duration such as 500ms, 10s or 1m30s');

const Timeouts = withRules(
  z.object({
    request: Timeout.optional().describe(
      'How long a request may take as a whole, a duration. Default: as the Gateway.',
    ),
    backendRequest: Timeout.optional().describe(
      'How long one attempt at a pod may take, a duration; at most request. Default: as the Gateway.',
    ),
  }),
  [
    {
      path: ['backendRequest'],
      rule: "!has(self.request) || !has(self.backendRequest) || duration(self.request) == duration('0s') || duration(self.backendRequest) <= duration(self.request)",
      message: 'must not be longer than request',
      holds: ({ request, backendRequest }) =>
        request === undefined ||
        backendRequest === undefined ||
        timeoutMs(request) === 0 ||
        timeoutMs(backendRequest) <= timeoutMs(request),
    },
  ],
);

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** The parts of a duration of the Gateway API may come in any order. */
function timeoutMs(text: string): number {
  const parts = text.matchAll(/([0-9]+)(ms|h|m|s)/g);
  return [...parts].reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit ?? ''] ?? 0), 0);
}

const RouteRule = z.object({
  matches: z
    .array(RouteMatch)
    .min(1)
    .max(MAX_MATCHES)
    .optional()
    .describe('Requests that the rule takes, 1 to 8 alternatives. Default: all.'),
  timeouts: Timeouts.optional().describe('Time-outs of the rule. Default: those of the Gateway.'),
});

export const RouteTemplate = z.object({
  parentRefs: z
    .array(ParentRef)
    .min(1)
    .max(MAX_PARENTS)
    .describe('Gateways that the route attaches to, 1 to 32.'),
  hostnames: z
    .array(Hostname)
    .min(1)
    .max(MAX_HOSTNAMES)
    .optional()
    .describe('Hosts of the requests, 1 to 16. Default: those of the listeners.'),
  rules: z
    .array(RouteRule)
    .min(1)
    .max(MAX_RULES)
    .optional()
    .describe('Rules of the route, 1 to 16; all lead to the Service. Default: one that takes every request.'),
  port: Port.optional().describe('Port of the Service, 1 to 65535. Default: its only one.'),
});
export type RouteTemplate = z.infer<typeof RouteTemplate>;

export const GatewayTraffic = withRules(
  z.object({
    routes: Routes.optional().describe(
      'Your routes that lead to the Service, 1 to 16. Only rules that name the Service are changed, only while a release is on its way; then they are as they were. Exactly one of routes and template is set.',
    ),
    template: RouteTemplate.optional().describe(
      'An HTTPRoute of the name of this object, made from this and owned by it. Exactly one of routes and template is set.',
    ),
  }),
  [exactlyOneOf('routes', 'template')],
);
export type GatewayTraffic = z.infer<typeof GatewayTraffic>;
