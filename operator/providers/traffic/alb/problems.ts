// SPDX-License-Identifier: Apache-2.0
import { FIELD_MANAGER } from '../../../api/group.ts';
import { Reasons } from '../../../api/reasons.ts';
import type { IngressPath, IngressSnapshot } from '../ingress/schema.ts';
import type { RouteProblem } from '../types.ts';
import { readMemory } from '../weights/memory.ts';
import { beforeAnnotation } from '../weights/note.ts';
import {
  hasCanary,
  isShared,
  leadsToService,
  mostFactor,
  splitBackends,
  weightOf,
} from '../weights/split.ts';
import { type ForwardAction, readAction, wordOf } from './action.ts';
import { memberOf } from './members.ts';
import { actionKey, actionsOf, type AlbTarget } from './schema.ts';
import { baseText, limited, MAX_GROUPS, MAX_WEIGHT } from './split.ts';

const USE_ANNOTATION = 'use-annotation';

/** Below this the percents of a Service have no weights of their own. */
const LEAST_WHOLE = 100;

/** Why the action cannot be split, all reasons at once; empty when it can. */
export function findProblems(target: AlbTarget): RouteProblem[] {
  const { ingress, ingressName, namespace } = target;
  if (!ingress || ingress.deleting) {
    const message = `Ingress ${ingressName} ${ingress ? 'is being deleted' : 'does not exist'} in namespace ${namespace}`;
    return [{ reason: Reasons.IngressNotFound, message }];
  }
  const sentences = [...backendSentences(target, ingress), ...actionSentences(target, ingress)];
  return sentences.map((message) => ({ reason: Reasons.IngressNotSupported, message }));
}

/** Requests for the Service that do not follow the weight, or follow it late. */
export function findExceptions(target: AlbTarget): string[] {
  const { ingress } = target;
  if (!ingress || ingress.deleting) return [];
  return [...pastSentences(target, ingress), ...stickySentences(target, ingress)];
}

interface Lead {
  readonly url: string;
  readonly backend: IngressPath['backend'];
}

function leadsOf({ spec }: IngressSnapshot): Lead[] {
  const paths = spec.rules.flatMap(({ host = '', http }) =>
    (http?.paths ?? []).map(({ path = '', backend }) => ({
      url: `path ${`${host}${path}` || '/'}`,
      backend,
    })),
  );
  return spec.defaultBackend
    ? [...paths, { url: 'the default backend', backend: spec.defaultBackend }]
    : paths;
}

function isAction({ backend }: Lead, name: string): boolean {
  return backend.service?.name === name && backend.service.port?.name === USE_ANNOTATION;
}

function backendSentences({ action }: AlbTarget, ingress: IngressSnapshot): string[] {
  const leads = leadsOf(ingress);
  if (leads.some((lead) => isAction(lead, action))) return [];
  const near = leads.find(({ backend }) => backend.service?.name === action);
  const should = `a backend leads to an action by its name and the port name ${USE_ANNOTATION}`;
  return near
    ? [`${near.url} of Ingress ${ingress.name} leads to Service ${action} past its action; ${should}`]
    : [`no backend of Ingress ${ingress.name} leads to action ${action}; ${should}`];
}

function actionSentences(target: AlbTarget, ingress: IngressSnapshot): string[] {
  const { action: name, service } = target;
  const what = `annotation ${actionKey(target)} of Ingress ${ingress.name}`;
  const text = actionsOf(ingress, target).get(name);
  if (text === undefined) {
    const example = exampleFor(service);
    return [
      `Ingress ${ingress.name} has no annotation ${actionKey(target)}, so that the load balancer answers 503; write ${example}`,
    ];
  }
  const read = readAction(text);
  if (read.kind !== 'forward') return [`${what} ${read.because}; write ${exampleFor(service)}`];
  const { action } = read;
  const foreign = foreignSentences(target, ingress, { what, action });
  if (foreign.length > 0) return foreign;
  const base = readAction(baseText({ text, action }, target, memoryOf(target, ingress)));
  return base.kind === 'forward' ? groupSentences(target, what, base.action) : [];
}

function exampleFor(service: string): string {
  const group = { serviceName: service, servicePort: 80 };
  return JSON.stringify({ type: 'forward', forwardConfig: { targetGroups: [group] } });
}

function memoryOf({ service }: AlbTarget, { annotations }: IngressSnapshot) {
  const key = beforeAnnotation(service);
  return Object.hasOwn(annotations, key) ? readMemory(annotations[key]) : undefined;
}

/** The canary Service belongs to Headway, and so does each mention of it: one in Git would go with the release. */
function foreignSentences(
  target: AlbTarget,
  ingress: IngressSnapshot,
  { what, action }: { what: string; action: ForwardAction },
): string[] {
  const isOurs = ingress.actionWriters.get(actionKey(target)) === FIELD_MANAGER;
  if (isOurs || Object.hasOwn(ingress.annotations, beforeAnnotation(target.service))) return [];
  if (!hasCanary(action.groups, target)) return [];
  return [
    `${what} already names Service ${target.canaryService}, which is Headway's own; take it out of the annotation`,
  ];
}

function groupSentences(target: AlbTarget, what: string, { groups }: ForwardAction): string[] {
  const { service } = target;
  const wrong = groups.filter(({ json }) => !isWeight(memberOf(json, 'weight'), groups.length > 1));
  if (wrong.length > 0) {
    const found = wrong.map(({ json }) => JSON.stringify(memberOf(json, 'weight') ?? null));
    return [
      `${what} has a target group of weight ${found[0]}; a weight is a whole number from 0 to ${MAX_WEIGHT}, and each of several target groups has one`,
    ];
  }
  if (!groups.some(({ name }) => name === service)) {
    const names = groups.map(({ name, json }) => name || wordOf(memberOf(json, 'targetGroupARN')));
    return [`${what} does not forward to Service ${service}; it forwards to ${names.join(', ')}`];
  }
  if (!leadsToService(groups, target)) {
    return [`${what} gives Service ${service} weight 0; there is nothing to shift`];
  }
  return [...countSentences(target, what, groups), ...smallSentences(target, what, groups)];
}

function isWeight(value: unknown, isNeeded: boolean): boolean {
  if (value === undefined || value === null) return !isNeeded;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_WEIGHT;
}

function countSentences(target: AlbTarget, what: string, groups: ForwardAction['groups']): string[] {
  const { length } = splitBackends(groups, limited(target), 1);
  if (length <= MAX_GROUPS) return [];
  return [
    `with Service ${target.canaryService} ${what} would have ${length} target groups; a load balancer allows ${MAX_GROUPS} in an action`,
  ];
}

/** Weights of a load balancer end early, so that beside a great one the percents of a small one cannot be said. */
function smallSentences(target: AlbTarget, what: string, groups: ForwardAction['groups']): string[] {
  if (!isShared(groups, target)) return [];
  const factor = mostFactor(groups, limited(target));
  const own = groups.filter(({ name }) => name === target.service).map(weightOf);
  const least = Math.min(...own.filter((weight) => weight > 0));
  if (least * factor >= LEAST_WHOLE) return [];
  return [
    `${what} gives Service ${target.service} weight ${least} beside ${Math.max(...groups.map(weightOf))}; percents of that cannot be said, because weights end at ${MAX_WEIGHT}: use smaller numbers in the same ratio, or give it more`,
  ];
}

/** Requests that the Ingress sends to the Service, but not by the action. */
function pastSentences(target: AlbTarget, ingress: IngressSnapshot): string[] {
  const { service, action } = target;
  const paths = leadsOf(ingress)
    .filter((lead) => lead.backend.service?.name === service && !isAction(lead, service))
    .map(({ url }) => url);
  const actions = [...actionsOf(ingress, target)]
    .filter(([name, text]) => name !== action && forwardsTo(text, service))
    .map(([name]) => `action ${name}`);
  return [...paths, ...actions].map(
    (who) =>
      `${who} of Ingress ${ingress.name} leads to Service ${service} past action ${action}; its requests do not follow the weight, and may find no target while the Service changes its pods`,
  );
}

function forwardsTo(text: string, service: string): boolean {
  const read = readAction(text);
  return read.kind === 'forward' && read.action.groups.some(({ name }) => name === service);
}

function stickySentences(target: AlbTarget, ingress: IngressSnapshot): string[] {
  const text = actionsOf(ingress, target).get(target.action);
  const read = text === undefined ? undefined : readAction(text);
  if (read?.kind !== 'forward' || read.action.stickySeconds === undefined) return [];
  return [
    `clients stay with the target group that they got first for ${read.action.stickySeconds} s (targetGroupStickinessConfig), so that the share of requests follows the weight late; with 0 and 100% for the canary they do not`,
  ];
}
