// SPDX-License-Identifier: Apache-2.0
import type { Path } from '../../manifests/offsets.ts';
import type { FlaggerContext } from './canary.ts';
import { convertHttpRoute } from './http-route.ts';

const SERVICE: Path = ['spec', 'service'];
const TRAFFIC: Path = ['spec', 'traffic'];

/** How a router of Flagger is called here; undefined: none. */
type Router = 'gateway' | 'ingress' | 'istio' | 'traefik';

const ROUTERS: readonly (readonly [RegExp, Router])[] = [
  [/^gatewayapi/, 'gateway'],
  [/^nginx$/, 'ingress'],
  [/^istio$/, 'istio'],
  [/^traefik$/, 'traefik'],
];

export interface MadeTraffic {
  readonly router: Router | undefined;
  /** Whether requests can be chosen by headers. */
  readonly canMatch: boolean;
}

/** What splits the traffic: by the provider that is named, or by what else is there. */
export function convertTraffic(context: FlaggerContext): MadeTraffic {
  const { ledger, draft } = context;
  const provider = ledger.text('spec', 'provider');
  const router = provider === undefined ? guess(context) : ROUTERS.find(([name]) => name.test(provider))?.[1];
  if (router === undefined) {
    const why =
      provider === 'kubernetes'
        ? 'pods behind the Service split it'
        : `there is no router for ${provider} here`;
    ledger.dropped(['spec', 'provider'], why);
    if (provider !== 'kubernetes') {
      draft.look(
        ['spec', 'service'],
        `${why}, so that it is the ratio of pods behind the Service. Set traffic if you have an Ingress, a Gateway, Traefik, Istio or an ALB.`,
      );
    }
  } else {
    MAKERS[router](context);
    ledger.changed(
      ['spec', 'provider'],
      draft.place([...TRAFFIC, router]),
      'the router is the field that is set',
    );
  }
  dropRest(context, router);
  return { router, canMatch: router === 'gateway' || router === 'istio' || router === 'ingress' };
}

function guess({ ledger, draft }: FlaggerContext): Router | undefined {
  const found: Router | undefined = ledger.has('spec', 'ingressRef')
    ? 'ingress'
    : ledger.has(...SERVICE, 'gatewayRefs')
      ? 'gateway'
      : ledger.has(...SERVICE, 'gateways')
        ? 'istio'
        : undefined;
  draft.look(
    found === undefined ? ['spec', 'service'] : TRAFFIC,
    `the Canary did not say its provider, which is then the -mesh-provider of Flagger; ${found ?? 'no router'} is a guess.`,
  );
  return found;
}

const MAKERS: Readonly<Record<Router, (context: FlaggerContext) => void>> = {
  gateway: convertHttpRoute,
  ingress: ofIngress,
  istio: ofIstio,
  traefik: ofTraefik,
};

function ofIngress({ ledger, draft, service }: FlaggerContext): void {
  const name = ledger.text('spec', 'ingressRef', 'name');
  const place = draft.set([...TRAFFIC, 'ingress', 'name'], name ?? service);
  ledger.kept(['spec', 'ingressRef', 'name'], place);
  ledger.dropped(['spec', 'ingressRef', 'apiVersion'], 'it is networking.k8s.io/v1');
  ledger.dropped(['spec', 'ingressRef', 'kind'], 'it is an Ingress');
  if (name === undefined)
    draft.look([...TRAFFIC, 'ingress'], 'the Canary named no Ingress; this is a guess.');
  else
    draft.look(
      [...TRAFFIC, 'ingress'],
      `delete Ingress ${name}-canary of Flagger when it is gone: Headway makes one of that name.`,
    );
}

function ofTraefik({ workshop, ledger, draft, service }: FlaggerContext): void {
  draft.set([...TRAFFIC, 'traefik', 'service'], service);
  const made = workshop.draft(
    'TraefikService',
    { name: service, namespace: ledger.source.namespace },
    'traefik.io/v1alpha1',
  );
  made.look(
    ['metadata'],
    'Flagger made the TraefikService of this name, and it goes with the Canary of Flagger. From now on it is yours.',
  );
  made.set(
    ['spec', 'weighted', 'services'],
    [{ name: service, kind: 'Service', port: ledger.value(...SERVICE, 'port') ?? 80 }],
  );
}

/** What Flagger writes into an http route of Istio as it is. */
const HTTP_FIELDS = ['match', 'rewrite', 'retries', 'timeout', 'headers', 'corsPolicy'];

function ofIstio({ workshop, ledger, draft, service }: FlaggerContext): void {
  const name = { name: service, namespace: ledger.source.namespace };
  const made = workshop.draft('VirtualService', name, 'networking.istio.io/v1');
  draft.set([...TRAFFIC, 'istio', 'virtualServices'], [{ name: service }]);
  made.look(
    ['metadata'],
    'Flagger made the VirtualService of this name, and it goes with the Canary of Flagger. From now on it is yours.',
  );
  const isDelegate = ledger.value(...SERVICE, 'delegation') === true;
  ledger.changed(
    [...SERVICE, 'delegation'],
    made.place(['spec']),
    'one that is delegated to has neither hosts nor gateways',
  );
  if (!isDelegate) {
    const hosts = ledger.value(...SERVICE, 'hosts') ?? [service];
    ledger.kept([...SERVICE, 'hosts'], made.set(['spec', 'hosts'], hosts));
    const gateways = ledger.value(...SERVICE, 'gateways');
    if (gateways !== undefined)
      ledger.kept([...SERVICE, 'gateways'], made.set(['spec', 'gateways'], gateways));
  }
  for (const field of HTTP_FIELDS) {
    const path = [...SERVICE, field];
    if (ledger.has(...path)) ledger.kept(path, made.set(['spec', 'http', 0, field], ledger.value(...path)));
  }
  const port = { number: ledger.value(...SERVICE, 'port') ?? 80 };
  made.set(['spec', 'http', 0, 'route'], [{ destination: { host: service, port } }]);
  const policy = ledger.value(...SERVICE, 'trafficPolicy');
  if (policy === undefined) return;
  const rule = workshop.draft('DestinationRule', name, 'networking.istio.io/v1');
  rule.set(['spec', 'host'], service);
  ledger.kept([...SERVICE, 'trafficPolicy'], rule.set(['spec', 'trafficPolicy'], policy));
}

/** Fields that belong to other routers, or to none here. */
const OF_ROUTERS: readonly (readonly [string, string, readonly (Router | undefined)[]])[] = [
  ['gateways', 'Gateways of Istio', ['istio']],
  ['gatewayRefs', 'parents of an HTTPRoute', ['gateway']],
  ['hosts', 'hosts of a route', ['istio', 'gateway']],
  ['match', 'matches of a route', ['istio', 'gateway']],
  ['rewrite', 'what a route rewrites', ['istio', 'gateway']],
  ['retries', 'retries of a route', ['istio', 'gateway']],
  ['timeout', 'the time-out of a route', ['istio', 'gateway']],
  ['backendTimeout', 'the time-out of a backend', ['gateway']],
  ['headers', 'headers of a route', ['istio', 'gateway']],
  ['corsPolicy', 'CORS of a route', ['istio', 'gateway']],
  ['trafficPolicy', 'a DestinationRule', ['istio']],
  ['delegation', 'a VirtualService', ['istio']],
  ['mirror', 'mirrors of a route', ['gateway']],
  ['unmanagedMetadata', 'objects that Flagger would write', []],
  ['meshName', 'App Mesh', []],
  ['backends', 'App Mesh', []],
];

function dropRest({ ledger }: FlaggerContext, router: Router | undefined): void {
  for (const [field, what, routers] of OF_ROUTERS) {
    if (!routers.includes(router)) ledger.dropped([...SERVICE, field], `${what}: there is none here`);
  }
  if (router !== 'ingress') ledger.dropped(['spec', 'ingressRef'], 'there is no Ingress here');
  ledger.dropped(['spec', 'routeRef'], 'there is no router for APISIX here');
  ledger.dropped(['spec', 'upstreamRef'], 'there is no router for Gloo here');
}
