// SPDX-License-Identifier: Apache-2.0
import { hasCanary, leftBehind, untouchables } from './http-route.ts';
import { type AuditWrite, isRollout, type StoredObject } from './log.ts';
import {
  type AuditNames,
  type AuditState,
  shareText,
  carriers,
  namedRevision,
  readyEndpoints,
  routeState,
  routeWeight,
} from './state.ts';

/** What a story declared; the rules hold the operator to it. */
export interface AuditScope {
  /** User name of the operator, `system:serviceaccount:<namespace>:<name>`. */
  readonly operator: string;
  readonly namespace: string;
  readonly canary: string;
  readonly names: AuditNames;
  /** The weights of the steps, in order. */
  readonly weights: readonly number[];
  /** In ms. */
  readonly scaleDownDelayMs: number;
  /** A person asked for a jump: promote-full or skip-step. */
  readonly mayJump?: boolean;
  /** When the API server was started anew: until its own caches are full it forbids what it should allow. */
  readonly serverStartsMs?: readonly number[];
}

/** One write of the operator with what was before and after it. */
export interface Moment {
  readonly write: AuditWrite;
  readonly before: AuditState;
  readonly after: AuditState;
  /** When each revision last carried traffic, in ms; Infinity while it does. */
  readonly carried: ReadonlyMap<string, number>;
  /** The weight that the operator wrote last: what it returns to when somebody else has changed it. */
  readonly written: number;
  /** The route as others have it. */
  readonly others: OthersRoute;
}

/** What belongs to others in the route that the operator changes; empty without one. */
export interface OthersRoute {
  /** Everything that no write of the operator may change. */
  readonly untouchables?: string;
  /** The spec that is to come back at rest; absent where nobody can tell. */
  readonly spec?: StoredObject['spec'];
}

/** A rule names what is wrong with a write, or nothing. */
export type Rule = (scope: AuditScope, moment: Moment) => string | undefined;

function isRouteWrite({ route }: AuditNames, write: AuditWrite): boolean {
  return write.resource === route?.resource && write.name === route.name;
}

/** I1: both sides together are the whole. */
export function weightsSum({ names }: AuditScope, { write, after }: Moment): string | undefined {
  if (!isRouteWrite(names, write)) return undefined;
  const { weight, total } = routeState(after, names);
  const isWhole = Number.isInteger(weight) && weight >= 0 && weight <= 100 && total === 100;
  return isWhole ? undefined : `I1: weight ${weight} of ${total} is no percentage`;
}

/** I2: weight moves up only to a Service with a ready pod. */
export function pointsAtPods({ names }: AuditScope, { write, before, after }: Moment): string | undefined {
  if (!isRouteWrite(names, write)) return undefined;
  const [from, to] = [routeState(before, names), routeState(after, names)];
  const isRise = to.weight > from.weight || (to.matched && !from.matched);
  return isRise && readyEndpoints(before, names.canaryService) === 0
    ? `I2: ${shareText(to)} for Service ${names.canaryService}, which has no ready endpoint`
    : undefined;
}

/** The operator counts from when it decided on a write, the log from when that was answered. */
const clockSlackMs = 1_000;

/**
 * I3: nothing that carries traffic, or did within the delay, is scaled down; of a side that stays, only as many pods as
 * have been out of their Services for that long.
 */
export function drainedFirst(scope: AuditScope, moment: Moment): string | undefined {
  const { write, before, after, carried } = moment;
  const had = before.deployments.get(write.name);
  if (write.resource !== 'deployments' || !had) return undefined;
  const has = after.deployments.get(write.name)?.replicas ?? 0;
  if (has >= had.replicas) return undefined;
  if (has > 0) return drainedPodsFirst(scope, moment, { ...had, has });
  const ago = write.atMs - (carried.get(had.revision) ?? Number.NEGATIVE_INFINITY);
  if (ago >= scope.scaleDownDelayMs - clockSlackMs) return undefined;
  const when =
    ago === Number.NEGATIVE_INFINITY ? 'which carries traffic' : `which carried traffic ${ago} ms ago`;
  return `I3: ${write.name}, ${when}, was scaled from ${had.replicas} to ${has}`;
}

function drainedPodsFirst(
  { scaleDownDelayMs }: AuditScope,
  { write, before }: Moment,
  { revision, replicas, has }: { revision: string; replicas: number; has: number },
): string | undefined {
  const drained = [...before.out.values()].filter(
    (pod) => pod.revision === revision && write.atMs - pod.sinceMs >= scaleDownDelayMs - clockSlackMs,
  ).length;
  return replicas - has <= drained
    ? undefined
    : `I3: ${write.name} was scaled from ${replicas} to ${has} when ${drained} of its pods had drained`;
}

/** I4: the route moves along the declared steps, to 100 after the last one, or to 0. */
export function alongSteps(scope: AuditScope, { write, written, after }: Moment): string | undefined {
  if (!isRouteWrite(scope.names, write)) return undefined;
  const to = routeWeight(after, scope.names);
  return isAllowedMove(scope, written, to) ? undefined : `I4: the weight went from ${written} to ${to}`;
}

/** I4 for the status, which also speaks where no route carries a weight. */
export function statusAlongSteps(scope: AuditScope, { write, before, after }: Moment): string | undefined {
  if (!isRollout(write)) return undefined;
  const from = before.status?.weight?.desired ?? 0;
  const to = after.status?.weight?.desired ?? 0;
  return isAllowedMove(scope, from, to) ? undefined : `I4: the desired weight went from ${from} to ${to}`;
}

function isAllowedMove({ weights, mayJump = false }: AuditScope, from: number, to: number): boolean {
  if (to === 0 || to === from) return true;
  const path = [0, ...weights, 100].filter((weight, i, all) => weight !== all[i - 1]);
  const at = path.indexOf(from);
  return mayJump ? path.includes(to) : at >= 0 && path[at + 1] === to;
}

/** Rule of motion 2: a Service that carries weighted traffic is not re-pointed from one revision to another. */
export function noFlipUnderWeight(
  { names }: AuditScope,
  { write, before, after }: Moment,
): string | undefined {
  if (write.resource !== 'services' || names.route === undefined) return undefined;
  const [from, to] = [namedRevision(before, write.name), namedRevision(after, write.name)];
  if (from === undefined || to === undefined || from === to) return undefined;
  const route = routeState(before, names);
  const stable = { ...route, weight: 100 - route.weight, matched: false };
  const carries = shareText(write.name === names.service ? stable : route);
  return carries === undefined
    ? undefined
    : `Service ${write.name} went from revision ${from} to ${to} while it carried ${carries}`;
}

/** I5: at most two revisions carry traffic, and stable changes only to what was the canary. */
export function twoRevisions({ names }: AuditScope, { write, before, after }: Moment): string | undefined {
  const carrying = [...carriers(after, names)].filter((revision) => revision !== '');
  if (carrying.length > 2) return `I5: ${carrying.join(', ')} carry traffic at once`;
  const [was, is] = [before.status?.stable?.revision, after.status?.stable?.revision];
  const isPromotion = was === undefined || is === was || is === before.status?.canary?.revision;
  return isRollout(write) && !isPromotion
    ? `I5: stable went from ${was} to ${is}, which was not the canary`
    : undefined;
}

/** The status never speaks of a generation that does not exist. */
export function observedInOrder(_scope: AuditScope, { write, after }: Moment): string | undefined {
  const generation = write.object?.metadata.generation ?? 0;
  const observed = after.status?.observedGeneration ?? -1;
  return isRollout(write) && write.subresource === 'status' && observed > generation
    ? `I9: observedGeneration ${observed} of generation ${generation}`
    : undefined;
}

/** I6: of the user's route only the canary and the weights beside it are changed. */
export function onlyTheSplit({ names }: AuditScope, { write, others }: Moment): string | undefined {
  if (!isRouteWrite(names, write) || !write.object || others.untouchables === undefined) return undefined;
  const now = untouchables(write.object, names);
  return now === others.untouchables
    ? undefined
    : `I6: of ${write.object.kind} ${write.name} more than weights was changed, from ${others.untouchables} to ${now}`;
}

/** Without the canary in it, the user's route is as it was written, to the byte. */
export function asWritten({ names }: AuditScope, { write, others }: Moment): string | undefined {
  if (!isRouteWrite(names, write) || !write.object || others.untouchables === undefined) return undefined;
  if (hasCanary(write.object, names)) return undefined;
  const left = leftBehind(write.object, names, others.spec);
  return left === undefined
    ? undefined
    : `I6: ${write.object.kind} ${write.name} was given back with ${left}`;
}

const serverWarmUpMs = 10_000;

/** The API server refused: the operator asked for what its role does not grant. */
export function isPermitted({ serverStartsMs = [] }: AuditScope, { write }: Moment): string | undefined {
  const isWarmingUp = serverStartsMs.some((ms) => write.atMs >= ms && write.atMs < ms + serverWarmUpMs);
  return write.code === 403 && !isWarmingUp
    ? `I6: ${write.verb} of ${write.resource}/${write.name} was forbidden`
    : undefined;
}
