// SPDX-License-Identifier: Apache-2.0
import { isJson } from '../../manifests/manifests.ts';
import type { Path } from '../../manifests/offsets.ts';
import type { Draft } from '../draft.ts';
import type { FlaggerContext } from './canary.ts';

const SERVICE: Path = ['spec', 'service'];
const RULE: Path = ['spec', 'rules', 0];

/** The HTTPRoute that Flagger made, as one of the user: so it can go on serving while its owner changes. */
export function convertHttpRoute(context: FlaggerContext): void {
  const { workshop, ledger, draft, service } = context;
  const name = { name: service, namespace: ledger.source.namespace };
  const route = workshop.draft('HTTPRoute', name, 'gateway.networking.k8s.io/v1');
  draft.set(['spec', 'traffic', 'gateway', 'routes'], [{ kind: 'HTTPRoute', name: service }]);
  route.look(
    ['metadata'],
    'Flagger made the HTTPRoute of this name, and it goes with the Canary of Flagger. From now on it is yours.',
  );
  convertParents(context, route);
  const hosts = ledger.value(...SERVICE, 'hosts');
  if (hosts !== undefined) ledger.kept([...SERVICE, 'hosts'], route.set(['spec', 'hostnames'], hosts));
  convertMatches(context, route);
  for (const [field, to] of [
    ['timeout', 'request'],
    ['backendTimeout', 'backendRequest'],
  ] as const) {
    const value = ledger.value(...SERVICE, field);
    if (value !== undefined) ledger.kept([...SERVICE, field], route.set([...RULE, 'timeouts', to], value));
  }
  route.set([...RULE, 'backendRefs'], [{ name: service, port: ledger.value(...SERVICE, 'port') ?? 80 }]);
  for (const [field, filter] of Object.entries(FILTERS)) {
    if (!ledger.has(...SERVICE, field)) continue;
    ledger.dropped([...SERVICE, field], `write it into the route: ${filter}`);
    route.look(RULE, `${field} of the Canary is not in this rule: ${filter}.`);
  }
}

const FILTERS: Readonly<Record<string, string>> = {
  rewrite: 'a filter URLRewrite',
  headers: 'filters RequestHeaderModifier and ResponseHeaderModifier',
  retries: 'retry, where the Gateway has it',
  corsPolicy: 'a filter CORS, where the Gateway has it',
  mirror: 'a filter RequestMirror',
};

function convertParents({ ledger }: FlaggerContext, route: Draft): void {
  const refs = ledger.list(...SERVICE, 'gatewayRefs');
  const place = route.set(['spec', 'parentRefs'], refs.length > 0 ? refs : [{ name: 'gateway' }]);
  ledger.kept([...SERVICE, 'gatewayRefs'], place);
  if (refs.length === 0) route.look(['spec', 'parentRefs'], 'the Canary named no Gateway; this is a guess.');
}

function convertMatches({ ledger }: FlaggerContext, route: Draft): void {
  const made: object[] = [];
  for (const [index, match] of ledger.list(...SERVICE, 'match').entries()) {
    const path = [...SERVICE, 'match', index];
    const one = matchOf(match);
    if (one) {
      ledger.changed(path, route.place([...RULE, 'matches', made.length]), 'as the Gateway API says it');
      made.push(one);
    } else {
      ledger.dropped(path, 'the Gateway API has no such match');
      route.look(RULE, 'a match could not be said; requests that it took are missing or go another way.');
    }
  }
  if (made.length > 0) route.set([...RULE, 'matches'], made);
}

/** Undefined where a part of it cannot be said. */
function matchOf(match: unknown): object | undefined {
  if (!isJson(match)) return undefined;
  const parts = Object.entries(match).map(([field, value]) => PARTS[field]?.(value));
  return parts.length > 0 && parts.every((part) => part !== undefined)
    ? Object.assign({}, ...parts)
    : undefined;
}

const PARTS: Readonly<Record<string, (value: unknown) => object | undefined>> = {
  uri: pathOf,
  method: methodOf,
  headers: (value) => listOf(value, 'headers'),
  queryParams: (value) => listOf(value, 'queryParams'),
  name: () => ({}),
};

const PATH_TYPES = { prefix: 'PathPrefix', exact: 'Exact', regex: 'RegularExpression' } as const;

function pathOf(uri: unknown): object | undefined {
  if (!isJson(uri)) return undefined;
  const found = (['prefix', 'exact', 'regex'] as const).find((kind) => typeof uri[kind] === 'string');
  return found && { path: { type: PATH_TYPES[found], value: uri[found] } };
}

function methodOf(method: unknown): object | undefined {
  return isJson(method) && typeof method['exact'] === 'string' ? { method: method['exact'] } : undefined;
}

const VALUE_TYPES = { exact: 'Exact', regex: 'RegularExpression' } as const;

/** Headers or parameters by name. */
function listOf(value: unknown, field: string): object | undefined {
  if (!isJson(value)) return undefined;
  const items = Object.entries(value).map(([name, test]) => {
    const kind = (['exact', 'regex'] as const).find((one) => isJson(test) && typeof test[one] === 'string');
    return kind && isJson(test) ? { name, type: VALUE_TYPES[kind], value: test[kind] } : undefined;
  });
  return items.every((item) => item !== undefined) ? { [field]: items } : undefined;
}
