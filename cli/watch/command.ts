// SPDX-License-Identifier: Apache-2.0
import { clusterCommand } from '../cluster-command.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { targetOf } from '../target.ts';
import type { World } from '../world.ts';
import { watchRollout } from './watch-rollout.ts';

export function watchCommand(world: World): Command {
  return clusterCommand(
    {
      name: 'watch',
      usage: 'KIND/NAME',
      summary: 'show what a release does, as it does it',
      about: [
        'Repaints a terminal until Ctrl-C; anywhere else it writes a line for each change. An API server that is away is waited for.',
      ],
      flags: {},
      exits: ['Exit codes: 130 ended by Ctrl-C, 5 deleted meanwhile or not to be had, 2 bad arguments.'],
      read: ({ words }) => targetOf(words),
      act: (target, stage) =>
        watchRollout(target, stage, { until: () => undefined, late: () => EXIT.failed }),
    },
    world,
  );
}
