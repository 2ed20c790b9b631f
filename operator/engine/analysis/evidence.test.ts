// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { ArmCounts } from '../../api/evidence-status.ts';
import { toIso } from '../time.ts';
import { totalOf, withMeasurement } from './evidence.ts';
import { resolvedCheck } from './test-checks.ts';
import { START } from './test-play.ts';
import type { Evidence, Tick } from './count-types.ts';
import type { Measurement } from './types.ts';

const check = resolvedCheck({
  compare: { tolerance: 1.25, alpha: 0.001 },
  intervalMs: 10_000,
  askEveryMs: 2000,
});

type Numbers = readonly [number, number, number, number];

function arm(requests: number, errors: number): ArmCounts {
  return { requests, errors };
}

/** Counts of one interval; every pod was scraped 2 s ago unless said otherwise. */
function tick(numbers: Numbers, atMs: number, oldestMs: number | undefined = atMs - 2000): Tick {
  const [requests, errors, theirs, theirErrors] = numbers;
  return {
    canary: arm(requests, errors),
    stable: arm(theirs, theirErrors),
    ...(oldestMs === undefined ? {} : { oldestMs }),
  };
}

function at(seconds: number, numbers: Numbers, oldestSeconds?: number): Measurement {
  const atMs = START + seconds * 1000;
  const oldestMs = oldestSeconds === undefined ? undefined : START + oldestSeconds * 1000;
  return { atMs, tick: tick(numbers, atMs, oldestMs) };
}

function played(measurements: readonly Measurement[], given = check): Evidence | undefined {
  return measurements.reduce<Evidence | undefined>(
    (known, one) => withMeasurement(known, given, one),
    undefined,
  );
}

const usual: Numbers = [100, 1, 900, 9];

describe('evidence', () => {
  it('counts a time once the next one shows that stable was steady', () => {
    expect(played([at(10, usual)])).toMatchObject({ counted: [], waiting: { canary: arm(100, 1) } });
    expect(played([at(10, usual), at(20, usual)])).toMatchObject({
      counted: [{ canary: arm(100, 1), stable: arm(900, 9), surplus: 0 }],
      until: toIso(START + 20_000),
    });
    const four = played([10, 20, 30, 40].map((seconds) => at(seconds, usual)));
    expect(four && totalOf(four)).toEqual({ canary: arm(300, 3), stable: arm(2700, 27) });
  });

  it('is not doubled by looks between, by an operator that starts again, or by the same answer', () => {
    const looks = [10, 12, 14, 16, 18, 20, 20, 21, 30].map((seconds) => at(seconds, usual));
    expect(played(looks)).toEqual(played([10, 20, 30].map((seconds) => at(seconds, usual))));
  });

  it('gathers until every pod has been scraped since', () => {
    const slow = [at(10, usual, -3), at(20, [0, 0, 0, 0], -3), at(30, usual, 12), at(40, usual, 27)];
    expect(played(slow.slice(0, 2))).toMatchObject({
      gathering: { since: toIso(START), canary: arm(100, 1) },
      counted: [],
    });
    expect(played(slow.slice(0, 2))?.waiting).toBeUndefined();
    expect(played(slow.slice(0, 3))).toMatchObject({
      waiting: { canary: arm(200, 2), stable: arm(1800, 18) },
    });
    expect(played(slow)?.gathering).toMatchObject({ since: toIso(START + 30_000) });
  });

  it('waits no longer than a window for a pod that is never scraped', () => {
    const never = [10, 20, 30, 40, 50, 60].map((seconds) => at(seconds, usual, -1000));
    expect(played(never.slice(0, 5))?.waiting).toBeUndefined();
    expect(played(never)?.waiting).toMatchObject({ canary: arm(600, 6) });
  });

  it('leaves out times at which stable itself changes, before and after', () => {
    const incident: Numbers = [100, 30, 900, 270];
    const seen = played(
      [10, 20, 30, 40, 50, 60, 70, 80].map((s) => at(s, s > 30 && s <= 60 ? incident : usual)),
    );
    expect(seen).toMatchObject({ unsteady: 2 });
    expect(seen && totalOf(seen).canary).toEqual(arm(500, 63));
  });

  it('leaves out an incident that shows in the canary first', () => {
    const seen = played([
      at(10, usual),
      at(20, usual),
      at(30, usual),
      at(40, [100, 30, 900, 20]),
      at(50, [100, 30, 900, 270]),
      at(60, [100, 30, 900, 270]),
    ]);
    expect(seen && totalOf(seen).canary).toEqual(arm(300, 3));
  });

  it('begins a new thread after a gap: neither what waited nor the first counts after it are compared', () => {
    const seen = played([
      at(10, usual),
      at(20, usual),
      at(50, [5000, 900, 9000, 9]),
      at(60, usual),
      at(70, usual),
    ]);
    expect(seen && totalOf(seen).canary).toEqual(arm(200, 2));
  });

  it('keeps shares of the traffic apart, and brings like ones together', () => {
    const shares: Numbers[] = [
      [100, 1, 900, 9],
      [110, 0, 890, 8],
      [250, 2, 750, 7],
      [500, 5, 500, 5],
      [90, 1, 910, 9],
    ];
    const seen = played([...shares, usual].map((numbers, i) => at(10 * (i + 1), numbers)));
    expect(seen?.counted.map(({ canary }) => canary.requests)).toEqual([300, 250, 500]);
    const many = Array.from({ length: 30 }, (_, i): Numbers => [2 ** (i % 26), 0, 2 ** (25 - (i % 26)), 0]);
    expect(played(many.map((numbers, i) => at(10 * (i + 1), numbers)))?.counted).toHaveLength(16);
  });

  it('compares nothing while an arm has no requests', () => {
    expect(played([at(10, [0, 0, 900, 9]), at(20, [0, 0, 900, 9])])?.counted).toEqual([]);
    expect(played([at(10, [100, 50, 0, 0]), at(20, [100, 50, 0, 0])])?.counted).toEqual([]);
  });

  it('lets no single time have more than half of the evidence', () => {
    const burst = played([at(10, usual), at(20, [100, 45, 900, 9]), at(30, usual)]);
    expect(burst?.counted[0]?.canary).toEqual(arm(200, 46));
    expect(burst?.counted[0]?.surplus).toBeGreaterThan(25);
  });

  it('takes in the past of stable once: its noise and what is usual', () => {
    const history = Array.from({ length: 100 }, (_, i) => arm(900, i % 10 === 0 ? 60 : 3));
    const seen = played([
      { ...at(10, usual), history },
      { ...at(20, usual), history },
    ]);
    expect(seen).toMatchObject({ hasHistory: true, usual: arm(91_800, 888) });
    expect(seen?.noise.changes).toBeGreaterThan(50_000);
    expect(played([{ atMs: START, history: [] }])).toMatchObject({ hasHistory: true, counted: [] });
  });

  it('is none without counts', () => {
    expect(played([{ atMs: START, noData: 'ProviderError', detail: 'refused' }])).toBeUndefined();
  });
});
