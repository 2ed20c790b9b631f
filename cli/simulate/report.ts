// SPDX-License-Identifier: Apache-2.0
import { formatDuration } from '../../operator/api/duration.ts';
import { plural } from '../../operator/engine/analysis/line.ts';
import { lineOf } from '../text/line.ts';
import { layTable } from '../text/table.ts';
import type { Simulation } from './simulation.ts';
import type { Part } from './timeline.ts';

/** How it was told how many pods there are. */
export interface Assumed {
  readonly replicasFrom: string;
  readonly podStartMs: number;
  readonly hasSamples: boolean;
}

/** A release as a table, with what was taken for granted. */
export function simulationText(simulation: Simulation, assumed: Assumed): string {
  const { events, takenForGood } = simulation;
  const lines = [
    headline(simulation, assumed),
    podsLine(simulation, assumed),
    '',
    ...table(simulation.parts.map(rowOf)),
    '',
  ];
  if (assumed.hasSamples) {
    lines.push(
      ...events.map(({ afterMs, reason, message }) => `${timeOf(afterMs)} ${reason}: ${message}`),
      '',
    );
    if (takenForGood.length > 0)
      lines.push(`taken for good, for nothing was recorded: ${takenForGood.join(', ')}`);
  }
  lines.push(...conclusion(simulation, assumed));
  return `${lines.join('\n')}\n`;
}

function headline({ kind, namespace, name, outcome, ...rest }: Simulation, { hasSamples }: Assumed): string {
  const who = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
  const { promotedAfterMs, rolledBackAfterMs, endedAfterMs } = rest;
  const least = hasSamples ? '' : ' at the earliest';
  if (outcome === 'promoted') return `${who}: promoted after ${timeOf(promotedAfterMs ?? 0)}${least}`;
  return `${who}: ${outcome} after ${timeOf(rolledBackAfterMs ?? endedAfterMs)}`;
}

function podsLine({ replicas }: Simulation, { replicasFrom, podStartMs }: Assumed): string {
  const start = podStartMs === 0 ? 'at once' : `after ${formatDuration(podStartMs)}`;
  return `${plural(replicas, 'pod')} (${replicasFrom}); new pods are ready ${start}`;
}

const HEAD = ['part', 'what', 'from', 'to', 'weight', 'new', 'old', 'judged by'];

function rowOf({ name, does, fromMs, toMs, weight, pods, isOfPerson, checks }: Part): string[] {
  const end = toMs === undefined ? '' : timeOf(toMs);
  const judged = [...(isOfPerson ? ['a person'] : []), ...checks].join(', ');
  return [name, does, timeOf(fromMs), end, `${weight}%`, `${pods.canary}`, `${pods.stable}`, judged];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const columns = HEAD.map((title) => ({ title }));
  const cells = rows.map((row) => row.map((cell) => lineOf(cell)));
  const lines = layTable(columns, cells, { ellipsis: '' });
  return lines.map((line) => `  ${line.map(({ text }) => text).join('')}`.trimEnd());
}

function conclusion({ message, outcome, parts }: Simulation, { hasSamples }: Assumed): string[] {
  const persons = parts.filter(({ isOfPerson }) => isOfPerson).length;
  const says = persons === 0 ? '' : ', and whoever is asked says yes at once';
  if (hasSamples) return [`${outcome}: ${message}`];
  return [`at the earliest: every check answers well as soon as it is asked${says}`];
}

/** As `2m10s`, in whole seconds as clocks show them. */
function timeOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds === 0 ? '0s' : formatDuration(seconds * 1000);
}
