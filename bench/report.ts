// SPDX-License-Identifier: Apache-2.0
import { apiRows } from './report-api.ts';
import { drainTable } from './report-drain.ts';
import { imageTables } from './report-image.ts';
import { reactionRows } from './report-reaction.ts';
import { renderTable } from './table.ts';
import type { ApiResults, Circumstances, Results } from './results.ts';

/** Everything that is known, as Markdown. Figures of other tools were measured by us on the same kind of node. */
export function renderReport({ api, reaction, drain, image }: Results): string {
  const rows = [...(api ? apiRows(api.results) : []), ...(reaction ? reactionRows(reaction.results) : [])];
  if (rows.length === 0 && !drain && !image) return 'Nothing has been measured yet.\n';
  const header = ['', 'Headway', 'target or floor', 'Argo Rollouts 1.9.1', 'Flagger 1.44.0'];
  return [
    ...(rows.length > 0 ? [renderTable(header, rows)] : []),
    ...(drain ? [drainTable(drain.results)] : []),
    ...(api ? [memoryTable(api.results)] : []),
    ...(image ? [imageTables(image.results)] : []),
    circumstancesOf({ api, reaction, drain, image }),
  ]
    .map((block) => `${block.trimEnd()}\n`)
    .join('\n');
}

function circumstancesOf({ api, reaction, drain, image }: Results): string {
  const parts = { Objects: api, Traffic: reaction, Drain: drain, Image: image };
  return Object.entries(parts)
    .flatMap(([name, part]) => (part ? [`${name}: ${circumstancesLine(part.circumstances)}`] : []))
    .join('\n\n');
}

function memoryTable({ memory }: ApiResults): string {
  const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const rows = memory.map(({ form, objects, after, rss, pss, peak }) => [
    form === 'bundle' ? 'bundle (as in the image)' : 'sources with node_modules',
    objects.toLocaleString('en-US'),
    after === 'grown' ? 'has adopted them all' : 'started beside them',
    mebibytes(rss),
    mebibytes(pss),
    mebibytes(peak),
  ]);
  return renderTable(['program', 'Canaries', 'process', 'RSS', 'PSS', 'highest RSS'], rows);
}

export function circumstancesLine(at: Circumstances): string {
  return [
    `measured on ${at.measuredAt.slice(0, 10)} in ${at.seconds} s`,
    `Headway ${at.version} (${at.commit})`,
    `Kubernetes ${at.kubernetes}`,
    `Node ${at.node}`,
    `${at.cores} cores of ${at.cpu}, ${at.memoryGiB} GiB, Linux ${at.kernel}`,
    `load before the start ${at.loadBefore.toFixed(1)}`,
  ].join(', ');
}
