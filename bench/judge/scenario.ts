// SPDX-License-Identifier: Apache-2.0

/** A time in which every pod of both arms fails this share of its requests, in seconds from the start. */
export interface Incident {
  readonly from: number;
  readonly to: number;
  readonly share: number;
}

/** What a run of a release is like. Times in seconds. */
export interface Scenario {
  readonly name: string;
  /** Whether nothing is wrong with the canary. */
  readonly healthy: boolean;
  /** Requests a second, both arms together. */
  readonly rate: number;
  /** Share of requests that fail in both arms at all times. */
  readonly errors: number;
  /** The line of the check, in percent. */
  readonly min: number;
  /** How many times as many requests of the canary fail; Infinity: all. */
  readonly worse?: number;
  /** When it becomes worse. */
  readonly worseFrom?: number;
  readonly incident?: Incident;
  /** Moments of a dependency that fails for both arms: mean time between them, length and share. */
  readonly sharedBursts?: { readonly every: number; readonly seconds: number; readonly share: number };
  /** Bursts of errors in one pod: mean time between them in one pod of the stable arm, and mean size. */
  readonly podBursts?: { readonly every: number; readonly errors: number };
  /** Each canary pod fails this many times as often in its first seconds. */
  readonly warmUp?: { readonly seconds: number; readonly times: number; readonly initialDelay: string };
  /** Chance that a pod restarts between two looks; what it counted since its last scrape is lost. */
  readonly resets?: number;
  /** Chance that the last scrape of a pod before a look failed, and mean time between outages of the provider. */
  readonly gaps?: { readonly scrape: number; readonly outageEvery: number; readonly outageSeconds: number };
}

const base = { healthy: true, rate: 100, errors: 0.005, min: 99 };

const quiet: readonly Scenario[] = [0.5, 10, 100, 1000].flatMap((rate) =>
  [0, 0.005, 0.05].map((errors) => ({
    ...base,
    name: `${rate}/s, ${100 * errors} % errors`,
    rate,
    errors,
    min: errors > 0.01 ? 90 : 99,
  })),
);

const incident = { from: 400, to: 700, share: 0.3 };

export const scenarios: readonly Scenario[] = [
  ...quiet,
  {
    ...base,
    name: 'bursts that hit both arms',
    sharedBursts: { every: 240, seconds: 3, share: 0.3 },
  },
  { ...base, name: 'bursts in single pods', podBursts: { every: 600, errors: 20 } },
  { ...base, name: 'incident in both arms, 3/s', rate: 3, incident },
  { ...base, name: 'incident in both arms, 100/s', incident },
  { ...base, name: 'incident in both arms, 1000/s', rate: 1000, incident },
  { ...base, name: 'outage of both arms, 100/s', incident: { ...incident, share: 1 } },
  {
    ...base,
    name: 'warm-up: 5x errors for 30 s',
    warmUp: { seconds: 30, times: 5, initialDelay: '1m' },
  },
  { ...base, name: 'counter resets', resets: 0.05 },
  {
    ...base,
    name: 'scrape gaps and outages of Prometheus',
    gaps: { scrape: 0.2, outageEvery: 400, outageSeconds: 60 },
  },
  ...[1.3, 2, 10].map((worse) => ({ ...base, name: `bad canary, ${worse}x errors`, healthy: false, worse })),
  { ...base, name: 'bad canary, all requests fail', healthy: false, worse: Infinity },
  { ...base, name: 'bad canary, 10x errors, 10/s', healthy: false, worse: 10, rate: 10 },
  { ...base, name: 'bad canary, all requests fail, 0.5/s', healthy: false, worse: Infinity, rate: 0.5 },
  { ...base, name: 'bad canary, 10x errors after 10 min', healthy: false, worse: 10, worseFrom: 600 },
  {
    ...base,
    name: 'bad canary, 10x errors, bursts in single pods',
    healthy: false,
    worse: 10,
    podBursts: { every: 600, errors: 20 },
  },
];

export const runSeconds = 1500;
export const lookEvery = 30;
export const scrapeEvery = 15;
const STABLE_PODS = 10;

/** The weight of the canary and its pods at a time: 10, 25 and 50 percent. */
export function stepAt(seconds: number): { readonly weight: number; readonly pods: number } {
  if (seconds < 300) return { weight: 0.1, pods: 1 };
  return seconds < 900 ? { weight: 0.25, pods: 3 } : { weight: 0.5, pods: 5 };
}

export const podsOf = { stable: STABLE_PODS, canary: 5 } as const;
