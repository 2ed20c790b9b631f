// SPDX-License-Identifier: Apache-2.0
// What people call the two sides: every sentence about them has these words.
import { describe, expect, it } from '@jest/globals';
import type { Check } from '../../api/analysis.ts';
import type { ArmCounts } from '../../api/evidence-status.ts';
import { judge, startRun } from './judge.ts';
import { measureArms } from './measure-arms.ts';
import { resolveChecks } from './resolve.ts';
import { resolvedCheck } from './test-checks.ts';
import { background, START } from './test-play.ts';
import { isOfArms, type Measurement, type ResolvedCheck } from './types.ts';

const compare = { tolerance: 1.25, alpha: 0.001 };

/** What is said after some measurements with these errors of 1000 requests on each side. */
function saidOf(check: ResolvedCheck, errors: number, theirs: number): string | undefined {
  const counts = (of: number): ArmCounts => ({ requests: 1000, errors: of });
  const arms = { canary: counts(errors), stable: counts(theirs) };
  const checks = [check];
  let run = startRun({ checks, revision: 'new', now: START });
  return Array.from({ length: 10 }, (_none, i) => i + 1)
    .map((turn) => {
      const now = START + 10_000 * turn;
      const tick = { ...arms, oldestMs: now - 2000 };
      const measurement: Measurement = { atMs: now, value: 100 - errors / 10, arms, tick };
      const measurements = new Map([[check.name, measurement]]);
      const judgement = judge({ previous: run, checks, mode: background, measurements, now });
      ({ run } = judgement);
      return judgement.message;
    })
    .at(-1);
}

describe.each([
  [undefined, 'canary', 'stable'],
  [{ judged: 'canary', other: 'stable' }, 'canary', 'stable'],
  [{ judged: 'preview', other: 'active' }, 'preview', 'active'],
])('the sides %p', (sides, word, other) => {
  const check: ResolvedCheck = { ...resolvedCheck({ compare, allowedShare: 0.01 }), sides };

  it('is named where it is down', () => {
    expect(saidOf(check, 900, 0)).toBe(
      `success-rate: the ${word} failed 900 of 1000 requests in 1m (${other} 0%)`,
    );
  });

  it('is named where it is worse than stable', () => {
    expect(saidOf({ ...check, windowMs: 10_000 }, 9, 2)).toMatch(
      new RegExp(
        `^success-rate: the ${word} has 0.9% errors \\(\\d+ of \\d+\\), more than 1.25 times the 0.2% of ${other};`,
      ),
    );
  });

  it('is named where both are out of the line', () => {
    expect(saidOf(check, 300, 300)).toMatch(
      new RegExp(`^success-rate: both arms degraded \\(${word} 30%, ${other} 30%\\) since `),
    );
  });

  it('is named where nobody scrapes its backend', () => {
    const traefik = { ...check, ...resolvedCheck({ armsBy: { label: 'service', backend: 'shop' } }), sides };
    const { reading } = traefik;
    if (!isOfArms(reading)) throw new Error('a built-in metric has arms');
    const answer = { key: traefik.query.key, atMs: START, series: [] };
    expect(measureArms(traefik, reading, answer).detail).toBe(
      `the ${word}'s backend in Traefik is not scraped`,
    );
  });

  const names = { namespace: 'shop', canary: 'web', target: 'web', service: 'web', revision: 'new' };
  const resolve = (more: Partial<Check>) =>
    resolveChecks({
      template: {
        checks: [
          {
            name: 'a',
            provider: 'main',
            metric: 'request-success-rate',
            interval: '10s',
            failureLimit: 0,
            ...more,
          },
        ],
      },
      args: [],
      scope: { ...names, sides },
    });

  it('are those of the scope, also in what a check without a limit is compared with', () => {
    const resolution = resolve({});
    expect(resolution).toMatchObject({
      kind: 'resolved',
      checks: [{ name: 'a', limitText: `compared with ${other}`, ...(sides && { sides }) }],
    });
  });

  it('are named where nothing tells them apart', () => {
    const message = `traefik tells ${word} and ${other} apart only behind an Ingress, a Gateway or a TraefikService; set traffic or use http`;
    expect(resolve({ min: 99, source: 'traefik' })).toMatchObject({
      kind: 'invalid',
      problems: [{ field: 'source', message }],
    });
  });
});
