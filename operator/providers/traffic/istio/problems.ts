// SPDX-License-Identifier: Apache-2.0
import { Reasons } from '../../../api/reasons.ts';
import { resources } from '../../../kube/resources.ts';
import { notFound, notServed } from '../absent.ts';
import type { RouteProblem } from '../types.ts';
import { foreignSentences, ruleSentences } from '../weights/rule-problems.ts';
import { takenNames } from './destination-rules.ts';
import { ignoredHeaders } from './header-match.ts';
import { isHostOf } from './hosts.ts';
import { type LiveVirtualService, readVirtualService, readVirtualServices } from './live.ts';
import { isSelected } from './rules.ts';
import type { HttpRoute, IstioTarget, NamedVirtualService, VirtualServiceSnapshot } from './schema.ts';
import { subsetSentences } from './subsets.ts';

/** Beside others all weights may be multiplied by 100, and they are of 32 bits in Istio. */
const MAX_SHARED_WEIGHT = 1_000_000;

const MAX_LISTED = 5;

/** Why the traffic cannot be split by the VirtualServices, all reasons at once; empty when it can. */
export function findIstioProblems(target: IstioTarget): RouteProblem[] {
  if (!target.isServed) return [notServed(resources.virtualServices, 'Istio (1.22 or newer)')];
  const named = target.virtualServices.flatMap((one) => virtualServiceProblems(target, one));
  const taken = takenNames(target).map((name) => ({
    reason: Reasons.NameTaken,
    message: `DestinationRule ${name} is needed for ${target.canary.kind} ${target.canary.name}, but it exists and was not made by Headway for it; rename or delete it`,
  }));
  return [...named, ...taken, ...unsupported(headerSentences(target))];
}

function unsupported(sentences: readonly string[]): RouteProblem[] {
  return sentences.map((message) => ({ reason: Reasons.RouteNotSupported, message }));
}

function virtualServiceProblems(target: IstioTarget, named: NamedVirtualService): RouteProblem[] {
  const { name, routes, found } = named;
  if (!found || found.deleting)
    return [notFound(`VirtualService ${name}`, target.namespace, found !== undefined)];
  const one = readVirtualService(target, named, found);
  const missing = (routes ?? []).filter((route) => !one.base.some((http) => isSelected(http, [route])));
  if (missing.length > 0) return unsupported([missingSentence(one, missing)]);
  const stream = streamSentence(target, one);
  return unsupported(stream === undefined ? splitSentences(target, one) : [stream]);
}

function splitSentences(target: IstioTarget, one: LiveVirtualService): string[] {
  const { what, kind, live, base, sides, named } = one;
  const others = base.filter((route) => isSelected(route, named.routes)).flatMap(backendsOf);
  const words = {
    what,
    rule: 'http route',
    instead: insteadOf(others),
    maxSharedWeight: MAX_SHARED_WEIGHT,
  };
  return [
    ...foreignSentences(kind, live, sides, words),
    ...ruleSentences(kind, base, sides, words),
    ...subsetSentences(target, one),
  ];
}

function insteadOf(backends: readonly string[]): string {
  const distinct = [...new Set(backends)];
  if (distinct.length === 0) return 'they have no destinations';
  const more = distinct.length > MAX_LISTED ? ` and ${distinct.length - MAX_LISTED} more` : '';
  return `they lead to ${distinct.slice(0, MAX_LISTED).join(', ')}${more}`;
}

function missingSentence({ base, what }: LiveVirtualService, missing: readonly string[]): string {
  const names = base.flatMap(({ name }) => (typeof name === 'string' && name !== '' ? [name] : []));
  const known = names.length > 0 ? `it has ${names.join(', ')}` : 'none of its http routes has a name';
  return `${what} has no http route named ${missing.join(', ')}; ${known}`;
}

/** Nothing but streams leads to the Service, and those cannot be split. */
function streamSentence(target: IstioTarget, { base, what, found }: LiveVirtualService): string | undefined {
  const streams = streamsTo(target, found);
  const isNamed = base.some(({ route }) => route?.some((ref) => isHostOf(ref.destination.host, target)));
  if (streams.length === 0 || isNamed) return undefined;
  return `only ${streams.join(', ')} of ${what} leads to Service ${target.service}; only http routes can be split`;
}

/** What an http route leads to, as people call it. */
function backendsOf({ route, delegate }: HttpRoute): string[] {
  const hosts = (route ?? []).map(({ destination }) => destination.host);
  if (!delegate?.name) return hosts;
  const place = delegate.namespace ? `${delegate.namespace}/` : '';
  return [...hosts, `the delegate VirtualService ${place}${delegate.name}, which can be named instead`];
}

function headerSentences({ match }: IstioTarget): string[] {
  return ignoredHeaders(match).map(
    (name) =>
      `match asks for header ${name}, which Istio passes by in a match of headers, so that every request would be chosen; choose another header`,
  );
}

/** Requests to the Service that no weight reaches although a VirtualService leads them there, one sentence each. */
export function findIstioExceptions(target: IstioTarget): string[] {
  return readVirtualServices(target).flatMap(({ found, base, what, named }) => {
    const streams = streamsTo(target, found).map(
      (stream) => `connections that ${stream} of ${what} takes do not follow the weight; only http routes do`,
    );
    const left = base.flatMap((route, i) => {
      const leads = route.route?.some((ref) => isHostOf(ref.destination.host, target));
      if (!leads || isSelected(route, named.routes)) return [];
      const name = route.name ? ` (${route.name})` : '';
      return [
        `requests that http route ${i + 1}${name} of ${what} takes do not follow the weight; it is not among the routes that are named`,
      ];
    });
    return [...left, ...streams];
  });
}

/** The tls and tcp routes that lead to the Service, as `tcp route 1`. */
function streamsTo(target: IstioTarget, { streams }: VirtualServiceSnapshot): string[] {
  return (['tls', 'tcp'] as const).flatMap((kind) =>
    streams[kind].flatMap((hosts, i) =>
      hosts.some((host) => isHostOf(host, target)) ? [`${kind} route ${i + 1}`] : [],
    ),
  );
}
