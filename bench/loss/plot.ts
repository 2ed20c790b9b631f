// SPDX-License-Identifier: Apache-2.0
import { modes } from '../../test/e2e/support/objects.ts';
import { bar, legendEntry, svg, text } from '../svg.ts';
import { type By, routerNames } from './lanes.ts';
import { type LossRow, lostOf } from './record.ts';
import { atRest } from './tally.ts';

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly bys: readonly By[];
}

const series: readonly Series[] = [
  { name: 'Headway', colour: '#1a7f5a', bys: ['headway', 'killed', 'kept'] },
  { name: 'settle too short', colour: '#d9822b', bys: ['hasty'] },
  { name: 'by hand', colour: '#b5443c', bys: ['hand'] },
];

const ROW = 34;
const LEFT = 230;
const WIDTH = 480;
const TOP = 56;

/** A bar for each router, delay and series: requests lost of 10,000 that were sent while something was moved. */
export function renderPlot(all: readonly LossRow[]): string {
  const rows = all.filter(({ move }) => move !== atRest);
  const delays = [...new Set(rows.map(({ delay }) => delay))].toSorted((a, b) => a - b);
  const groups = delays.flatMap((delay) => modes.map((mode) => ({ delay, mode })));
  const shares = groups.map(({ delay, mode }) =>
    series.map(({ bys }) =>
      shareOf(rows.filter((row) => row.delay === delay && row.mode === mode && bys.includes(row.by))),
    ),
  );
  const most = Math.max(1, ...shares.flat().map((share) => share ?? 0));
  return svg(LEFT + WIDTH + 80, TOP + groups.length * ROW + 12, [
    text(12, 20, 'Requests lost, of 10,000 that were sent while something was moved'),
    ...series.map(({ name, colour }, i) => legendEntry(LEFT + i * 150, name, colour)),
    ...groups.flatMap(({ delay, mode }, row) => [
      text(LEFT - 10, TOP + row * ROW + 18, `${routerNames[mode]}, ${delay} s behind`, 'end'),
      ...bars(shares[row] ?? [], { row, most }),
    ]),
  ]);
}

function bars(shares: readonly (number | undefined)[], at: { row: number; most: number }): string[] {
  return shares.flatMap((share, i) => {
    if (share === undefined) return [];
    const where = { x: LEFT, y: TOP + at.row * ROW + 3 + i * 9, width: (WIDTH * share) / at.most };
    return [bar(where, series[i]?.colour ?? '', share === 0 ? '0' : share.toFixed(1))];
  });
}

/** Undefined where nothing was sent. */
function shareOf(rows: readonly LossRow[]): number | undefined {
  const sent = rows.reduce((sum, row) => sum + row.sent, 0);
  return sent === 0 ? undefined : (10_000 * rows.reduce((sum, row) => sum + lostOf(row), 0)) / sent;
}
