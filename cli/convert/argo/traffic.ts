// SPDX-License-Identifier: Apache-2.0
import type { Path } from '../../manifests/offsets.ts';
import type { Draft } from '../draft.ts';
import type { Ledger } from '../ledger.ts';

interface TrafficContext {
  readonly ledger: Ledger;
  readonly draft: Draft;
  /** The Service where clients are, and the one that Argo Rollouts gave to the canary. */
  readonly service: string;
  readonly canaryService: string | undefined;
}

export interface MadeTraffic {
  /** Whether requests can be chosen by a header. */
  readonly canMatch: boolean;
  readonly maxWeight: number;
}

const ROUTING: Path = ['spec', 'strategy', 'canary', 'trafficRouting'];
const TRAFFIC: Path = ['spec', 'traffic'];
const GATEWAY_PLUGIN = 'argoproj-labs/gatewayAPI';

/** What splits the traffic. Where that cannot be said here, the pods behind the Service do, and a person must look. */
export function convertTraffic(context: TrafficContext): MadeTraffic {
  const { ledger } = context;
  const maxWeight = ledger.number(...ROUTING, 'maxTrafficWeight') ?? 100;
  ledger.dropped([...ROUTING, 'maxTrafficWeight'], 'weights are percent; those of the steps are said so');
  ledger.dropped([...ROUTING, 'managedRoutes'], 'routes for headers are made and removed by themselves');
  const names = ledger
    .keys(...ROUTING)
    .filter((name) => !['maxTrafficWeight', 'managedRoutes'].includes(name));
  const known = names.find((name) => ROUTERS[name] !== undefined && namesSomething(ledger, name)) ?? '';
  const canMatch = ROUTERS[known]?.(context) ?? false;
  for (const name of names.filter((other) => other !== known)) dropRouter(context, name);
  if (names.length > 0 && context.draft.get(TRAFFIC) === undefined) {
    context.draft.look(
      ['spec', 'service'],
      'what split the traffic could not be converted, so that it is the ratio of pods behind the Service. Set traffic if you have an Ingress, a Gateway, Traefik, Istio or an ALB.',
    );
  }
  return { canMatch, maxWeight };
}

/** Fields of a router of which one says which object splits the traffic. */
const NAMED_BY: Readonly<Record<string, readonly Path[]>> = {
  nginx: [['stableIngress'], ['stableIngresses', 0]],
  alb: [['ingress'], ['ingresses', 0]],
  istio: [
    ['virtualService', 'name'],
    ['virtualServices', 0, 'name'],
  ],
  traefik: [['weightedTraefikServiceName']],
  plugins: [[GATEWAY_PLUGIN]],
};

function namesSomething(ledger: Ledger, name: string): boolean {
  return (NAMED_BY[name] ?? []).some((path) => ledger.has(...ROUTING, name, ...path));
}

function dropRouter({ ledger, draft }: TrafficContext, name: string): void {
  const isKnown = ROUTERS[name] !== undefined;
  const why = isKnown
    ? 'a Canary has one router, and it names an object'
    : `there is no router for ${name} here`;
  ledger.dropped([...ROUTING, name], why);
  if (draft.get(TRAFFIC) !== undefined) {
    draft.look(TRAFFIC, `${name} split the traffic too; a Canary has one router.`);
  }
}

const ROUTERS: Readonly<Record<string, (context: TrafficContext) => boolean>> = {
  nginx: ofNginx,
  alb: ofAlb,
  istio: ofIstio,
  traefik: ofTraefik,
  plugins: ofGateway,
};

function ofNginx({ ledger, draft }: TrafficContext): boolean {
  const at = [...ROUTING, 'nginx'];
  const several = ledger.list(...at, 'stableIngresses');
  const name = ledger.text(...at, 'stableIngress') ?? several[0];
  const place = draft.set([...TRAFFIC, 'ingress', 'name'], name);
  ledger.kept([...at, 'stableIngress'], place);
  noteSeveral({ ledger, draft }, { at: [...at, 'stableIngresses'], place, field: [...TRAFFIC, 'ingress'] });
  const prefix = ledger.text(...at, 'annotationPrefix');
  if (prefix !== undefined) {
    ledger.kept([...at, 'annotationPrefix'], draft.set([...TRAFFIC, 'ingress', 'annotationPrefix'], prefix));
  }
  convertAdditional({ ledger, draft }, at);
  return false;
}

function noteSeveral(
  { ledger, draft }: Pick<TrafficContext, 'ledger' | 'draft'>,
  { at, place, field }: { at: Path; place: string; field: Path },
): void {
  for (const [index, name] of ledger.list(...at).entries()) {
    if (index === 0) ledger.kept([...at, index], place);
    else {
      ledger.dropped([...at, index], 'a Canary has one Ingress');
      draft.look(
        field,
        `Ingress ${String(name)} was split too; put its paths into this one, or use traffic.gateway.`,
      );
    }
  }
}

/** Of the annotations that Argo Rollouts gave to its canary Ingress, a header is a match here. */
function convertAdditional({ ledger, draft }: Pick<TrafficContext, 'ledger' | 'draft'>, at: Path): void {
  const path = [...at, 'additionalIngressAnnotations'];
  const header = ledger.text(...path, 'canary-by-header');
  const value = ledger.text(...path, 'canary-by-header-value');
  const pattern = ledger.text(...path, 'canary-by-header-pattern');
  if (header !== undefined) {
    const test = pattern === undefined ? { exact: value ?? 'always' } : { regex: pattern };
    draft.set(['spec', 'match'], [{ headers: { [header]: test } }]);
    const place = draft.place(['spec', 'match', 0, 'headers']);
    ledger.kept([...path, 'canary-by-header'], place);
    ledger.kept([...path, 'canary-by-header-value'], place);
    ledger.kept([...path, 'canary-by-header-pattern'], place);
  }
  for (const key of ledger.keys(...path)) {
    if (key.startsWith('canary-by-header') && header !== undefined) continue;
    ledger.dropped([...path, key], 'the canary Ingress has the annotations of yours, and no others');
  }
}

function ofAlb({ ledger, draft, service, canaryService }: TrafficContext): boolean {
  const at = [...ROUTING, 'alb'];
  const several = ledger.list(...at, 'ingresses');
  const place = draft.set([...TRAFFIC, 'alb', 'ingress'], ledger.text(...at, 'ingress') ?? several[0]);
  ledger.kept([...at, 'ingress'], place);
  noteSeveral({ ledger, draft }, { at: [...at, 'ingresses'], place, field: [...TRAFFIC, 'alb'] });
  const root = ledger.text(...at, 'rootService');
  if (root !== undefined) ledger.kept([...at, 'rootService'], draft.set([...TRAFFIC, 'alb', 'action'], root));
  const prefix = ledger.text(...at, 'annotationPrefix');
  if (prefix !== undefined) {
    ledger.kept([...at, 'annotationPrefix'], draft.set([...TRAFFIC, 'alb', 'annotationPrefix'], prefix));
  }
  ledger.dropped([...at, 'servicePort'], 'the action of the Ingress says the port');
  ledger.dropped([...at, 'stickinessConfig'], 'say it in the action: targetGroupStickinessConfig');
  draft.look(
    [...TRAFFIC, 'alb'],
    `annotation actions.${root ?? service} of the Ingress must forward to Service ${service} alone${canaryService === undefined ? '' : `, and no more to ${canaryService}`}.`,
  );
  return false;
}

function ofIstio({ ledger, draft, service, canaryService }: TrafficContext): boolean {
  const at = [...ROUTING, 'istio'];
  const single = ledger.has(...at, 'virtualService') ? [[...at, 'virtualService']] : [];
  const several = [...ledger.list(...at, 'virtualServices').keys()].map((index) => [
    ...at,
    'virtualServices',
    index,
  ]);
  const named = [...single, ...several].filter((path) => ledger.has(...path, 'name'));
  for (const path of several.filter((one) => !named.includes(one)))
    ledger.dropped(path, 'it names no VirtualService');
  for (const [index, path] of named.entries()) {
    const to = [...TRAFFIC, 'istio', 'virtualServices', index];
    ledger.kept([...path, 'name'], draft.set([...to, 'name'], ledger.text(...path, 'name')));
    const routes = ledger.list(...path, 'routes');
    if (routes.length > 0) ledger.kept([...path, 'routes'], draft.set([...to, 'routes'], routes));
    for (const field of ['tlsRoutes', 'tcpRoutes']) {
      if (!ledger.has(...path, field)) continue;
      ledger.dropped([...path, field], 'only http routes follow a weight');
      draft.look(
        to,
        `${field} do not follow the weight; they stay with the stable version until the promotion.`,
      );
    }
  }
  const isBySubset = ledger.has(...at, 'destinationRule');
  ledger.dropped([...at, 'destinationRule'], 'revisions are told apart by Services, and not by subsets');
  const subsets = isBySubset
    ? ' Take the subsets of the two versions out of it and of the DestinationRule: no subset may name a version.'
    : '';
  const other = canaryService === undefined ? '' : `, and no more to ${canaryService}`;
  draft.look(
    [...TRAFFIC, 'istio'],
    `the VirtualServices must lead to Service ${service} alone${other}.${subsets}`,
  );
  return true;
}

function ofTraefik({ ledger, draft, service, canaryService }: TrafficContext): boolean {
  const path = [...ROUTING, 'traefik', 'weightedTraefikServiceName'];
  ledger.kept(path, draft.set([...TRAFFIC, 'traefik', 'service'], ledger.text(...path)));
  const other = canaryService === undefined ? '' : `, and no more ${canaryService}`;
  draft.look(
    [...TRAFFIC, 'traefik'],
    `weighted.services of the TraefikService must name Service ${service} alone${other}.`,
  );
  return false;
}

const ROUTE_FIELDS = [
  ['httpRoute', 'HTTPRoute'],
  ['grpcRoute', 'GRPCRoute'],
] as const;

function ofGateway({ ledger, draft, service, canaryService }: TrafficContext): boolean {
  const at = [...ROUTING, 'plugins', GATEWAY_PLUGIN];
  const routes: { kind: string; name: string }[] = [];
  const keep = (path: Path, kind: string) => {
    const name = ledger.text(...path);
    if (name === undefined) return;
    ledger.kept(path, draft.place([...TRAFFIC, 'gateway', 'routes', routes.length, 'name']));
    routes.push({ kind, name });
  };
  for (const [field, kind] of ROUTE_FIELDS) {
    keep([...at, field], kind);
    for (const index of ledger.list(...at, `${field}s`).keys()) {
      keep([...at, `${field}s`, index, 'name'], kind);
      ledger.dropped([...at, `${field}s`, index, 'useHeaderRoutes'], 'match holds for all routes');
    }
  }
  if (ledger.has(...at, 'namespace') && ledger.text(...at, 'namespace') !== ledger.source.namespace) {
    draft.look(
      TRAFFIC,
      `the routes were in namespace ${ledger.text(...at, 'namespace')}; here they are in that of the Canary.`,
    );
  }
  ledger.dropped([...at, 'namespace'], 'the routes are in the namespace of the Canary');
  for (const name of ledger.keys(...ROUTING, 'plugins').filter((other) => other !== GATEWAY_PLUGIN)) {
    ledger.dropped([...ROUTING, 'plugins', name], 'there are no plugins for traffic');
  }
  if (routes.length === 0) return false;
  draft.set([...TRAFFIC, 'gateway', 'routes'], routes);
  const other = canaryService === undefined ? '' : `; take backend ${canaryService} out of them`;
  draft.look([...TRAFFIC, 'gateway'], `the routes must lead to Service ${service} alone${other}.`);
  return true;
}
