// SPDX-License-Identifier: Apache-2.0
import type { Check, MetricSource } from '../../api/analysis.ts';
import type { ArmIn } from './counting.ts';
import { quoteAlternatives, quoteLiteral } from './template.ts';
import type { QueryScope } from './query-types.ts';
import type { ArmsBy } from './types.ts';

/** A counter that every Traefik has from its start. */
const TRAEFIK_HEARTBEAT = 'traefik_config_reloads_total';

/** What an expression is made of that asks one source for both arms. */
export interface SourceParts {
  readonly armsBy: ArmsBy;
  /** Matchers of both arms. */
  readonly matchers: string;
  /** Matchers of the series that count from their birth. */
  readonly bornMatchers: string;
  /** What must also hold for a series to count from its birth. */
  readonly bornOnlyIf?: string;
  readonly scraped: string;
  /** Where the arm is only a part of another label. */
  readonly armIn?: ArmIn;
}

/** How a source is asked about the arms of a scope. */
export function partsOf(source: MetricSource, check: Check, scope: QueryScope): SourceParts {
  if (source === 'http') return httpParts(check, scope);
  if (scope.routes) return backendParts(check, scope, gatewayBackend(scope, scope.routes));
  return scope.traefikService === undefined
    ? ingressParts(check, scope)
    : backendParts(check, scope, crdBackend(scope));
}

/** The counters of a canary's pods are as old as its revision, so all that a new series counts is its own. */
function httpParts(check: Check, scope: QueryScope): SourceParts {
  const namespace = `namespace=${quoteLiteral(scope.namespace)}`;
  const revisions = [scope.revision, scope.stableRevision].filter((revision) => revision !== undefined);
  const both = `${namespace},revision=~${quoteAlternatives(revisions)}`;
  const labels = extraMatchers(check);
  return {
    armsBy: { label: 'revision', canary: scope.revision, stable: scope.stableRevision },
    matchers: both + labels,
    bornMatchers: `${namespace},revision=${quoteLiteral(scope.revision)}${labels}`,
    scraped: `max by (revision) (timestamp(up{${both}}) and up{${both}} == 1)`,
  };
}

const INGRESS_PROVIDER = '@kubernetesingressnginx';
/** A port by number or by a name without "-", so that "checkout" never matches "checkout-v2". */
const TRAEFIK_PORT = '[a-z0-9]{1,15}';
const TRAEFIK_TAIL = new RegExp(`^-${TRAEFIK_PORT}(-canary)?${INGRESS_PROVIDER}$`);

/**
 * Traefik names the backend of an Ingress <namespace>-<ingress>-<service>-<port>, and that of the canary
 * Ingress beside it the same with "-canary" (pkg/provider/kubernetes/ingress-nginx/translator.go). Its
 * counters outlive a release, so a new series counts only where the Traefik that shows it was known before.
 */
function ingressParts(check: Check, scope: QueryScope): SourceParts {
  const backend = traefikName([scope.namespace, scope.ingress ?? '', scope.service]);
  const pattern = `${backend}-${TRAEFIK_PORT}(-canary)?${INGRESS_PROVIDER}`;
  const matchers = `service=~${quoteLiteral(pattern)}${extraMatchers(check)}`;
  return {
    armsBy: { label: 'service', backend, ...(scope.isAlone ? { isAlone: true } : {}) },
    matchers,
    bornMatchers: matchers,
    bornOnlyIf: TRAEFIK_HEARTBEAT,
    scraped: `max(timestamp(${TRAEFIK_HEARTBEAT}))`,
  };
}

const GATEWAY_PROVIDER = '@kubernetesgateway';
const CRD_PROVIDER = '@kubernetescrd';

/** The name of a backend in Traefik, around the Service that it leads to. */
interface BackendName {
  readonly before: string;
  readonly after: string;
}

/**
 * Traefik names a backend of a route <kind>-<namespace>-<route>-gw-<gateway and entry point>-<rule>-<hash>-svc-
 * <namespace>-<Service>-<place> (pkg/provider/kubernetes/gateway/httproute.go, makeRouterName): one for each match of
 * each rule, so that the arms are summed over all of them.
 */
function gatewayBackend({ namespace }: QueryScope, routes: NonNullable<QueryScope['routes']>): BackendName {
  const names = routes.map(({ kind, name }) => traefikName([kind.toLowerCase(), namespace, name]));
  return {
    before: `(?:${names.join('|')})-gw-.+-[0-9a-f]{20}-svc-${traefikName([namespace])}`,
    after: `-[0-9]+${GATEWAY_PROVIDER}`,
  };
}

/**
 * Traefik names what an entry of a TraefikService leads to <namespace>-<Service>-<port>, the port as the entry says it,
 * if it does (pkg/provider/kubernetes/crd/kubernetes_http.go, fullServiceName).
 */
function crdBackend({ namespace }: QueryScope): BackendName {
  return { before: traefikName([namespace]), after: `(?:-${TRAEFIK_PORT})?${CRD_PROVIDER}` };
}

/** Where the Service is in the name of the backend. The longer name comes first, so that no port is taken for its end. */
function backendParts(check: Check, scope: QueryScope, { before, after }: BackendName): SourceParts {
  const { service, canaryService = service, isAlone } = scope;
  const [canary, stable] = [traefikName([canaryService]), traefikName([service])];
  const pattern = `${before}-(${[...new Set([canary, stable])].join('|')})${after}`;
  const matchers = `service=~${quoteLiteral(pattern)}${extraMatchers(check)}`;
  return {
    armsBy: { label: 'backend', canary, ...(isAlone ? {} : { stable }) },
    matchers,
    bornMatchers: matchers,
    bornOnlyIf: TRAEFIK_HEARTBEAT,
    scraped: `max(timestamp(${TRAEFIK_HEARTBEAT}))`,
    armIn: { label: 'backend', from: 'service', pattern },
  };
}

/** provider.Normalize of Traefik: every run of other characters than letters and digits becomes one "-". */
function traefikName(parts: readonly string[]): string {
  return parts
    .join('-')
    .split(/[^A-Za-z0-9]+/)
    .filter((part) => part !== '')
    .join('-');
}

function extraMatchers(check: Check): string {
  const pairs = Object.entries(check.labels ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return pairs.map(([name, value]) => `,${name}=${quoteLiteral(value)}`).join('');
}

/** Which arm a series speaks of; undefined: neither. */
export function armOf(
  armsBy: ArmsBy,
  labels: Readonly<Record<string, string>>,
): 'canary' | 'stable' | undefined {
  const value = labels[armsBy.label];
  if (value === undefined) return undefined;
  if (armsBy.label !== 'service') {
    if (value === armsBy.canary) return 'canary';
    return value === armsBy.stable ? 'stable' : undefined;
  }
  const tail = value.startsWith(armsBy.backend)
    ? TRAEFIK_TAIL.exec(value.slice(armsBy.backend.length))
    : null;
  if (!tail) return undefined;
  return (tail[1] === undefined) === (armsBy.isAlone === true) ? 'canary' : 'stable';
}
