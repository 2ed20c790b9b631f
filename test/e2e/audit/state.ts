// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { RolloutStatus } from '../../../operator/api/rollout-status.ts';
import { BlueGreenStatus } from '../../../operator/api/blue-green-status.ts';
import { rolloutStatusOf } from '../../../operator/engine/blue-green/slots.ts';
import { Labels } from '../../../operator/api/group.ts';
import { splitOf } from './http-route.ts';
import type { AuditWrite, StoredObject } from './log.ts';

/** Names in a story's namespace. */
export interface AuditNames {
  readonly target: string;
  readonly service: string;
  readonly canaryService: string;
  /** Absent where the split is the ratio of pods. */
  readonly route?: AuditRoute;
  /** GRPCRoutes of the user that are split beside it. */
  readonly grpcRoutes?: readonly string[];
}

/** The object that carries the weight. */
export interface AuditRoute {
  readonly resource: 'ingresses' | 'httproutes' | 'traefikservices';
  readonly name: string;
  /** Made and deleted by the operator; the user's own is changed and given back. */
  readonly owned: boolean;
}

export interface DeploymentState {
  readonly replicas: number;
  /** '' for what is no revision. */
  readonly revision: string;
}

/** What carries traffic, as far as the log has told until now. */
export interface AuditState {
  /** Pods that were taken out of their Services and have not ended or come back. */
  readonly out: ReadonlyMap<string, OutState>;
  readonly deployments: ReadonlyMap<string, DeploymentState>;
  /** Selectors by name of the Service. */
  readonly selectors: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** The canary annotations by name of the Ingress. */
  readonly ingresses: ReadonlyMap<string, RouteState>;
  /** HTTPRoutes as stored, and TraefikServices as asRoute shows them, by name. */
  readonly routes: ReadonlyMap<string, StoredObject>;
  /** EndpointSlices by name: their Service and how many ready endpoints they hold. */
  readonly slices: ReadonlyMap<string, SliceState>;
  readonly status?: RolloutStatus;
}

export interface OutState {
  readonly revision: string;
  readonly sinceMs: number;
}

export interface SliceState {
  readonly service: string;
  readonly ready: number;
}

export interface RouteState {
  /** NaN when it is no number. */
  readonly weight: number;
  readonly total: number;
  /** Some requests go to the canary whatever the weight. */
  readonly matched: boolean;
}

export const emptyState: AuditState = {
  out: new Map(),
  deployments: new Map(),
  selectors: new Map(),
  ingresses: new Map(),
  routes: new Map(),
  slices: new Map(),
};

/** The state after a write; the state itself for what carries no traffic. */
export function applyWrite(state: AuditState, write: AuditWrite): AuditState {
  if (write.code >= 300) return state;
  switch (write.resource) {
    case 'deployments':
      return { ...state, deployments: changed(state.deployments, write, deploymentOf) };
    case 'pods':
      return write.subresource === '' ? { ...state, out: outAfter(state.out, write) } : state;
    case 'services':
      return { ...state, selectors: changed(state.selectors, write, selectorOf) };
    case 'ingresses':
      return { ...state, ingresses: changed(state.ingresses, write, ingressOf) };
    case 'httproutes':
    case 'traefikservices':
      return { ...state, routes: changed(state.routes, write, (object) => object) };
    case 'endpointslices':
      return { ...state, slices: changed(state.slices, write, sliceOf) };
    case 'canaries':
      return withStatus(state, write, (status) => RolloutStatus.parse(status));
    case 'bluegreens':
      return withStatus(state, write, (status) => rolloutStatusOf(BlueGreenStatus.parse(status)));
    default:
      return state;
  }
}

/** What an autoscaler wrote is answered with a Scale, which has a status of its own. */
function withStatus(
  state: AuditState,
  { object }: AuditWrite,
  read: (status: unknown) => RolloutStatus,
): AuditState {
  if (object?.status === undefined || object.kind === 'Scale') return state;
  return { ...state, status: read(object.status) };
}

function changed<T>(
  known: ReadonlyMap<string, T>,
  write: AuditWrite,
  read: (object: StoredObject, before: T | undefined) => T,
): ReadonlyMap<string, T> {
  const next = new Map(known);
  if (write.verb === 'delete') next.delete(write.name);
  else if (write.object) next.set(write.name, read(write.object, known.get(write.name)));
  return next;
}

function outAfter(
  out: ReadonlyMap<string, OutState>,
  { verb, name, object, atMs }: AuditWrite,
): ReadonlyMap<string, OutState> {
  const next = new Map(out);
  const labels = object?.metadata.labels ?? {};
  const isOut = verb === 'patch' && labels[Labels.serving] === 'false';
  if (!isOut) next.delete(name);
  else if (!next.has(name)) next.set(name, { revision: labels[Labels.revision] ?? '', sinceMs: atMs });
  return next;
}

const Replicas = z.looseObject({ replicas: z.int().default(0) });
const Selector = z.looseObject({ selector: z.record(z.string(), z.string()).default({}) });

/** A Scale, as the subresource answers, has no labels: the revision stays what it was. */
function deploymentOf(object: StoredObject, before: DeploymentState | undefined): DeploymentState {
  const isScale = object.kind === 'Scale';
  return {
    replicas: Replicas.parse(object.spec).replicas,
    revision: isScale ? (before?.revision ?? '') : (object.metadata.labels[Labels.revision] ?? ''),
  };
}

function selectorOf(object: StoredObject): Record<string, string> {
  return Selector.parse(object.spec).selector;
}

function ingressOf({ metadata: { annotations } }: StoredObject): RouteState {
  return {
    weight: Number(annotations['nginx.ingress.kubernetes.io/canary-weight'] ?? 0),
    total: Number(annotations['nginx.ingress.kubernetes.io/canary-weight-total'] ?? 100),
    matched: annotations['nginx.ingress.kubernetes.io/canary-by-header'] !== undefined,
  };
}

const Endpoints = z
  .array(z.looseObject({ conditions: z.looseObject({ ready: z.boolean().default(true) }).prefault({}) }))
  .nullish();

function sliceOf(object: StoredObject): SliceState {
  const endpoints = Endpoints.parse(object['endpoints']) ?? [];
  return {
    service: object.metadata.labels['kubernetes.io/service-name'] ?? '',
    ready: endpoints.filter(({ conditions }) => conditions.ready).length,
  };
}

/** Ready endpoints of a Service. */
export function readyEndpoints(state: AuditState, service: string): number {
  return [...state.slices.values()]
    .filter((slice) => slice.service === service)
    .reduce((sum, slice) => sum + slice.ready, 0);
}

/** The revision that a Service names; undefined when it names none or all of them. */
export function namedRevision(state: AuditState, service: string): string | undefined {
  return state.selectors.get(service)?.[Labels.revision];
}

const noRoute: RouteState = { weight: 0, total: 100, matched: false };

/** What the route says; all for the Service without one. */
export function routeState(state: AuditState, names: AuditNames): RouteState {
  const { route } = names;
  if (route === undefined) return noRoute;
  if (route.resource === 'ingresses') return state.ingresses.get(route.name) ?? noRoute;
  const object = state.routes.get(route.name);
  return object ? splitOf(object, names) : noRoute;
}

/** The weight of the canary in the route; 0 without one. */
export function routeWeight(state: AuditState, names: AuditNames): number {
  return routeState(state, names).weight;
}

/** What a side of the route gets, for people; undefined when it is nothing. */
export function shareText({ weight, matched }: RouteState): string | undefined {
  if (weight !== 0) return `${weight}%`;
  return matched ? 'chosen requests' : undefined;
}

/** The revisions that requests can reach, '' for pods of the user's own Deployment. */
export function carriers(state: AuditState, names: AuditNames): Set<string> {
  const { weight, matched } = routeState(state, names);
  const carrying = new Set(weight < 100 ? namedBy(state, names.service) : []);
  if (weight > 0 || matched)
    for (const revision of namedBy(state, names.canaryService)) carrying.add(revision);
  return carrying;
}

/** Every revision with pods that a Service's selector matches. */
function namedBy(state: AuditState, service: string): string[] {
  const selector = state.selectors.get(service);
  if (selector === undefined) return [];
  const revision = selector[Labels.revision];
  if (revision !== undefined) return [revision];
  if ('pod-template-hash' in selector) return [''];
  const running = [...state.deployments.values()]
    .filter((one) => one.replicas > 0)
    .map((one) => one.revision);
  return selector[Labels.canary] === undefined ? running : running.filter((name) => name !== '');
}
