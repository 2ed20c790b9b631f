// SPDX-License-Identifier: Apache-2.0
import type { ArmCounts } from '../../operator/api/evidence-status.ts';
import type { BothCounts } from '../../operator/engine/analysis/count-types.ts';
import type { Random } from './random.ts';
import {
  type Incident,
  lookEvery,
  podsOf,
  runSeconds,
  type Scenario,
  scrapeEvery,
  stepAt,
} from './scenario.ts';

/** What Prometheus would say at a look. */
export interface Look {
  /** Seconds from the start. */
  readonly at: number;
  /** Absent: the provider does not answer. */
  readonly tick?: BothCounts & { readonly oldest: number };
}

interface Pod {
  readonly arm: 'canary' | 'stable';
  readonly phase: number;
  readonly bornAt: number;
  scrapedAt: number;
}

/** One release: what every pod answers, and when each is scraped. Pods are scraped one after the other. */
export function createTraffic(scenario: Scenario, random: Random) {
  const shared = incidentsOf(scenario, random);
  const outages = outagesOf(scenario, random);
  const pods = [
    ...Array.from({ length: podsOf.stable }, () => podOf('stable', 0)),
    podOf('canary', 0),
    podOf('canary', 300),
    podOf('canary', 300),
    podOf('canary', 900),
    podOf('canary', 900),
  ];

  function podOf(arm: Pod['arm'], bornAt: number): Pod {
    return { arm, bornAt, phase: random.next() * scrapeEvery, scrapedAt: bornAt };
  }

  function look(at: number): Look {
    const isOut = outages.some(({ from, to }) => at > from && at <= to);
    if (isOut) return { at };
    const counts = { canary: { requests: 0, errors: 0 }, stable: { requests: 0, errors: 0 } };
    let oldest = at;
    for (const pod of pods) {
      if (pod.bornAt >= at) continue;
      const scrapeAt = lastScrape(pod, at);
      const { requests, errors } = served(pod, pod.scrapedAt, scrapeAt);
      counts[pod.arm].requests += requests;
      counts[pod.arm].errors += errors;
      pod.scrapedAt = Math.max(pod.scrapedAt, scrapeAt);
      oldest = Math.min(oldest, pod.scrapedAt);
    }
    return { at, tick: { ...counts, oldest } };
  }

  function lastScrape({ phase }: Pod, at: number): number {
    const missed = scenario.gaps && random.next() < scenario.gaps.scrape ? 1 : 0;
    return at - ((((at - phase) % scrapeEvery) + scrapeEvery) % scrapeEvery) - missed * scrapeEvery;
  }

  function served(pod: Pod, scrapedAt: number, to: number): ArmCounts {
    const isReset = scenario.resets !== undefined && random.next() < scenario.resets;
    const from = isReset ? to - random.next() * (to - scrapedAt) : scrapedAt;
    if (to <= from) return { requests: 0, errors: 0 };
    const mean = (to - from) * rateOf(scenario, pod.arm, (from + to) / 2);
    const burst = burstErrors(scenario, random, mean);
    const requests = random.poisson(mean);
    const share = shareOver(scenario, pod, { from, to, shared });
    return { requests: requests + burst, errors: random.binomial(requests, share) + burst };
  }

  return { look };
}

/** Requests a second of one pod. */
function rateOf({ rate }: Scenario, arm: 'canary' | 'stable', at: number): number {
  const { weight, pods } = stepAt(at);
  return arm === 'canary' ? (rate * weight) / pods : (rate * (1 - weight)) / podsOf.stable;
}

/** Mean share of failed requests of a pod from one time to another. */
function shareOver(
  scenario: Scenario,
  { arm, bornAt }: Pick<Pod, 'arm' | 'bornAt'>,
  { from, to, shared }: { from: number; to: number; shared: readonly Incident[] },
): number {
  const { errors, warmUp, worse, worseFrom = 0 } = scenario;
  let share = errors;
  if (arm === 'canary' && worse !== undefined) {
    share += (Math.min(1, worse * (errors || 1)) - errors) * part(from, to, worseFrom, Infinity);
  }
  if (arm === 'canary' && warmUp) {
    share += errors * (warmUp.times - 1) * part(from, to, bornAt, bornAt + warmUp.seconds);
  }
  for (const one of shared) share += (one.share - errors) * part(from, to, one.from, one.to);
  return Math.min(1, share);
}

function part(from: number, to: number, begin: number, end: number): number {
  return Math.max(0, Math.min(to, end) - Math.max(from, begin)) / (to - from);
}

/** Bursts come with the traffic: a pod that serves twice as much has twice as many. */
function burstErrors({ podBursts, rate }: Scenario, random: Random, requests: number): number {
  if (!podBursts) return 0;
  const bursts = random.poisson(requests / ((rate / podsOf.stable) * podBursts.every));
  let errors = 0;
  for (let i = 0; i < bursts; i += 1) errors += random.geometric(podBursts.errors);
  return errors;
}

/** An incident begins at any moment between two looks. */
function incidentsOf(scenario: Scenario, random: Random): Incident[] {
  const { incident } = scenario;
  const bursts = burstsOf(scenario, random, 0, runSeconds);
  return incident ? [...bursts, shifted(incident, random.next() * lookEvery)] : bursts;
}

function burstsOf({ sharedBursts }: Scenario, random: Random, begin: number, end: number): Incident[] {
  const found: Incident[] = [];
  if (!sharedBursts) return found;
  const { every, seconds, share } = sharedBursts;
  for (let at = begin + random.exponential(every); at < end; at += seconds + random.exponential(every)) {
    found.push({ from: at, to: at + seconds, share });
  }
  return found;
}

function shifted({ from, to, share }: Incident, by: number): Incident {
  return { from: from + by, to: to + by, share };
}

function outagesOf({ gaps }: Scenario, random: Random): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  if (!gaps) return found;
  for (
    let at = random.exponential(gaps.outageEvery);
    at < runSeconds;
    at += random.exponential(gaps.outageEvery)
  ) {
    found.push({ from: at, to: at + gaps.outageSeconds });
    at += gaps.outageSeconds;
  }
  return found;
}

/** What the stable arm counted in the hour before, one look after the other. */
export function historyOf(scenario: Scenario, random: Random): ArmCounts[] {
  const shared = burstsOf(scenario, random, -3600, 0);
  return Array.from({ length: 120 }, (_, i) => {
    const from = -3600 + i * lookEvery;
    const at = { from, to: from + lookEvery, shared };
    const requests = random.poisson(scenario.rate * lookEvery);
    const share = shareOver(scenario, { arm: 'stable', bornAt: from }, at);
    const burst = burstErrors(scenario, random, scenario.rate * lookEvery);
    return { requests: requests + burst, errors: random.binomial(requests, share) + burst };
  });
}
