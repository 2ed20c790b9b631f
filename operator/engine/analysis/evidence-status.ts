// SPDX-License-Identifier: Apache-2.0
import type { ArmCounts, EvidenceStatus } from '../../api/evidence-status.ts';
import { fromIso } from '../time.ts';
import type { BothCounts, Evidence } from './count-types.ts';

/** Shares of the traffic that are told apart, at most. */
export const MOST_SHARES = 16;

/**
 * The evidence that a status holds. Undefined where there is none and where its numbers cannot be counts: what
 * somebody has cut or changed is begun anew, and never judged.
 */
export function readEvidence(status: EvidenceStatus | undefined): Evidence | undefined {
  if (!status || !isSound(status)) return undefined;
  const { until, counted, gathering, gatheringSince, waiting, unsteady, noise, usual, hasHistory } = status;
  const [changes = 0, errors = 0] = noise;
  return {
    ...(until === undefined ? {} : { until }),
    counted: counted.map((row) => ({ ...bothOf(row), surplus: row[4] ?? 0 })),
    ...(gathering && gatheringSince ? { gathering: { ...bothOf(gathering), since: gatheringSince } } : {}),
    ...(waiting ? { waiting: { ...bothOf(waiting), changed: waiting[4] === 1 } } : {}),
    unsteady,
    noise: { changes, errors },
    usual: armOf(usual, 0),
    hasHistory,
  };
}

/** The evidence as a status holds it; the inverse of `readEvidence` but for digits that say nothing. */
export function writeEvidence(evidence: Evidence): EvidenceStatus {
  const { until, counted, gathering, waiting, unsteady, noise, usual, hasHistory } = evidence;
  return {
    ...(until === undefined ? {} : { until }),
    counted: counted.map(({ surplus, ...both }) => [...numbersOf(both), round(surplus)]),
    ...(gathering ? { gatheringSince: gathering.since, gathering: numbersOf(gathering) } : {}),
    ...(waiting ? { waiting: [...numbersOf(waiting), waiting.changed ? 1 : 0] } : {}),
    unsteady,
    noise: [round(noise.changes), round(noise.errors)],
    usual: armNumbers(usual),
    hasHistory,
  };
}

function bothOf(numbers: readonly number[]): BothCounts {
  return { canary: armOf(numbers, 0), stable: armOf(numbers, 2) };
}

function armOf(numbers: readonly number[], at: number): ArmCounts {
  return { requests: numbers[at] ?? 0, errors: numbers[at + 1] ?? 0 };
}

function numbersOf({ canary, stable }: BothCounts): number[] {
  return [...armNumbers(canary), ...armNumbers(stable)];
}

function armNumbers({ requests, errors }: ArmCounts): number[] {
  return [round(requests), round(errors)];
}

function round(count: number): number {
  return Math.round(count * 100) / 100;
}

function isSound({ until, gatheringSince, ...status }: EvidenceStatus): boolean {
  const { counted, gathering, waiting, noise, usual } = status;
  const times = [until, gatheringSince].filter((time) => time !== undefined);
  return (
    times.every((time) => Number.isFinite(fromIso(time))) &&
    (gathering === undefined) === (gatheringSince === undefined) &&
    counted.length <= MOST_SHARES &&
    counted.every((row) => areArmsAnd(row, row[1] ?? 0)) &&
    (!gathering || areArms(gathering, 2)) &&
    (!waiting || areArmsAnd(waiting, 1)) &&
    noise.length === 2 &&
    noise.every(isCount) &&
    areArms(usual, 1)
  );
}

/** Both arms, and one number more. */
function areArmsAnd(numbers: readonly number[], most: number): boolean {
  const [last] = numbers.slice(4);
  return numbers.length === 5 && areArms(numbers.slice(0, 4), 2) && isCount(last) && last <= most;
}

/** Requests and errors of so many arms. Buckets are scraped with their sum, so that no arm has more errors. */
function areArms(numbers: readonly number[], arms: number): boolean {
  if (numbers.length !== 2 * arms || !numbers.every(isCount)) return false;
  return numbers.every((number, i) => i % 2 === 0 || number <= (numbers[i - 1] ?? 0));
}

function isCount(number: number | undefined): number is number {
  return number !== undefined && Number.isFinite(number) && number >= 0;
}
