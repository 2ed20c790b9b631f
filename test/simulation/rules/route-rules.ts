// SPDX-License-Identifier: Apache-2.0
import { durationMs } from '../../../operator/api/duration.ts';
import type { KubeObject } from '../../../operator/kube/objects.ts';
import { resources } from '../../../operator/kube/resources.ts';
import { isEqual } from '../api/json.ts';
import type { Change } from '../api/server.ts';
import { selectorOf } from '../cluster/objects.ts';
import { readyPodsOf } from '../cluster/pods.ts';
import { actionPercent, readAction } from '../cluster/actions.ts';
import { canaryPercent, readRoute } from '../cluster/http-routes.ts';
import { CANARY_SERVICE, INGRESS } from '../cluster/names.ts';
import { WEIGHTED, type WeightedRoute } from '../cluster/weighted-routes.ts';
import type { World } from '../world.ts';
import type { Auditor } from './auditor.ts';
import { isLeftToOthers } from './nowhere-rules.ts';
import { isClosed, revisionOf } from './pointed.ts';

const PREFIX = 'nginx.ingress.kubernetes.io';

export function weightOf(ingress: KubeObject | undefined): number {
  return Number(ingress?.metadata.annotations?.[`${PREFIX}/canary-weight`] ?? 0);
}

/** I1, I2 and I4: the weight is a percentage, on a declared step, and for pods that are ready. */
export function checkRoute(auditor: Auditor, world: World, change: Change): void {
  if (change.write.resource === resources.ingresses) checkIngress(auditor, world, change);
  const weighted = WEIGHTED[world.story.setup.router];
  if (weighted?.resource === change.write.resource) checkWeighted(auditor, world, { change, weighted });
}

function checkWeighted(
  auditor: Auditor,
  world: World,
  { change, weighted }: { change: Change; weighted: WeightedRoute },
): void {
  const [before, after] = [change.before, change.after].map((route) => route && weighted.asHttpRoute(route));
  checkHttpRoute(auditor, world, { before, after });
}

/** A rule that names the canary Service splits a hundred between the two, and nobody else takes part. */
function checkHttpRoute(
  auditor: Auditor,
  world: World,
  { before, after }: Partial<Pick<Change, 'before' | 'after'>>,
): void {
  const [from, to] = [canaryPercent(before) ?? 0, canaryPercent(after) ?? 0];
  if (!after) {
    auditor.must('I4', auditor.isExcused || from === 0, () => `the route is removed at ${from}%`);
    return;
  }
  const { weights, isChosen } = readRoute(after);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  auditor.must(
    'I1',
    canaryPercent(after) === undefined || total === 100,
    () => `the weights ${[...weights.values()].join(', ')} do not sum to 100`,
  );
  checkWeight(auditor, world, { from, to });
  if (!isChosen || auditor.isExcused || (before && readRoute(before).isChosen)) return;
  const ready = readyPods(world, CANARY_SERVICE);
  auditor.must('I2', ready > 0, () => 'chosen requests go to a canary Service without a ready pod');
}

/** Two target groups split a hundred, and the canary's place goes only when it has nothing. */
function checkAction(auditor: Auditor, world: World, { before, after }: Change): void {
  const [from, to] = [actionPercent(before) ?? 0, actionPercent(after)];
  const total = [...readAction(after).values()].reduce((sum, weight) => sum + weight, 0);
  const isWhole = to === undefined || total === 100;
  auditor.must('I1', isWhole, () => `the weights of the action sum to ${total}`);
  const isEmpty = to !== undefined || from === 0 || auditor.isExcused;
  auditor.must('I4', isEmpty, () => `the canary leaves the action at ${from}%`);
  checkWeight(auditor, world, { from, to: to ?? 0 });
}

function checkIngress(auditor: Auditor, world: World, change: Change): void {
  const { key, before, after } = change;
  if (world.story.setup.router === 'alb') return checkAction(auditor, world, change);
  if (!key.endsWith(`/${INGRESS}-canary`)) return;
  const [from, to] = [weightOf(before), weightOf(after)];
  if (!after) {
    auditor.must('I4', auditor.isExcused || from === 0, () => `the canary Ingress is removed at ${from}%`);
    return;
  }
  const total = after.metadata.annotations?.[`${PREFIX}/canary-weight-total`];
  const isPercent = Number.isInteger(to) && to >= 0 && to <= 100 && total === '100';
  auditor.must('I1', isPercent, () => `weight ${to} of ${total} is no percentage`);
  checkWeight(auditor, world, { from, to });
}

/** I4 and I2 of a weight, however a route says it. */
function checkWeight(auditor: Auditor, world: World, { from, to }: { from: number; to: number }): void {
  const declared = [...declaredWeights(world.rollout), ...auditor.formerWeights];
  const { stage } = world.status ?? {};
  const isWhole = to === 100 && (stage === 'Promoting' || stage === 'Returning');
  auditor.must(
    'I4',
    isWhole || declared.includes(to),
    () => `weight ${to} at stage ${stage}; the steps say ${declared.join(', ')}`,
  );
  if (to <= from || auditor.isExcused) return;
  const ready = readyPods(world, CANARY_SERVICE);
  auditor.must(
    'I2',
    ready > 0 || auditor.total === 0,
    () => `weight ${to} to a canary Service without a ready pod`,
  );
}

export function declaredWeights(canary: KubeObject | undefined): number[] {
  const spec = canary?.['spec'] as { steps?: { setWeight?: number }[] } | undefined;
  return [0, ...(spec?.steps ?? []).flatMap(({ setWeight }) => setWeight ?? [])];
}

export function readyPods(world: World, service: string): number {
  const found = world.get(resources.services, service);
  return found ? readyPodsOf(world.server, found) : 0;
}

/** Rule of motion 2: no Service is pointed elsewhere while requests come through it; and never at nothing. */
export function checkSelector(auditor: Auditor, world: World, { write, key, before, after }: Change): void {
  if (write.resource !== resources.services || !before || !after) return;
  const wasLeft = isLeftToOthers(auditor, world, before);
  checkPointed(auditor, world, { name: key.slice(key.indexOf('/') + 1), before, after });
  // what is put right is heard of a little later
  if (wasLeft) auditor.excuse(world.slices.slowestMs + world.dataPlane.longestMs);
}

interface Pointed {
  readonly name: string;
  readonly before: KubeObject;
  readonly after: KubeObject;
}

function checkPointed(auditor: Auditor, world: World, { name, before, after }: Pointed): void {
  const isPutBack = auditor.selectors.put(name, revisionOf(after));
  if (isClosed(after) || isClosed(before)) return;
  if (isEqual(selectorOf(before), selectorOf(after)) || auditor.isExcused) return;
  auditor.must(
    'I2',
    auditor.total === 0 || name === CANARY_SERVICE || readyPods(world, name) > 0,
    () => `Service ${name} is made to name ${JSON.stringify(selectorOf(after))}, which no ready pod has`,
  );
  // who puts back what somebody else has pointed elsewhere points nothing elsewhere
  if (!isPutBack) checkFlip(auditor, world, { name, from: revisionOf(before), to: revisionOf(after) });
}

interface Flip {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

function checkFlip(auditor: Auditor, world: World, { name, from, to }: Flip): void {
  if (from === undefined || to === undefined || from === to || world.story.setup.router === 'service') return;
  const carried = world.dataPlane.served.services.get(name) ?? 0;
  auditor.must(
    'flip',
    carried === 0,
    () =>
      `Service ${name} goes from revision ${from} to ${to} while ${carried}% of the requests come through it`,
  );
}

/** Where each Service was pointed, and by whom. */
export class Selectors {
  private readonly ours = new Map<string, string | undefined>();
  private readonly taken = new Set<string>();

  /** Headway points a Service at a revision. True: somebody else had pointed it away from there. */
  put(name: string, revision: string | undefined): boolean {
    const isPutBack = this.taken.delete(name) && this.ours.get(name) === revision;
    this.ours.set(name, revision);
    return isPutBack;
  }

  /** Somebody else was the last to point a Service anywhere. */
  isTaken(name: string): boolean {
    return this.taken.has(name);
  }

  /** Somebody else writes to a Service. */
  hearOthers({ write, before, after }: Change): void {
    if (write.resource !== resources.services || !before || !after) return;
    if (!isEqual(selectorOf(before), selectorOf(after))) this.taken.add(after.metadata.name ?? '');
  }
}

/** How long after its last request a revision may be ended, in ms. */
export function drainMs(world: World): number {
  const spec = world.rollout?.['spec'] as { scaleDownDelay?: string } | undefined;
  return durationMs(spec?.scaleDownDelay ?? '0s');
}
