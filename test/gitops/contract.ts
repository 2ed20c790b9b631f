// SPDX-License-Identifier: Apache-2.0
// The status contract, read from the one table that people read: docs/spec/canary.md, "Phases and conditions".
import { z } from 'zod';
import { Condition } from '../../operator/api/conditions.ts';
import { Reasons } from '../../operator/api/reasons.ts';
import type { KubeObject } from '../../operator/kube/objects.ts';
import { codesIn, readPage, type Row, rowsOf } from '../docs/markdown.ts';

/** What Argo CD is to show. */
const Health = z.enum(['Healthy', 'Progressing', 'Degraded', 'Suspended']);
type Health = z.infer<typeof Health>;
/** What kstatus, so Flux, is to make of it. */
const Kstatus = z.enum(['Current', 'InProgress', 'Failed', 'Terminating']);
type Kstatus = z.infer<typeof Kstatus>;

/** What of an object the table speaks of. */
export interface Shown {
  readonly phase: string;
  /** Status of the condition Ready. */
  readonly ready: string;
  readonly reason: string;
  /** Types of the other conditions that are True, sorted. */
  readonly also: readonly string[];
  readonly isDeleting: boolean;
  /** The status is of the spec as it is. */
  readonly isSeen: boolean;
}

export interface ContractRow {
  readonly state: string;
  readonly kstatus: Kstatus;
  fits(shown: Shown): boolean;
  healthOf(shown: Shown): Health;
}

const UNSEEN = 'no operator has looked at it yet';
const NOT_SEEN = 'a new spec that no operator has looked at yet';
const REFUSED = 'the API server refused something';
const TERMINAL = ['the spec is invalid', 'the operator does not serve its way to split traffic'];
const DELETING = 'being deleted';
const AS_BEFORE = 'as before';

const Status = z.looseObject({
  observedGeneration: z.int().optional(),
  phase: z.string().default(''),
  conditions: z.array(Condition).default([]),
});

/** What an object of either kind shows. */
export function shownBy({ metadata, ...object }: KubeObject): Shown {
  const { observedGeneration, phase, conditions } = Status.prefault({}).parse(object['status']);
  const ready = conditions.find(({ type }) => type === 'Ready');
  const others = conditions.filter(({ type, status }) => type !== 'Ready' && status === 'True');
  return {
    phase,
    ready: ready?.status ?? '',
    reason: ready?.reason ?? '',
    also: others.map(({ type }) => type).toSorted(),
    isDeleting: metadata.deletionTimestamp !== undefined,
    isSeen: observedGeneration === metadata.generation,
  };
}

/** The rows, in the order of the table. */
export function contractRows(): ContractRow[] {
  return rowsOf(readPage('docs/spec/canary.md'), 'state').map(readRow);
}

function readRow(row: Row): ContractRow {
  const cell = (name: string) => row.get(name) ?? '';
  const state = cell('state');
  const health = Health.parse(cell('Argo CD'));
  return {
    state,
    kstatus: Kstatus.parse(cell('Flux')),
    healthOf: (shown) => (state === REFUSED ? healthOfRefused(health, shown) : health),
    fits: (shown) =>
      isLookedAt(shown)
        ? isOfItsTime(state, shown) &&
          fitsPhase(cell('phase'), shown) &&
          fitsReady(cell('Ready'), shown) &&
          fitsOthers({ state, cell: cell('also True') }, shown)
        : isNotLookedAt(state, shown),
  };
}

/** "In Argo CD a refusal leaves Suspended what was paused or suspended, and Degraded what was rolled back." */
function healthOfRefused(health: Health, { also }: Shown): Health {
  if (also.includes('RolledBack')) return 'Degraded';
  return also.includes('Paused') || also.includes('Suspended') ? 'Suspended' : health;
}

/** The operator has looked at the object as it is: at its spec, and at its deletion. */
function isLookedAt({ isDeleting, isSeen, reason, phase }: Shown): boolean {
  if (isDeleting) return reason === Reasons.Deleting || reason === Reasons.DeletionHeld;
  return isSeen || phase === 'Pending';
}

/** What it says is about something else then. */
function isNotLookedAt(state: string, { isDeleting }: Shown): boolean {
  return state === (isDeleting ? DELETING : NOT_SEEN);
}

function isOfItsTime(state: string, { isDeleting, isSeen }: Shown): boolean {
  if (state === NOT_SEEN) return false;
  return isDeleting === state.startsWith(DELETING) && (isDeleting || isSeen !== (state === UNSEEN));
}

function fitsPhase(cell: string, { phase }: Shown): boolean {
  return cell === AS_BEFORE || codesIn(cell).includes(phase);
}

function fitsReady(cell: string, { ready, reason }: Shown): boolean {
  // only of what is suspended; with True that has a row of its own
  if (cell === AS_BEFORE) return ready !== 'True';
  const reasons = codesIn(cell);
  return cell.startsWith(ready) && (reasons.length === 0 || reasons.includes(reason));
}

function fitsOthers({ state, cell }: { state: string; cell: string }, { also }: Shown): boolean {
  const named = cell === '' ? [] : cell.split(', ');
  // "An invalid spec, a way that is not served and a refusal add to what was True before."
  if (TERMINAL.includes(state) || state === REFUSED) return named.every((type) => also.includes(type));
  return named.toSorted().join() === also.join();
}
