// SPDX-License-Identifier: Apache-2.0
import { circumstancesLine } from '../report.ts';
import type { Results } from '../results.ts';
import { renderTable } from '../table.ts';
import { type By, bys, routerNames } from './lanes.ts';
import { type LossResults, type LossRow, lostOf } from './record.ts';

const titles: Readonly<Record<By, string>> = {
  headway: '**Headway**, with a `settle` that is longer than the delay',
  killed: '**Headway, whose process is killed (SIGKILL) at each write**',
  kept: '**Headway, connections that are kept to a plain Service**, and an app that finishes what it has begun',
  hasty:
    '**Headway with a `settle` that is too short**: 1 s, and no `scaleDownDelay`, where routers are 10 s behind',
  hand: '**By hand with kubectl**, with no wait but for ready pods',
};

/** Why requests are lost that Headway does not lose; where there is no reason, each loss is one to be explained. */
export const reasons: Readonly<Partial<Record<By, string>>> = {
  hasty: '`settle` is shorter than what routers are behind',
  hand: 'pods ended while routers still sent to them',
};

/** What was lost and is nobody's fault but ours, as long as nobody shows otherwise. */
export function unexplained({ rows }: Pick<LossResults, 'rows'>): number {
  return lost(rows.filter(({ by }) => reasons[by] === undefined));
}

/** The figures of the page. */
export function renderLossPage({ loss }: Results): string {
  if (!loss) return 'Nothing has been measured yet.\n';
  const { results, circumstances } = loss;
  return [
    renderLosses(results),
    '![Requests lost of 10,000, by router and delay](loss.svg)',
    `Losses: ${circumstancesLine(circumstances)}, Traefik ${results.traefik}\n`,
  ].join('\n\n');
}

/** Everything that is known of a run, as Markdown. */
export function renderLosses(results: LossResults): string {
  const { rows, problems } = results;
  const tables = bys.flatMap((by) => {
    const own = rows.filter((row) => row.by === by);
    return own.length === 0 ? [] : [`${titles[by]}:`, movesTable(own)];
  });
  return [
    `**${lossLine(results)}**`,
    'A cell says how often a move was made, and how many requests of those sent meanwhile were lost.',
    ...tables,
    ...lossesTable(rows),
    ...problems.map((problem) => `\`\`\`text\n${problem}\n\`\`\``),
  ].join('\n\n');
}

/** The whole run in one line. */
export function lossLine({ rows, ratePerSecond, deaths }: LossResults): string {
  const of = (...some: readonly By[]): string => {
    const own = rows.filter(({ by }) => some.includes(by));
    return `${grouped(lost(own))} of ${grouped(sent(own))}`;
  };
  const hasty = rows.some(({ by }) => by === 'hasty') ? `, ${of('hasty')} with a settle too short` : '';
  const hand = rows.some(({ by }) => by === 'hand') ? `, ${of('hand')} by hand` : '';
  const killed = deaths > 0 ? `, whose process was killed ${grouped(deaths)} times` : '';
  return `${grouped(sent(rows))} requests, ${ratePerSecond}/s: lost ${of('headway', 'killed', 'kept')} by Headway${killed}${hasty}${hand}`;
}

function movesTable(rows: readonly LossRow[]): string {
  const delays = [...new Set(rows.map(({ delay }) => delay))].toSorted((a, b) => a - b);
  const lines = new Map<string, Map<number, LossRow>>();
  for (const row of [...rows].sort((a, b) => Number(a.made === 0) - Number(b.made === 0))) {
    const key = JSON.stringify([nameOf(row), routerNames[row.mode]]);
    lines.set(key, (lines.get(key) ?? new Map<number, LossRow>()).set(row.delay, row));
  }
  const header = ['move', 'router', ...delays.map((delay) => `routers ${delay} s behind`)];
  return renderTable(
    header,
    [...lines].map(([key, byDelay]) => [
      ...(JSON.parse(key) as string[]),
      ...delays.map((delay) => cell(byDelay.get(delay))),
    ]),
  );
}

function cell(row: LossRow | undefined): string {
  if (!row) return '';
  const times = row.made > 0 ? `${row.made}x: ` : '';
  return `${times}${grouped(lostOf(row))} of ${grouped(row.sent)}`;
}

function lossesTable(rows: readonly LossRow[]): string[] {
  const losses = rows.filter((row) => lostOf(row) > 0);
  if (losses.length === 0) return ['No request was lost.'];
  const header = ['losses', 'move', 'router', 'behind', 'lost', 'by class', 'why'];
  const table = renderTable(
    header,
    losses.map((row) => [
      row.by,
      nameOf(row),
      routerNames[row.mode],
      `${row.delay} s`,
      grouped(lostOf(row)),
      Object.entries(row.lost)
        .map(([kind, count]) => `${grouped(count)} ${kind}`)
        .join(', '),
      reasons[row.by] ?? '**not explained**',
    ]),
  );
  return ['Every loss:', table];
}

function nameOf({ by, kind, move }: LossRow): string {
  return by === 'hand' ? move : `${kind}: ${move}`;
}

function lost(rows: readonly LossRow[]): number {
  return rows.reduce((sum, row) => sum + lostOf(row), 0);
}

function sent(rows: readonly LossRow[]): number {
  return rows.reduce((sum, row) => sum + row.sent, 0);
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
