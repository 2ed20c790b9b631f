// SPDX-License-Identifier: Apache-2.0
import type { Row } from './report-api.ts';
import type { BadRelease, ReactionResults } from './results.ts';

/** What the other tools showed, by check interval: seconds to restore and bad answers. */
const peers: Readonly<Record<string, { argo: [string, string]; flagger: [string, string] }>> = {
  '10s': { argo: ['6.3 to 7.6 s', 'about 110'], flagger: ['19.9 s', 'about 300'] },
};

export function reactionRows({ releases, ratePerSecond, weight, errorRate }: ReactionResults): Row[] {
  const intervals = [...new Set(releases.map(({ interval }) => interval))];
  const share = `${weight} % of ${ratePerSecond}/s, ${errorRate * 100} % of them bad`;
  return intervals.flatMap((interval): Row[] => {
    const runs = releases.filter((release) => release.interval === interval);
    const { argo, flagger } = peers[interval] ?? { argo: ['', ''], flagger: ['', ''] };
    return [
      [
        `first bad answer to weight 0, checks each ${interval} (${share})`,
        rangeOf(runs, ({ weightZeroMs }) => weightZeroMs / 1_000, 1, 's'),
        '',
        argo[0],
        flagger[0],
      ],
      ['first to last bad answer', rangeOf(runs, ({ lastBadMs }) => lastBadMs / 1_000, 1, 's'), '', '', ''],
      ['bad answers', rangeOf(runs, ({ bad }) => bad, 0), '', argo[1], flagger[1]],
      ['requests without an answer', rangeOf(runs, ({ lost }) => lost, 0), '', '', ''],
    ];
  });
}

function rangeOf(
  runs: readonly BadRelease[],
  pick: (release: BadRelease) => number,
  digits: number,
  unit = '',
): string {
  const values = runs.map(pick);
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  const range = low === high ? `${low}` : `${low} to ${high}`;
  return `${range}${unit === '' ? '' : ` ${unit}`} (${runs.length === 1 ? '1 run' : `${runs.length} runs`})`;
}
