// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { outputDir } from './world.ts';

/** What a story leaves behind, also when it failed. */
const StoryRecord = z.object({
  story: z.string(),
  outcome: z.enum(['passed', 'failed']),
  seconds: z.number(),
  sent: z.int(),
  lost: z.int(),
  /** Lost requests by kind, those that happened. */
  lostBy: z.record(z.string(), z.int()),
  versions: z.record(z.string(), z.int()),
  /** The app's deliberate errors. */
  badAnswers: z.int(),
  writes: z.int(),
  statusWrites: z.int(),
  idleWrites: z.int(),
  violations: z.array(z.string()),
  /** What the story measured besides, for people. */
  notes: z.array(z.string()),
});
export type StoryRecord = z.infer<typeof StoryRecord>;

const recordsDir = join(outputDir, 'stories');

/** Makes the folders of a run and forgets what an earlier one left there. */
export function clearRecords(): void {
  for (const dir of [recordsDir, join(outputDir, 'load'), join(outputDir, 'logs')]) {
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir, { recursive: true });
  }
}

/** Keeps the record and says the story in one line, past jest's own output. */
export function writeRecord(record: StoryRecord): void {
  writeFileSync(
    join(recordsDir, `${record.story.replaceAll(/[^a-z0-9]+/gi, '-')}.json`),
    JSON.stringify(record),
  );
  process.stdout.write(`${describeRecord(record)}\n`);
}

export function readRecords(): StoryRecord[] {
  if (!existsSync(recordsDir)) return [];
  return readdirSync(recordsDir)
    .toSorted()
    .map((file) => StoryRecord.parse(JSON.parse(readFileSync(join(recordsDir, file), 'utf8'))));
}

/** `good release (route): sent 4,497, lost 0, versions {1.0.0: 2,900, 1.1.0: 1,597}, bad answers 0`. */
export function describeRecord(record: StoryRecord): string {
  const versions = Object.entries(record.versions).map(([version, count]) => `${version}: ${grouped(count)}`);
  const lostBy = Object.entries(record.lostBy).map(([kind, count]) => `${grouped(count)} ${kind}`);
  const parts = [
    `sent ${grouped(record.sent)}`,
    `lost ${grouped(record.lost)}${lostBy.length === 0 ? '' : ` (${lostBy.join(', ')})`}`,
    `versions {${versions.join(', ')}}`,
    `bad answers ${grouped(record.badAnswers)}`,
    ...record.notes,
  ];
  return `${record.story}${record.outcome === 'passed' ? '' : ' FAILED'}: ${parts.join(', ')}`;
}

const columns = [
  'story',
  'outcome',
  'seconds',
  'sent',
  'lost',
  'bad',
  'writes',
  'status',
  'idle',
  'broken rules',
];

/** All stories, one row each, with a last row of sums. */
export function renderTable(records: readonly StoryRecord[]): string {
  const rows = records.map((record) => [
    record.story,
    record.outcome,
    record.seconds.toFixed(0),
    ...[
      record.sent,
      record.lost,
      record.badAnswers,
      record.writes,
      record.statusWrites,
      record.idleWrites,
    ].map(grouped),
    String(record.violations.length),
  ]);
  const sum = (pick: (record: StoryRecord) => number): string =>
    grouped(records.reduce((total, record) => total + pick(record), 0));
  const failed = records.filter((record) => record.outcome === 'failed').length;
  const sums = [
    `${records.length} stories`,
    failed === 0 ? 'passed' : `${failed} failed`,
    sum((record) => Math.round(record.seconds)),
    sum((record) => record.sent),
    sum((record) => record.lost),
    sum((record) => record.badAnswers),
    sum((record) => record.writes),
    sum((record) => record.statusWrites),
    sum((record) => record.idleWrites),
    sum((record) => record.violations.length),
  ];
  return align([columns, ...rows, sums]);
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
