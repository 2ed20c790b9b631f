// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

const counts = z.record(z.string(), z.int());

const Lost = z.strictObject({
  non2xx: z.int(),
  refused: z.int(),
  reset: z.int(),
  eof: z.int(),
  timeout: z.int(),
  overflow: z.int(),
  other: z.int(),
});

const tally = {
  /** Requests whose time came: sent ones and those refused a slot (`lost.overflow`). */
  due: z.int(),
  sent: z.int(),
  /** Whole answers of any status. */
  answered: z.int(),
  /** 2xx answers. */
  ok: z.int(),
  /** Answers of the app by version, its deliberate errors included: the split of the traffic. */
  byVersion: counts,
  /** The app's deliberate errors by version; not lost. */
  appErrors: counts,
  codes: counts,
  /** From the due time to the answer; null without an answer. */
  p50Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  /** The longest time by which the generator itself was late. */
  maxLagMs: z.number(),
  lost: Lost,
  lostTotal: z.int(),
};

export const Second = z.strictObject({ t: z.int(), second: z.int(), ...tally });
export type Second = z.infer<typeof Second>;

const connections = z.enum(['keepalive', 'fresh']);

const Example = z.strictObject({
  t: z.int(),
  class: Lost.keyof(),
  error: z.string(),
  code: z.int().optional(),
  version: z.string().optional(),
  connections: connections.optional(),
});

export const Summary = z.strictObject({
  summary: z.literal(true),
  startedAt: z.int(),
  endedAt: z.int(),
  ...tally,
  byConnections: z.partialRecord(
    connections,
    z.strictObject({ sent: z.int(), ok: z.int(), byVersion: counts, lostTotal: z.int() }),
  ),
  /** The first 20 losses. */
  examples: z.array(Example),
});
export type Summary = z.infer<typeof Summary>;

export interface LoadLines {
  seconds: Second[];
  /** Absent while the run goes on. */
  summary?: Summary;
}

/** Reads the generator's output; a last line that is still being written is left out. */
export function parseLoadLines(text: string): LoadLines {
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const seconds: Second[] = [];
  for (const line of lines) {
    if (line === '') {
      continue;
    }
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'summary' in value) {
      return { seconds, summary: Summary.parse(value) };
    }
    seconds.push(Second.parse(value));
  }
  return { seconds };
}

/** One line a person can read: "sent 8,997 (v1 7,200, v2 1,797), app errors 12 (v2), lost 3 (2 reset, 1 eof)". */
export function describeSummary(summary: Summary): string {
  const lost = Object.entries(summary.lost).filter(([, n]) => n > 0);
  const lostParts = lost.map(([name, n]) => `${grouped(n)} ${name}`);
  return [
    `sent ${grouped(summary.sent)}${inBrackets(versions(summary.byVersion))}`,
    `app errors ${grouped(total(summary.appErrors))}${inBrackets(versions(summary.appErrors))}`,
    `lost ${grouped(summary.lostTotal)}${inBrackets(lostParts)}`,
  ].join(', ');
}

/** The share of a version among the app's answers, 0 to 1; 0 when there are none. */
export function shareOf(version: string, seconds: readonly Pick<Second, 'byVersion'>[]): number {
  let all = 0;
  let its = 0;
  for (const { byVersion } of seconds) {
    all += total(byVersion);
    its += byVersion[version] ?? 0;
  }
  return all === 0 ? 0 : its / all;
}

function versions(byVersion: Record<string, number>): string[] {
  const entries = Object.entries(byVersion).toSorted(([a], [b]) => a.localeCompare(b));
  return entries.map(([version, n]) => `${version} ${grouped(n)}`);
}

function inBrackets(parts: readonly string[]): string {
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

function total(byName: Record<string, number>): number {
  return Object.values(byName).reduce((sum, n) => sum + n, 0);
}

function grouped(n: number): string {
  return n.toLocaleString('en-US');
}
