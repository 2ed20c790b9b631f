// SPDX-License-Identifier: Apache-2.0
import { countByStep, countIdle } from './budget.ts';
import { untouchables, writtenSpec } from './http-route.ts';
import type { AuditWrite } from './log.ts';
import { ownObjects } from './ownership.ts';
import { withRoute } from './traefik-service.ts';
import {
  alongSteps,
  asWritten,
  type AuditScope,
  drainedFirst,
  isPermitted,
  type Moment,
  noFlipUnderWeight,
  observedInOrder,
  onlyTheSplit,
  type OthersRoute,
  pointsAtPods,
  type Rule,
  statusAlongSteps,
  twoRevisions,
  weightsSum,
} from './rules.ts';
import { applyWrite, type AuditState, carriers, emptyState, routeWeight } from './state.ts';

/** For writes that were made; a refused one has changed nothing, and only whether it was allowed is asked. */
const rules: readonly Rule[] = [
  weightsSum,
  pointsAtPods,
  drainedFirst,
  alongSteps,
  statusAlongSteps,
  noFlipUnderWeight,
  twoRevisions,
  observedInOrder,
  ownObjects,
  onlyTheSplit,
  asWritten,
];

/** A change of the weight that the route carries. */
export interface WeightChange {
  readonly atMs: number;
  readonly weight: number;
}

export interface AuditReport {
  /** One sentence each, with the time of the write. */
  readonly violations: string[];
  /** Writes of the operator. */
  readonly writes: number;
  readonly statusWrites: number;
  /** Writes of the operator that changed nothing. */
  readonly idleWrites: number;
  readonly weights: WeightChange[];
}

/** Replays a story's writes, whoever made them, and holds each of the operator's to the rules. */
export function checkAudit(scope: AuditScope, writes: readonly AuditWrite[]): AuditReport {
  const moments: Moment[] = [];
  const weights: WeightChange[] = [];
  let state = emptyState;
  let carried = new Map<string, number>();
  let written = 0;
  let others: OthersRoute = {};
  for (const write of writes.map(withRoute)) {
    const before = state;
    state = applyWrite(state, write);
    if (write.user === scope.operator) {
      moments.push({ write, before, after: state, carried, written, others });
      if (write.resource === scope.names.route?.resource && isMade(write))
        written = routeWeight(state, scope.names);
    } else {
      others = othersAfter(others, { scope, write, before });
    }
    carried = remember(carried, { atMs: write.atMs, now: carriers(state, scope.names) });
    noteWeight(weights, write.atMs, weightOf(scope, state));
  }
  const made = moments.filter(({ write }) => isMade(write));
  const broken = moments.flatMap((moment) =>
    (isMade(moment.write) ? rules : [isPermitted]).flatMap((rule) => {
      const problem = rule(scope, moment);
      return problem === undefined ? [] : [`${clock(moment.write.atMs)} ${problem}`];
    }),
  );
  return {
    violations: [...broken, ...countByStep(scope, made)],
    writes: moments.length,
    statusWrites: moments.filter(({ write }) => write.subresource === 'status').length,
    idleWrites: countIdle(moments),
    weights,
  };
}

/** A refused one has changed nothing. */
function isMade({ code }: AuditWrite): boolean {
  return code < 300;
}

/** What others have in the user's route after a write of theirs; the status is nobody's wish. */
function othersAfter(
  others: OthersRoute,
  { scope: { names }, write, before }: { scope: AuditScope; write: AuditWrite; before: AuditState },
): OthersRoute {
  const { route } = names;
  const isUsersRoute = route?.resource === write.resource && !route.owned && write.name === route.name;
  if (!isUsersRoute || write.subresource !== '' || !isMade(write)) return others;
  if (!write.object || write.verb === 'delete') return {};
  const spec = writtenSpec(
    write.object,
    { route: before.routes.get(write.name), written: others.spec },
    names,
  );
  return { untouchables: untouchables(write.object, names), ...(spec ? { spec } : {}) };
}

/** Infinity while a revision carries traffic, then the moment at which it was last seen to. */
function remember(
  carried: ReadonlyMap<string, number>,
  { atMs, now }: { atMs: number; now: ReadonlySet<string> },
): Map<string, number> {
  const next = new Map(carried);
  for (const [revision, since] of carried) {
    if (since === Number.POSITIVE_INFINITY && !now.has(revision)) next.set(revision, atMs);
  }
  for (const revision of now) next.set(revision, Number.POSITIVE_INFINITY);
  return next;
}

/** Where the ratio of pods is the split, the Canary's own word is the only number there is. */
function weightOf({ names }: AuditScope, state: AuditState): number {
  return names.route === undefined ? (state.status?.weight?.observed ?? 0) : routeWeight(state, names);
}

function noteWeight(weights: WeightChange[], atMs: number, weight: number): void {
  if ((weights.at(-1)?.weight ?? 0) !== weight) weights.push({ atMs, weight });
}

function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 23);
}
