// SPDX-License-Identifier: Apache-2.0
import type { HistoryEntry } from '../../operator/api/release-status.ts';
import { readRollout } from '../cluster/read.ts';
import { clusterCommand, type Stage } from '../cluster-command.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type Target, targetName, targetOf } from '../target.ts';
import { ellipsisOf, type Line, lineOf, printLine, type Style } from '../text/line.ts';
import { layTable } from '../text/table.ts';
import { cleanAll } from '../text/width.ts';
import { modelOf } from '../view/model.ts';
import { momentOf } from '../view/times.ts';
import type { World } from '../world.ts';

export function historyCommand(world: World): Command {
  return clusterCommand(
    {
      name: 'history',
      usage: 'KIND/NAME',
      summary: 'show the last releases, the newest first',
      about: [
        'The last ten, as the status has them; times are UTC. A terminal cuts the reasons, a pipe gets them whole.',
      ],
      flags: {},
      exits: ['Exit codes: 0 done, 2 bad arguments, 5 not there or not to be had.'],
      read: ({ words }) => targetOf(words),
      act: showHistory,
    },
    world,
  );
}

async function showHistory(target: Target, { cluster, io }: Stage): Promise<number> {
  const { screen } = io;
  const { status } = cleanAll(modelOf(await readRollout(cluster, target)), screen.hasUnicode);
  const history = status.history ?? [];
  if (history.length === 0) {
    io.err(`${targetName(target)} has no release behind it\n`);
    return EXIT.done;
  }
  const width = screen.isTerminal ? screen.columns : undefined;
  const table = layTable(
    COLUMNS,
    history.map((entry) => rowOf(entry, io.now())),
    { width, ellipsis: ellipsisOf(screen) },
  );
  const columns = width ?? Number.MAX_SAFE_INTEGER;
  for (const line of table) io.out(`${printLine(line, { ...screen, columns })}\n`);
  return EXIT.done;
}

const COLUMNS = [
  { title: 'FINISHED' },
  { title: 'VERSION', least: 7 },
  { title: 'REVISION' },
  { title: 'OUTCOME' },
  { title: 'TOOK' },
  { title: 'WHY', least: 8 },
];

const STYLES: Readonly<Partial<Record<HistoryEntry['outcome'], Style>>> = {
  Promoted: 'good',
  RolledBack: 'bad',
  Refused: 'bad',
};

function rowOf(
  { finishedAt, version, revision, outcome, duration, message }: HistoryEntry,
  nowMs: number,
): Line[] {
  return [
    lineOf(momentOf(finishedAt, nowMs) ?? '-'),
    lineOf(version ?? '-'),
    lineOf(revision),
    lineOf(outcome, STYLES[outcome]),
    lineOf(duration ?? '-'),
    lineOf(message),
  ];
}
