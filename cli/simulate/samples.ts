// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { fromIso } from '../../operator/engine/time.ts';
import { UsageError } from '../command.ts';
import type { Source } from '../manifests/sources.ts';

/** One recorded measurement of one arm. */
export interface Sample {
  /** In ms since 1970; or in ms since the release began, where `isRelative`. */
  readonly atMs: number;
  readonly isRelative: boolean;
  readonly check: string;
  readonly arm: 'canary' | 'stable';
  /** Absent: there was no answer. */
  readonly value?: number | undefined;
  /** Since the sample before of the same check and arm. */
  readonly requests?: number | undefined;
  readonly errors?: number | undefined;
  readonly detail?: string | undefined;
}

const COLUMNS = ['time', 'check', 'arm', 'value', 'requests', 'errors', 'detail'] as const;

const Count = z.coerce.number().min(0).optional();
const Row = z
  .strictObject({
    time: z.union([z.number(), z.string()]),
    check: z.string().min(1),
    arm: z.enum(['canary', 'stable']).default('canary'),
    value: z.union([z.number(), z.string(), z.null()]).optional(),
    requests: Count,
    errors: Count,
    detail: z.string().optional(),
  })
  .refine(
    ({ requests, errors }) => (errors ?? 0) <= (requests ?? 0),
    'errors: must not be more than requests',
  );

type Row = z.infer<typeof Row>;

interface Line {
  readonly place: string;
  readonly row: unknown;
}

/**
 * Recorded measurements: JSON lines, or CSV whose first line names the columns. Of each sample `time` is seconds since
 * the release began, or RFC 3339 in UTC; all of one file are of one sort. Throws a UsageError with every problem.
 */
export function readSamples({ name, text }: Source): Sample[] {
  const lines = /^\s*\{/.test(text) ? jsonLines(name, text) : csvLines(name, text);
  const problems: string[] = [];
  const samples = lines.flatMap(({ place, row }): Sample[] => {
    const parsed = Row.safeParse(row);
    if (!parsed.success) {
      problems.push(...parsed.error.issues.map((issue) => `${place}: ${sentenceOf(issue)}`));
      return [];
    }
    const sample = sampleOf(parsed.data);
    if (typeof sample !== 'string') return [sample];
    problems.push(`${place}: ${sample}`);
    return [];
  });
  if (problems.length === 0) problems.push(...problemsOfAll(name, samples));
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  return samples.toSorted((a, b) => a.atMs - b.atMs);
}

function sentenceOf({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

function jsonLines(name: string, text: string): Line[] {
  return text.split('\n').flatMap((line, index): Line[] => {
    if (line.trim() === '') return [];
    const place = `${name}:${index + 1}`;
    try {
      return [{ place, row: JSON.parse(line) as unknown }];
    } catch {
      throw new UsageError(`${place}: is not JSON: one object in each line is needed`);
    }
  });
}

function csvLines(name: string, text: string): Line[] {
  const lines = text.split(/\r?\n/).map((line, index) => ({ line, number: index + 1 }));
  const [head, ...rest] = lines.filter(({ line }) => line.trim() !== '' && !line.startsWith('#'));
  if (!head) throw new UsageError(`${name}: has no samples`);
  const columns = head.line.split(',').map((column) => column.trim());
  const odd = columns.filter((column) => !COLUMNS.some((known) => known === column));
  if (odd.length > 0) {
    throw new UsageError(
      `${name}:${head.number}: no such column: ${odd.join(', ')}; the first line names columns, which are ${COLUMNS.join(', ')}`,
    );
  }
  return rest.map(({ line, number }) => ({ place: `${name}:${number}`, row: rowOf(columns, line) }));
}

/** What is empty is not there. The last column may have commas. */
function rowOf(columns: readonly string[], line: string): Record<string, string> {
  const cells = line.split(',');
  const last = cells.slice(columns.length - 1).join(',');
  const values = [...cells.slice(0, columns.length - 1), last].map((cell) => cell.trim());
  return Object.fromEntries(
    columns.map((column, index) => [column, values[index] ?? '']).filter(([, value]) => value !== ''),
  );
}

/** A sentence where its time or value cannot be read. */
function sampleOf({ time, value, ...rest }: Row): Sample | string {
  const at = timeOf(time);
  if (at === undefined) {
    return `time: ${JSON.stringify(time)}: must be seconds since the release began, or like 2026-11-21T14:00:00Z`;
  }
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof value === 'string' && value !== 'NaN' && Number.isNaN(number)) {
    return `value: ${JSON.stringify(value)}: must be a number`;
  }
  return { ...rest, ...at, value: number ?? undefined };
}

function timeOf(time: string | number): Pick<Sample, 'atMs' | 'isRelative'> | undefined {
  const seconds = typeof time === 'number' ? time : Number(time);
  if (Number.isFinite(seconds)) return { atMs: seconds * 1000, isRelative: true };
  const atMs = fromIso(String(time));
  return Number.isNaN(atMs) ? undefined : { atMs, isRelative: false };
}

function problemsOfAll(name: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [`${name}: has no samples`];
  const sorts = new Set(samples.map(({ isRelative }) => isRelative));
  return sorts.size > 1
    ? [`${name}: some times are seconds since the release began, and some are dates; give all in one way`]
    : [];
}
