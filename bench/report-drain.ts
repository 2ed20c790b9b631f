// SPDX-License-Identifier: Apache-2.0
import type { DrainResults, DrainRun } from './results.ts';
import { renderTable } from './table.ts';

const acts: readonly { act: DrainRun['act']; byHand: string; what: (replicas: number) => string }[] = [
  {
    act: 'scale',
    what: (replicas) => `${replicas / 2} of ${replicas} pods scaled away`,
    byHand: 'Deployment scaled',
  },
  {
    act: 'release',
    what: (replicas) => `a new version for all ${replicas} pods`,
    byHand: "Deployment's rolling update",
  },
];

/** Requests lost without and with the drain of each pod, over connections of both kinds. */
export function drainTable({ ratePerSecond, replicas, runs }: DrainResults): string {
  const rows = acts.flatMap(({ act, what, byHand }) =>
    (['fresh', 'keepalive'] as const).map((connections) => [
      what(replicas),
      connections === 'fresh' ? 'a new one for each request' : 'kept',
      `${lost(runs, { act, by: 'hand', connections })} (${byHand})`,
      lost(runs, { act, by: 'headway', connections }),
    ]),
  );
  const header = [
    `requests lost, plain Service, ${ratePerSecond}/s, app exits at once on SIGTERM`,
    'connections',
    'without the drain',
    'Headway',
  ];
  return renderTable(header, rows);
}

function lost(all: readonly DrainRun[], kind: Pick<DrainRun, 'act' | 'by' | 'connections'>): string {
  return all
    .filter(
      ({ act, by, connections }) => act === kind.act && by === kind.by && connections === kind.connections,
    )
    .map((run) => `${run.lost.toLocaleString('en-US')} of ${run.sent.toLocaleString('en-US')}`)
    .join(', ');
}
