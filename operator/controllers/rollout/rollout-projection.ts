// SPDX-License-Identifier: Apache-2.0
import { labelValue } from '../../engine/names.ts';
import { z } from 'zod';
import { previewServiceName } from '../../engine/blue-green/rollout-of.ts';
import { canaryServiceName } from '../../engine/rollout/names.ts';
import type { RolloutKind } from '../../engine/rollout/rollout.ts';
import { Annotations } from '../../api/group.ts';
import { Reasons } from '../../api/reasons.ts';
import { Traffic } from '../../api/traffic.ts';
import type { KubeObject } from '../../kube/objects.ts';
import { resources } from '../../kube/resources.ts';
import type { IndexFunction } from '../../runtime/store.ts';
import { routeObjects } from './route-target.ts';

/** A Canary as it is stored, unchecked: what is wrong with it is said in its status, not lost in a log. */
export interface RolloutProjection {
  readonly kind: RolloutKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  /** The object without managedFields, as JSON text: a sixth of the object, and only a reconcile looks at it. */
  readonly text: string;
  readonly refs: RolloutRefs;
  /** What a person or a pipeline wants: the generation of the spec, and the verb. */
  readonly asked: string;
  /** Reason of its Ready condition, which tells what it waits for. */
  readonly reason?: string;
}

/** Names that a Canary speaks of; what is malformed speaks of nothing. */
interface RolloutRefs {
  readonly target?: string;
  readonly service?: string;
  /** The Service that finds the new pods alone. */
  readonly canaryService?: string;
  readonly ingress?: string;
  /** The objects of its route, as `HTTPRoute/name`. */
  readonly routes: readonly string[];
  readonly templates: readonly string[];
}

const Named = z.looseObject({ name: z.string() }).optional().catch(undefined);
const Analysis = z.looseObject({ templateRef: Named }).optional().catch(undefined);
const Spec = z
  .looseObject({
    targetRef: Named,
    service: Named,
    traffic: z.looseObject({ ingress: Named }).optional().catch(undefined),
    analysis: Analysis,
    steps: z
      .array(z.looseObject({ analysis: Analysis }))
      .optional()
      .catch(undefined),
    previewService: Named,
    prePromotion: Analysis,
    postPromotion: Analysis,
  })
  .catch({});

/** An object of a kind of release. */
export function projectRollout(kind: RolloutKind, object: KubeObject): RolloutProjection {
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  const spec = Spec.parse(object['spec']);
  return {
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    uid: metadata.uid ?? '',
    createdAt: metadata.creationTimestamp ?? '',
    text: JSON.stringify({ ...object, metadata }),
    asked: `${metadata.generation} ${metadata.annotations?.[Annotations.action] ?? ''}`,
    ...reasonOf(object['status']),
    refs: refsOf(kind, metadata.name ?? '', spec),
  };
}

type Names = Pick<z.infer<typeof Spec>, 'previewService'> & { service: { name: string } };

/** The Service that finds the new pods alone, by kind. */
const CANARY_SERVICES: Readonly<Record<RolloutKind, (names: Names) => string>> = {
  Canary: ({ service }) => canaryServiceName(service.name),
  BlueGreen: previewServiceName,
};

function refsOf(kind: RolloutKind, name: string, spec: z.infer<typeof Spec>): RolloutRefs {
  const { service, previewService } = spec;
  const inSteps = (spec.steps ?? []).map(({ analysis }) => analysis);
  const templates = [spec.analysis, spec.prePromotion, spec.postPromotion, ...inSteps].map(
    (analysis) => analysis?.templateRef?.name,
  );
  return {
    ...(spec.targetRef ? { target: spec.targetRef.name } : {}),
    ...(service
      ? { service: service.name, canaryService: CANARY_SERVICES[kind]({ service, previewService }) }
      : {}),
    ...(spec.traffic?.ingress ? { ingress: spec.traffic.ingress.name } : {}),
    routes: routesOf(name, spec.traffic),
    templates: [...new Set(templates.filter((template) => template !== undefined))],
  };
}

/** The object that a projection was made of. */
export function objectOf({ text }: RolloutProjection): KubeObject {
  return JSON.parse(text) as KubeObject;
}

const Status = z
  .looseObject({ conditions: z.array(z.looseObject({ type: z.string(), reason: z.string() })) })
  .optional()
  .catch(undefined);

function reasonOf(status: unknown): { reason?: string } {
  const ready = Status.parse(status)?.conditions.find(({ type }) => type === 'Ready');
  return ready ? { reason: ready.reason } : {};
}

function routesOf(name: string, traffic: unknown): string[] {
  const objects = routeObjects(name, Traffic.safeParse(traffic).data);
  return objects.map((object) => `${resources[object.resource].kind}/${object.name}`);
}

/** By what a change of another object finds the Canaries that it concerns; values are `namespace/name`. */
export const rolloutIndexes: Readonly<Record<string, IndexFunction<RolloutProjection>>> = {
  uid: ({ uid }) => [uid],
  label: ({ namespace, name }) => [`${namespace}/${labelValue(name)}`],
  target: ({ namespace, refs }) => (refs.target ? [`${namespace}/${refs.target}`] : []),
  service: ({ namespace, refs: { service, canaryService } }) =>
    [service, canaryService].filter((name) => name !== undefined).map((name) => `${namespace}/${name}`),
  ingress: ({ namespace, refs }) => (refs.ingress ? [`${namespace}/${refs.ingress}`] : []),
  // few Canaries wait for this, so that the Deployments of a namespace wake nobody else
  overlapped: ({ namespace, reason }) => (reason === Reasons.SelectorOverlap ? [namespace] : []),
  routeKind: ({ refs }) => kindsOf(refs),
  // of DestinationRules only all together say whose host each is for, and which names are taken
  routeKindHere: ({ namespace, refs }) => kindsOf(refs).map((kind) => `${namespace}/${kind}`),
  route: ({ namespace, refs }) => refs.routes.map((route) => routeKey(namespace, route)),
  template: ({ namespace, refs }) => refs.templates.map((name) => `${namespace}/${name}`),
};

function kindsOf({ routes }: RolloutRefs): string[] {
  return [...new Set(routes.map((route) => route.slice(0, route.indexOf('/'))))];
}

/** What the index `route` has for a route, as `shop/HTTPRoute/checkout`. */
export function routeKey(namespace: string, route: string): string {
  return `${namespace}/${route}`;
}
