// SPDX-License-Identifier: Apache-2.0
import type { ArmCounts } from '../../api/evidence-status.ts';
import { fromIso, toIso } from '../time.ts';
import { dispersionOf, isSteady, withChange } from './dispersion.ts';
import { MOST_SHARES } from './evidence-status.ts';
import { logEvidence } from './likelihood.ts';
import type { BothCounts, CountedRow, Evidence, Tick } from './count-types.ts';
import type { CompareRule, Measurement, ResolvedCheck } from './types.ts';

const NOTHING: ArmCounts = { requests: 0, errors: 0 };

/** By which factor shares of the traffic must differ to be told apart. */
const SHARE_FACTOR = 2;

/**
 * After so many intervals without counts the thread is lost: what was gathered before has no neighbour, and the first
 * counts may be those of more than one interval.
 */
const LONGEST_GAP = 1.5;

/**
 * The evidence with the counts of one more measurement; the same where it brings none. Counts of the two arms are made
 * at different moments, so that an incident shows in one of them first. Therefore they are gathered until every pod
 * of both arms has been scraped, and compared only where the stable arm is steady before and after. Which counts are
 * left out depends on the stable arm alone, never on the canary.
 */
export function withMeasurement(
  known: Evidence | undefined,
  check: ResolvedCheck,
  { atMs, tick, history }: Measurement,
): Evidence | undefined {
  const seeded = history ? withHistory(known ?? FRESH, history) : known;
  if (!tick) return seeded;
  return withTick(seeded ?? FRESH, check, { tick, atMs });
}

const FRESH: Evidence = {
  counted: [],
  unsteady: 0,
  noise: { changes: 0, errors: 0 },
  usual: NOTHING,
  hasHistory: false,
};

/** The past of the stable arm, oldest first: how unevenly its errors come, and how many are usual. Taken in once. */
function withHistory(evidence: Evidence, history: readonly ArmCounts[]): Evidence {
  if (evidence.hasHistory) return evidence;
  let { noise, usual } = evidence;
  let before: ArmCounts | undefined;
  for (const counts of history) {
    if (before) noise = withChange(noise, before, counts);
    usual = sumOf(usual, counts);
    before = counts;
  }
  return { ...evidence, noise, usual, hasHistory: true };
}

interface Counted {
  readonly tick: Tick;
  readonly atMs: number;
}

function withTick(known: Evidence, check: ResolvedCheck, { tick, atMs }: Counted): Evidence {
  const { intervalMs } = check;
  const apartMs = known.until === undefined ? Infinity : Math.abs(atMs - fromIso(known.until));
  if (apartMs < intervalMs - check.query.intervalMs / 2) return known;
  if (known.until !== undefined && apartMs > LONGEST_GAP * intervalMs)
    return { ...withoutThread(known), until: toIso(atMs) };
  const { gathering, ...rest } = known;
  const sinceMs = gathering ? fromIso(gathering.since) : atMs - intervalMs;
  const both = gathering ? sumOfBoth(gathering, tick) : bothOf(tick);
  const next = { ...rest, until: toIso(atMs) };
  if (!isWhole(check, { sinceMs, atMs, oldestMs: tick.oldestMs }))
    return { ...next, gathering: { ...both, since: toIso(sinceMs) } };
  return withBlock(next, check, both);
}

function withoutThread({ counted, unsteady, noise, usual, hasHistory }: Evidence): Evidence {
  return { counted, unsteady, noise, usual, hasHistory };
}

/** Every pod has been scraped since counting began; or it takes longer than a window, and some pod never will be. */
function isWhole(
  { windowMs }: ResolvedCheck,
  at: { sinceMs: number; atMs: number; oldestMs: number | undefined },
): boolean {
  return at.atMs - at.sinceMs >= windowMs || (at.oldestMs !== undefined && at.oldestMs > at.sinceMs);
}

/** What waited is now known to be steady or not; the new block waits in its place. */
function withBlock(evidence: Evidence, check: ResolvedCheck, block: BothCounts): Evidence {
  const { waiting, ...rest } = evidence;
  const usual = sumOf(rest.usual, block.stable);
  if (!waiting) return { ...rest, usual, waiting: { ...block, changed: false } };
  const dispersion = dispersionOf(evidence.noise);
  const changed = !isSteady(waiting.stable, block.stable, dispersion);
  const noise = withChange(rest.noise, waiting.stable, block.stable);
  const next: Evidence = { ...rest, usual, noise, waiting: { ...block, changed } };
  if (changed || waiting.changed) return { ...next, unsteady: next.unsteady + 1 };
  const { compare } = check;
  const surplus = compare ? surplusOf(bothOf(waiting), compare, dispersion) : 0;
  return { ...next, counted: withCounts(next.counted, { ...bothOf(waiting), surplus }) };
}

/**
 * Errors by which a single time would have more than half of the evidence that it takes. The variance does not say
 * how great the greatest burst may be; so it takes two at least.
 */
function surplusOf(block: BothCounts, { tolerance, alpha }: CompareRule, dispersion: number): number {
  const log = logEvidence([{ ...block, surplus: 0 }], { tolerance, dispersion });
  const most = Math.log(1 / alpha) / 2;
  return log <= most ? 0 : block.canary.errors * (1 - most / log);
}

/** Counts of like shares of the traffic add up without loss; a canary that gets another share gets another row. */
function withCounts(counted: Evidence['counted'], both: CountedRow): Evidence['counted'] {
  const share = shareOf(both);
  if (!Number.isFinite(share)) return [...counted];
  const apart = counted.map((row) => Math.abs(shareOf(row) - share));
  const nearest = apart.indexOf(Math.min(...apart));
  const row = counted[nearest];
  const isLike = (apart[nearest] ?? Infinity) <= Math.log(SHARE_FACTOR);
  if (!row || (!isLike && counted.length < MOST_SHARES)) return [...counted, both];
  const sum = { ...sumOfBoth(row, both), surplus: row.surplus + both.surplus };
  return counted.map((known) => (known === row ? sum : known));
}

/** Logarithm of the ratio of requests; infinite or NaN where an arm has none, and nothing can be compared. */
function shareOf({ canary, stable }: BothCounts): number {
  return Math.log(canary.requests / stable.requests);
}

function bothOf({ canary, stable }: BothCounts): BothCounts {
  return { canary, stable };
}

function sumOfBoth(a: BothCounts, b: BothCounts): BothCounts {
  return { canary: sumOf(a.canary, b.canary), stable: sumOf(a.stable, b.stable) };
}

function sumOf(a: ArmCounts, b: ArmCounts): ArmCounts {
  return { requests: a.requests + b.requests, errors: a.errors + b.errors };
}

/** All that has been compared. */
export function totalOf({ counted }: Evidence): BothCounts {
  return counted.reduce<BothCounts>(sumOfBoth, { canary: NOTHING, stable: NOTHING });
}
