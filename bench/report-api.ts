// SPDX-License-Identifier: Apache-2.0
import { percentile } from './percentiles.ts';
import type { ApiResults, ColdStart, MemoryRow, Wave } from './results.ts';

/** Greatest number of requests at rest, for each object and minute. */
const idleTarget = 0.05;
/** How many times slower than the null operator the median may be. */
const floorFactor = 2;
const waveTargetMs = 3_000;
const memoryTargetBytes = 120e6;

/** A row: what, Headway, target or floor, Argo Rollouts, Flagger. */
export type Row = readonly [what: string, headway: string, target: string, argo: string, flagger: string];

export function verdict(isMet: boolean): string {
  return isMet ? 'met' : 'MISSED';
}

export function apiRows({ idle, firstWrite, wave, memory, coldStarts }: ApiResults): Row[] {
  return [
    idleRow(idle),
    ...firstWriteRows(firstWrite),
    ...(wave ? waveRows(wave) : []),
    ...memoryRows(memory),
    ...coldStartRows(coldStarts.filter(({ form }) => form === 'bundle')),
  ];
}

function idleRow({
  objects,
  seconds,
  calls,
  leases,
  watches,
  callsPerObjectPerMinute,
}: ApiResults['idle']): Row {
  return [
    `API requests at rest, per object and minute, ${objects} objects, ${seconds} s`,
    `${callsPerObjectPerMinute.toFixed(3)} (${calls} requests; ${leases} for the Lease, ${watches} watches)`,
    `<= ${idleTarget}: ${verdict(callsPerObjectPerMinute <= idleTarget)}`,
    '0.0',
    '9.5 to 60',
  ];
}

function firstWriteRows({ objects, headway, nullOperator }: ApiResults['firstWrite']): Row[] {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const limit = floorFactor * nullOperator.p50;
  return [
    [
      `change to first write, p50 of ${headway.count}, ${objects} objects`,
      ms(headway.p50),
      `<= ${floorFactor} x null operator (${ms(nullOperator.p50)}): ${verdict(headway.p50 <= limit)}`,
      '6.8 ms',
      'seconds',
    ],
    ['the same, p99', ms(headway.p99), `null operator ${ms(nullOperator.p99)}`, '17.3 ms', 'seconds'],
  ];
}

function waveRows({ objects, changes, changedMs, lastFirstWriteMs, each }: Wave): Row[] {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;
  const what = `${changes} targets changed at once, first change to last first write, ${objects.toLocaleString('en-US')} objects`;
  return [
    [
      what,
      `${seconds(lastFirstWriteMs)} (the changes took ${seconds(changedMs)})`,
      `<= ${seconds(waveTargetMs)}: ${verdict(lastFirstWriteMs <= waveTargetMs)}`,
      '13.4 s',
      '36.8 s',
    ],
    [
      'the same, each from its own change: p50, p99',
      `${seconds(each.p50)}, ${seconds(each.p99)}`,
      '',
      '',
      '',
    ],
  ];
}

function memoryRows(memory: readonly MemoryRow[]): Row[] {
  const bundle = memory.filter(({ form }) => form === 'bundle');
  const counts = [...new Set(bundle.map(({ objects }) => objects))].toSorted((a, b) => a - b);
  const most = counts.at(-1);
  return counts.map((objects) => {
    // The target is for the worse of the two: after a start beside the objects, and after having adopted them.
    const worst = Math.max(...bundle.filter((row) => row.objects === objects).map(({ rss }) => rss));
    const target = `<= ${memoryTargetBytes / 1e6} MB: ${verdict(worst <= memoryTargetBytes)}`;
    return [
      `resident memory, ${objects.toLocaleString('en-US')} objects`,
      `${(worst / 1e6).toFixed(0)} MB (${(worst / 2 ** 20).toFixed(0)} MiB)`,
      objects === most ? target : '',
      objects === most ? '155 MiB' : '',
      '',
    ];
  });
}

function coldStartRows(starts: readonly ColdStart[]): Row[] {
  const [first] = starts;
  if (!first) return [];
  const seconds = (pick: (start: ColdStart) => number): string => {
    const values = starts.map(pick);
    const [low, middle, high] = [1, 50, 100].map((percent) => percentile(values, percent) / 1_000);
    return `${middle?.toFixed(2)} s (${low?.toFixed(2)} to ${high?.toFixed(2)} in ${values.length} starts)`;
  };
  const objects = first.objects.toLocaleString('en-US');
  return [
    [`cold start to ready, ${objects} objects`, seconds(({ readyMs }) => readyMs), '', '', ''],
    ['cold start to all reconciled once', seconds(({ reconciledMs }) => reconciledMs), '', '', ''],
  ];
}
