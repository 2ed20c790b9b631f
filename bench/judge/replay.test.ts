// SPDX-License-Identifier: Apache-2.0
// What a real Prometheus answered, scraping three stable pods and a canary every 2 s, look by look with what was said.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Check } from '../../operator/api/analysis.ts';
import { AnalysisRun } from '../../operator/api/analysis-status.ts';
import { EvidenceStatus } from '../../operator/api/evidence-status.ts';
import { fromIso } from '../../operator/engine/time.ts';
import { judge, startRun } from '../../operator/engine/analysis/judge.ts';
import { measureAll } from '../../operator/engine/analysis/measure.ts';
import { resolveChecks } from '../../operator/engine/analysis/resolve.ts';
import { background, lines } from '../../operator/engine/analysis/test-play.ts';
import type { Judgement, ResolvedCheck } from '../../operator/engine/analysis/types.ts';

const Point = z.object({ atMs: z.number(), value: z.number() });
const Series = Point.extend({ labels: z.record(z.string(), z.string()), points: z.array(Point).optional() });
const Recording = z.object({
  check: Check,
  scope: z.object({
    namespace: z.string(),
    canary: z.string(),
    target: z.string(),
    service: z.string(),
    revision: z.string(),
    stableRevision: z.string(),
  }),
  startedAt: z.string(),
  looks: z.array(
    z.object({
      now: z.number(),
      results: z.array(
        z.object({
          key: z.enum(['query', 'history']),
          atMs: z.number(),
          series: z.array(Series),
          warnings: z.array(z.string()),
        }),
      ),
      said: z.string(),
    }),
  ),
  evidence: EvidenceStatus,
});
type Recording = z.infer<typeof Recording>;

function readRecording(name: string): Recording {
  return Recording.parse(
    JSON.parse(readFileSync(new URL(`recordings/${name}.json`, import.meta.url), 'utf8')),
  );
}

function checksOf({ check, scope }: Recording): readonly ResolvedCheck[] {
  const resolution = resolveChecks({ template: { checks: [check] }, args: [], scope });
  if (resolution.kind === 'invalid') throw new Error(JSON.stringify(resolution.problems));
  return resolution.checks;
}

/** Every run on the way goes through JSON, as through the API server, and each look is judged twice. */
function replay(recording: Recording): Judgement[] {
  const checks = checksOf(recording);
  const keys = { query: checks[0]?.query.key ?? '', history: checks[0]?.history?.key ?? '' };
  let run = startRun({ checks, revision: 'new', now: fromIso(recording.startedAt) });
  return recording.looks.map(({ now, results }) => {
    const measurements = measureAll(
      checks,
      results.map((result) => ({ ...result, key: keys[result.key] })),
    );
    const judgement = judge({ previous: run, checks, mode: background, measurements, now });
    const again = judge({ previous: judgement.run, checks, mode: background, measurements, now });
    expect(again).toEqual(judgement);
    run = AnalysisRun.parse(JSON.parse(JSON.stringify(judgement.run)));
    return judgement;
  });
}

describe('a recorded run', () => {
  it.each([
    ['worse-than-stable', 'Fail AnalysisFailed: success-rate: the canary has 4.7% errors (18 of 384)'],
    ['slower-than-stable', 'Fail AnalysisFailed: duration: the canary has 11.2% slow requests (40 of 356)'],
    ['incident-in-both-arms', 'Pass: success-rate 100% >= 98% (15 checks)'],
  ])('%s gives every word of it again', (name, end) => {
    const recording = readRecording(name);
    const judgements = replay(recording);
    expect(lines(judgements)).toEqual(recording.looks.map(({ said }) => said));
    expect(lines(judgements).at(-1)).toContain(end);
    expect(judgements.at(-1)?.run.checks[0]?.evidence).toEqual(recording.evidence);
  });

  it('fails on its counts alone: with those of another canary it goes on', () => {
    const recording = readRecording('worse-than-stable');
    const looks = recording.looks.map((look) => ({ ...look, results: look.results.map(withoutErrors) }));
    expect(replay({ ...recording, looks }).map(({ verdict }) => verdict)).not.toContain('Fail');
  });
});

type Result = Recording['looks'][number]['results'][number];

function withoutErrors(result: Result): Result {
  const isError = ({ labels }: Result['series'][number]) =>
    labels['code'] === '500' && labels['revision'] === 'new';
  return { ...result, series: result.series.filter((series) => !isError(series)) };
}
