// SPDX-License-Identifier: Apache-2.0
import type { ArmCounts } from '../../api/evidence-status.ts';
import type { CountedRow } from './count-types.ts';

/**
 * What a worse canary might be, as multiples of the greatest tolerated ratio: an even mixture of them is held against
 * the tolerated one, so that a slight and a gross degradation are both found.
 */
const MULTIPLES = [1.4, 2, 4, 10, 50];

/** A share of errors that nobody is woken for: less than this of the stable arm counts as this. */
const NEGLIGIBLE_SHARE = 0.001;

export interface Comparison {
  /** Greatest tolerated ratio of the canary's share of errors to the stable one. */
  readonly tolerance: number;
  /** How unevenly errors come, at least 1; evidence is divided by it. */
  readonly dispersion: number;
}

/**
 * Natural logarithm of the evidence that the canary has more than `tolerance` times the errors of the stable arm.
 *
 * Given how many errors there are in all, and that the canary has `ratio` times the share of the stable arm, those of
 * the canary are binomial with p = ratio n / (ratio n + m), for n and m requests. The evidence is the likelihood of
 * the greater ratios over that of the tolerated one. Under every tolerated ratio its expectation is at most 1 at any
 * moment, so that the chance that it ever passes 1/alpha is at most alpha (Ville's inequality): it may be looked at
 * as often as one likes. (Ramdas, Grünwald, Vovk, Shafer: "Game-theoretic statistics and safe anytime-valid
 * inference", 2023.) Dividing by the dispersion keeps this where errors come in bursts, as far as their variance
 * says how.
 */
export function logEvidence(counted: readonly CountedRow[], { tolerance, dispersion }: Comparison): number {
  const logs = MULTIPLES.map((multiple) => {
    let sum = 0;
    for (const both of counted) sum += logRatio(both, tolerance, multiple);
    return sum / dispersion;
  });
  return logMeanExp(logs);
}

function logRatio({ canary, stable, surplus }: CountedRow, tolerance: number, multiple: number): number {
  if (canary.requests <= 0 || stable.requests <= 0) return 0;
  const tolerated = tolerance * canary.requests;
  const worse = multiple * tolerated;
  const theirs = Math.max(stable.errors, NEGLIGIBLE_SHARE * stable.requests);
  const smaller = Math.log((tolerated + stable.requests) / (worse + stable.requests));
  return (canary.errors - surplus) * (Math.log(multiple) + smaller) + theirs * smaller;
}

function logMeanExp(logs: readonly number[]): number {
  const most = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - most), 0);
  return most + Math.log(sum / logs.length);
}

/** `logBeyondShare` of what is no chance: one in a thousand over fifty looks. */
export const BEYOND_CHANCE = Math.log(50 / 0.001);

/**
 * Natural logarithm of the likelihood of the observed share of errors over that of the allowed one: by the bound of
 * Chernoff, the chance of as many errors or more at the allowed share is at most exp(-this). 0 where the share is
 * allowed; infinite for an error where none is allowed.
 */
export function logBeyondShare({ requests, errors }: ArmCounts, allowed: number): number {
  if (requests <= 0 || errors <= allowed * requests) return 0;
  const good = Math.max(0, requests - errors);
  const ofErrors = errors * Math.log(errors / (allowed * requests));
  return good === 0 ? ofErrors : ofErrors + good * Math.log(good / ((1 - allowed) * requests));
}
