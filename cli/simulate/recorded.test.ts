// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Sample } from './samples.ts';
import { BEGIN, playOf } from './test-releases.ts';

const INGRESS = { ingress: { name: 'web' } };
const STEPS = [
  { setWeight: 10 },
  { pause: { duration: '2m' } },
  { setWeight: 50 },
  { pause: { duration: '2m' } },
];
const RATE = { name: 'rate', provider: 'prom', metric: 'request-success-rate', min: 95, interval: '15s' };
const QUERY = { name: 'queue', provider: 'prom', query: 'queue', max: 100, interval: '30s' };

type Say = (seconds: number) => Partial<Sample> | undefined;

/** Samples of one check, every 15 s from an hour before the release until ten minutes after its begin. */
function recorded(check: string, says: { canary?: Say; stable?: Say }): Sample[] {
  const samples: Sample[] = [];
  for (let seconds = -3600; seconds <= 600; seconds += 15) {
    for (const arm of ['canary', 'stable'] as const) {
      const said = says[arm]?.(seconds);
      if (said) samples.push({ atMs: BEGIN + seconds * 1000, isRelative: false, check, arm, ...said });
    }
  }
  return samples;
}

/** Requests of an arm of which a share fails from some time on. */
function failing(requests: number, share: number, fromSeconds = 0): Say {
  return (seconds) => {
    if (requests < 1000 && seconds <= 0) return undefined;
    const errors = seconds > fromSeconds ? Math.round(requests * share) : Math.round(requests * 0.002);
    return { requests, errors };
  };
}

const healthy = failing(1500, 0.002);

function playRate(canary: Say, { stable = healthy, spec = {} }: { stable?: Say; spec?: object } = {}) {
  const samples = recorded('rate', { canary, stable });
  return playOf(
    { spec: { traffic: INGRESS, steps: STEPS, analysis: { checks: [RATE] }, noDataDeadline: '1m', ...spec } },
    { samples },
  );
}

describe('what was recorded', () => {
  it('lets a good version through', () => {
    const simulation = playRate(failing(150, 0.002));
    expect(simulation).toMatchObject({ outcome: 'promoted', takenForGood: [] });
    expect(simulation.message).toMatch(/^all traffic on the new version since 14:04:/);
  });

  it('rolls a worse one back, in the words of the judge', () => {
    const simulation = playRate(failing(150, 0.1, 60));
    expect(simulation.outcome).toBe('rolled back');
    expect(simulation.message).toMatch(
      /^rate: the canary has [\d.]+% errors .* at [15]0%; all traffic on the old version since 14:0[1-4]:\d\d/,
    );
    expect(simulation.promotedAfterMs).toBeUndefined();
    expect(simulation.parts.at(-1)).toMatchObject({ name: 'rollback', weight: 0 });
    expect(simulation.events.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['AnalysisFailed', 'RolledBack']),
    );
  });

  it('rolls one back that is down, on what shows it first', () => {
    const simulation = playRate(failing(150, 1, 60));
    expect(simulation.outcome).toBe('rolled back');
    const decided = simulation.events.find(({ reason }) => reason === 'AnalysisFailed');
    expect(decided?.afterMs).toBeGreaterThan(60_000);
    expect(decided?.afterMs).toBeLessThanOrEqual(110_000);
  });

  it('does not blame it for what hits both', () => {
    const both = failing(1500, 0.3, 60);
    const simulation = playRate(failing(150, 0.3, 60), { stable: both });
    expect(simulation.outcome).toBe('held');
    expect(simulation.events.map(({ reason }) => reason)).not.toContain('RolledBack');
    expect(simulation.events.map(({ message }) => message).join()).toMatch(/both arms degraded/);
    // what was recorded ends after ten minutes, and only then is something missing
    expect(simulation.endedAfterMs).toBeGreaterThan(600_000);
  });

  it('holds when nothing is known any more, and does what onNoData says', () => {
    const until =
      (say: Say): Say =>
      (seconds) =>
        seconds > 120 ? undefined : say(seconds);
    const canary = until(failing(150, 0.002));
    const paused = playRate(canary, { stable: until(healthy) });
    expect(paused).toMatchObject({ outcome: 'held' });
    expect(paused.message).toMatch(/metrics were missing for 1m; resume, promote or abort$/);
    const back = playRate(canary, { stable: until(healthy), spec: { onNoData: 'Rollback' } });
    expect(back.outcome).toBe('rolled back');
    expect(back.message).toMatch(/no metrics for 1m/);
    const held = playRate(canary, { stable: until(healthy), spec: { onNoData: 'Hold' } });
    expect(held.outcome).toBe('held');
    expect(held.message).toMatch(/no data from prom/);
  });

  it('waits for a person after a failure where the spec says so', () => {
    const simulation = playRate(failing(150, 0.1, 60), { spec: { onFailure: 'Pause' } });
    expect(simulation.outcome).toBe('held');
    expect(simulation.message).toMatch(/promote, retry or abort$/);
  });

  it('judges the bake too, and goes back from there', () => {
    const spec = { bake: { duration: '5m' } };
    const simulation = playRate(failing(150, 0.2, 330), { spec, stable: failing(1500, 0.002) });
    expect(simulation.promotedAfterMs).toBeGreaterThan(240_000);
    expect(simulation.outcome).toBe('rolled back');
    expect(simulation.message).toMatch(/in the bake of the new version/);
  });

  it('reads the number of a query as it was at each moment', () => {
    const queue = (most: number) =>
      recorded('queue', {
        canary: (seconds) => (seconds < 0 ? undefined : { value: seconds < 60 ? 10 : most }),
      });
    const spec = { traffic: INGRESS, steps: STEPS, analysis: { checks: [{ ...QUERY, failureLimit: 1 }] } };
    const good = playOf({ spec }, { samples: queue(99) });
    expect(good.outcome).toBe('promoted');
    const bad = playOf({ spec }, { samples: queue(101) });
    expect(bad.outcome).toBe('rolled back');
    expect(bad.message).toMatch(/^queue 101 > 100 in 2 of \d checks at 10%/);
  });

  it('takes an answer without data for none', () => {
    const samples = recorded('queue', {
      canary: (seconds) => (seconds < 0 ? undefined : { value: undefined }),
    });
    const spec = { traffic: INGRESS, steps: STEPS, analysis: { checks: [QUERY] }, noDataDeadline: '1m' };
    const simulation = playOf({ spec }, { samples });
    expect(simulation.outcome).toBe('held');
  });

  it('reads probes and Jobs', () => {
    const checks = [
      { name: 'front', http: { port: 80 }, interval: '15s' },
      { name: 'smoke', job: { cronJobRef: { name: 'smoke' } } },
    ];
    const spec = { traffic: INGRESS, steps: [{ setWeight: 10 }, { analysis: { checks } }] };
    const front = { isRelative: false, check: 'front', arm: 'canary' as const, atMs: BEGIN, value: 1 };
    const smoke = { ...front, check: 'smoke', atMs: BEGIN + 60_000 };
    const good = playOf({ spec }, { samples: [front, smoke] });
    expect(good.outcome).toBe('promoted');
    expect(good.parts[1]).toMatchObject({ fromMs: 10_000, toMs: 60_000 });
    const bad = playOf({ spec }, { samples: [front, { ...smoke, value: 0, detail: 'GET /pay: 500' }] });
    expect(bad.outcome).toBe('rolled back');
    expect(bad.message).toMatch(/GET \/pay: 500/);
  });

  it('reads a percentile with the requests that were slower', () => {
    const check = {
      name: 'p95',
      provider: 'prom',
      metric: 'request-duration',
      quantile: 95,
      max: 500,
      interval: '15s',
    };
    const spec = { traffic: INGRESS, steps: STEPS, analysis: { checks: [check] } };
    const arm =
      (requests: number, slowFrom: number): Say =>
      (seconds) => {
        if (requests < 1000 && seconds <= 0) return undefined;
        const isSlow = seconds > slowFrom;
        return { requests, errors: isSlow ? requests * 0.2 : requests * 0.01, value: isSlow ? 900 : 200 };
      };
    const play = (slowFrom: number) =>
      playOf({ spec }, { samples: recorded('p95', { canary: arm(200, slowFrom), stable: arm(2000, 1e6) }) });
    expect(play(1e6).outcome).toBe('promoted');
    const slow = play(60);
    expect(slow.outcome).toBe('rolled back');
    expect(slow.message).toMatch(/^p95/);
  });

  it('takes for good what was not recorded, and says so', () => {
    const samples = recorded('rate', { canary: failing(150, 0.002), stable: healthy });
    const checks = [RATE, { name: 'front', http: { port: 80 } }];
    const simulation = playOf(
      { spec: { traffic: INGRESS, steps: STEPS, analysis: { checks } } },
      { samples },
    );
    expect(simulation).toMatchObject({ outcome: 'promoted', takenForGood: ['front'] });
  });

  it('refuses samples of a check that there is not', () => {
    const samples = recorded('rates', { canary: healthy });
    const spec = { traffic: INGRESS, steps: STEPS, analysis: { checks: [RATE] } };
    expect(() => playOf({ spec }, { samples })).toThrow(
      'the samples name check rates, which the release does not have; it has rate',
    );
  });

  it.each([
    ['an Ingress', INGRESS],
    ['a Gateway', { gateway: { routes: [{ name: 'web' }] } }],
    ['a TraefikService', { traefik: { service: 'web' } }],
  ])('reads counters of Traefik behind %s', (_, traffic) => {
    const check = { ...RATE, source: 'traefik' };
    const spec = { traffic, steps: STEPS, analysis: { checks: [check] }, bake: { duration: '1m' } };
    const play = (canary: Say) =>
      playOf({ spec }, { samples: recorded('rate', { canary, stable: healthy }) });
    expect(play(failing(150, 0.002)).outcome).toBe('promoted');
    expect(play(failing(150, 0.3, 60)).outcome).toBe('rolled back');
  });
});

describe('what cannot be played', () => {
  it('names a template that was not read', () => {
    const spec = { steps: [{ setWeight: 10 }, { analysis: { templateRef: { name: 'errors' } } }] };
    expect(() => playOf({ spec })).toThrow(
      'AnalysisTemplate errors is not in what was read; add its file with -f',
    );
  });

  it('says that no number is good', () => {
    const check = {
      name: 'odd',
      provider: 'prom',
      query: 'x',
      successCondition: 'result > 2.0 && result < 1.0',
    };
    const spec = { traffic: INGRESS, steps: STEPS, analysis: { checks: [check] } };
    expect(() => playOf({ spec })).toThrow(/^check odd: no number was found for which "result > 2.0/);
  });

  it('says that there are no pods', () => {
    expect(() => playOf({ spec: { steps: STEPS } }, { replicas: 0 })).toThrow(
      /^nothing can be released: .*0 replicas/,
    );
    expect(playOf({ spec: { steps: STEPS, replicas: 0 } }, { replicas: 0 })).toMatchObject({
      outcome: 'held',
      message: expect.stringMatching(/^step 1\/4, .*replicas is 0, so nothing runs/) as unknown,
    });
  });
});
