// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Check } from '../../operator/api/analysis.ts';
import { measureAll } from '../../operator/engine/analysis/measure.ts';
import { resolveChecks } from '../../operator/engine/analysis/resolve.ts';
import { isOfArms, type ResolvedCheck } from '../../operator/engine/analysis/types.ts';
import { ANYWHERE } from '../manifests/scope.ts';
import { answerOfArms, type CountedArm, historyOfArms } from './arm-series.ts';

const NOW = Date.UTC(2026, 10, 21, 14);
const RATE = { name: 'rate', provider: 'prom', metric: 'request-success-rate', min: 95 };
const DURATION = { name: 'slow', provider: 'prom', metric: 'request-duration', quantile: 90, max: 500 };

const PLACES = [
  ['pods', { source: 'http' }, {}],
  ['an Ingress', { source: 'traefik' }, {}],
  ['an Ingress, alone', { source: 'traefik' }, { isAlone: true, service: 'web', canaryService: 'web' }],
  ['a Gateway', { source: 'traefik' }, { ingress: undefined, routes: [{ kind: 'HTTPRoute', name: 'web' }] }],
  ['a TraefikService', { source: 'traefik' }, { ingress: undefined, traefikService: 'web' }],
] as const;

function resolved(check: object, scope: object): ResolvedCheck {
  const template = { checks: [Check.parse(check)] };
  const resolution = resolveChecks({ template, args: [], scope: { ...ANYWHERE, ...scope } });
  const found = resolution.kind === 'resolved' ? resolution.checks[0] : undefined;
  if (!found) throw new Error(JSON.stringify(resolution));
  return found;
}

function measure(check: ResolvedCheck, arms: { canary: CountedArm; stable: CountedArm }) {
  const { reading, query, history } = check;
  if (!isOfArms(reading)) throw new Error('it has no arms');
  const series = answerOfArms(reading, { window: arms, tick: arms, seenMs: NOW, atMs: NOW });
  const past = historyOfArms(reading, [
    { atMs: NOW - 60_000, counts: arms.stable },
    { atMs: NOW - 30_000, counts: arms.stable },
  ]);
  const results = [
    { key: query.key, atMs: NOW, series },
    { key: history?.key ?? '', atMs: NOW, series: past },
  ];
  return measureAll([check], results).get(check.name);
}

const arm = fc
  .record({
    requests: fc.integer({ min: 20, max: 10_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ requests, share }) => ({ requests, errors: Math.floor(requests * share) }));

describe.each(PLACES)('counts of %s', (_, more, scope) => {
  it('are read as they were written, in the window, since the last look, and in the past', () => {
    const check = resolved({ ...RATE, ...more }, scope);
    fc.assert(
      fc.property(arm, arm, (canary, stable) => {
        const measured = measure(check, { canary, stable });
        expect(measured?.value).toBeCloseTo(100 - (100 * canary.errors) / canary.requests, 9);
        expect(measured?.tick?.canary).toEqual(canary);
        const isAlone = 'isAlone' in scope;
        expect(measured?.arms).toEqual(
          isAlone && more.source !== 'traefik' ? { canary } : { canary, stable },
        );
        expect(measured?.history).toEqual([stable, stable]);
      }),
    );
  });

  it('are read as a percentile, and as requests that were slower', () => {
    const check = resolved({ ...DURATION, ...more }, scope);
    const canary = { requests: 1000, errors: 200, value: 800 };
    const stable = { requests: 5000, errors: 100, value: 120 };
    const measured = measure(check, { canary, stable });
    expect(measured?.value).toBeCloseTo(800, 6);
    expect(measured?.arms?.canary).toEqual({ requests: 1000, errors: 200 });
    expect(measured?.arms?.stable).toEqual({ requests: 5000, errors: 100 });
  });

  it('follow the percentile where both contradict each other', () => {
    const check = resolved({ ...DURATION, ...more }, scope);
    // of 1000 requests the 90th percentile is 800 ms, so that 100 at least were slower than 500 ms
    const measured = measure(check, {
      canary: { requests: 1000, errors: 0, value: 800 },
      stable: { requests: 5000, errors: 0, value: 120 },
    });
    expect(measured?.value).toBeCloseTo(800, 6);
    expect(measured?.arms?.canary.errors).toBe(100);
  });
});
