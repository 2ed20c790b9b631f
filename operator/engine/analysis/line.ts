// SPDX-License-Identifier: Apache-2.0
import type { CheckStatus, SampleStatus } from '../../api/analysis-status.ts';
import type { ArmCounts } from '../../api/evidence-status.ts';
import { dispersionOf } from './dispersion.ts';
import { readEvidence } from './evidence-status.ts';
import { totalOf } from './evidence.ts';
import { formatNumber } from './format.ts';
import { BEYOND_CHANCE, logBeyondShare } from './likelihood.ts';
import type { Arms, Evidence } from './count-types.ts';
import { isOfArms, type Measurement, type ResolvedCheck, sidesOf } from './types.ts';

const FEWEST_REQUESTS = 20;

interface Measured {
  readonly arms: Arms;
  readonly tick?: Measurement['tick'];
}

/** What is known of a measurement beside its line: `good` as far as it can be told, or why it is no evidence. */
export type LineOutcome = Pick<SampleStatus, 'good' | 'noData' | 'detail'>;

/**
 * A measurement whose value is out of the line of a ratio metric. It is bad only where chance does not explain it;
 * where the stable arm is out of the line too, it is no evidence against the canary; and where pods are scraped one
 * after the other, an incident may have shown in the canary first, so it must show twice in a row.
 */
export function beyondLine(check: ResolvedCheck, row: CheckStatus, measurement: Measurement): LineOutcome {
  const { arms } = measurement;
  if (check.allowedShare === undefined || !arms) return { good: false };
  const { allowedShare } = check;
  if (isIncident(check, arms, allowedShare)) return { noData: 'BothDegraded', detail: degraded(check, arms) };
  const lacking = requestsLacking(row, { arms, tick: measurement.tick }, allowedShare);
  if (lacking > 0) return { detail: tooFew(lacking) };
  if (isStableBeyond(check, arms, allowedShare))
    return { noData: 'BothDegraded', detail: degraded(check, arms) };
  if (!isAligned(check) && !lasts(row, measurement, allowedShare)) return { detail: 'looked at once more' };
  return { good: false };
}

function tooFew(lacking: number): string {
  return Number.isFinite(lacking)
    ? `too few to tell, needs about ${plural(Math.ceil(lacking), 'more request')}`
    : 'better lately';
}

/**
 * Requests that it takes until a share as great as this cannot be chance; 0: there are enough. What shows in a window
 * must show in its newest part alone too, so that one burst does not count twice.
 */
function requestsLacking(row: CheckStatus, { arms, tick }: Measured, allowed: number): number {
  const evidence = readEvidence(row.evidence);
  const dispersion = evidence ? dispersionOf(evidence.noise) : 1;
  const lacking = ({ requests, errors }: ArmCounts, log: number) => {
    const found = logBeyondShare({ requests, errors }, allowed) / dispersion;
    return found <= 0 ? Infinity : Math.max(FEWEST_REQUESTS, Math.ceil((requests * log) / found)) - requests;
  };
  const inWindow = lacking(arms.canary, BEYOND_CHANCE);
  const lately = tick ? lacking(tick.canary, BEYOND_CHANCE / 2) : 0;
  const overall = inRun(evidence, allowed).map((counts) => lacking(counts, BEYOND_CHANCE));
  return Math.max(0, Math.min(Math.max(inWindow, lately), ...overall));
}

/** What the canary has counted over the run, unless the run has seen an incident in the stable arm. */
function inRun(evidence: Evidence | undefined, allowed: number): ArmCounts[] {
  if (!evidence) return [];
  const { canary, stable } = totalOf(evidence);
  return stable.errors > allowed * stable.requests ? [] : [canary];
}

/** However bursty stable is: it is out of the line now, and that is no reason to judge the canary. */
function isIncident({ compare }: ResolvedCheck, { stable }: Arms, allowed: number): boolean {
  if (compare === undefined || stable === undefined || stable.requests < FEWEST_REQUESTS) return false;
  return logBeyondShare(stable, allowed) >= BEYOND_CHANCE;
}

function isStableBeyond({ compare }: ResolvedCheck, { stable }: Arms, allowed: number): boolean {
  return compare !== undefined && stable !== undefined && stable.errors > allowed * stable.requests;
}

/** Whether both arms are counted in the same scrape. */
function isAligned({ reading }: ResolvedCheck): boolean {
  return isOfArms(reading) && reading.armsBy.label !== 'revision';
}

/** Whether the measurement before was out of the line too, and what came since it still is. */
function lasts({ samples }: CheckStatus, { tick }: Measurement, allowed: number): boolean {
  const before = samples.at(-1);
  if (!before?.arms || before.noData !== undefined) return false;
  return isBeyond(before.arms.canary, allowed) && (!tick || isBeyond(tick.canary, allowed));
}

function isBeyond({ requests, errors }: ArmCounts, allowed: number): boolean {
  return errors > allowed * requests;
}

const USUAL_REQUESTS = 1000;
const LEAST_DEGRADED = 0.01;

/** Where there is no line: whether the stable arm has far more errors than is usual for it. */
export function isUnusual(row: CheckStatus, { stable }: Arms): boolean {
  const evidence = readEvidence(row.evidence);
  if (!evidence || !stable || evidence.usual.requests < USUAL_REQUESTS) return false;
  const usual = evidence.usual.errors / evidence.usual.requests;
  const log = logBeyondShare(stable, Math.min(1, Math.max(LEAST_DEGRADED, 2 * usual)));
  return log / dispersionOf(evidence.noise) >= BEYOND_CHANCE;
}

export function degraded(check: ResolvedCheck, { canary, stable }: Arms): string {
  const shares = [canary, stable ?? canary].map((arm) =>
    formatNumber((100 * arm.errors) / arm.requests, '%'),
  );
  const { judged, other } = sidesOf(check);
  return `both arms degraded (${judged} ${shares[0]}, ${other} ${shares[1]})`;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
