// SPDX-License-Identifier: Apache-2.0
import { readRollout } from '../cluster/read.ts';
import { clusterCommand } from '../cluster-command.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { targetOf } from '../target.ts';
import { modelOf } from '../view/model.ts';
import type { World } from '../world.ts';
import { explain } from './explanation.ts';

export function explainCommand(world: World): Command {
  return clusterCommand(
    {
      name: 'explain',
      usage: 'KIND/NAME',
      summary: 'show why: the verdict, and the measurements that it comes from',
      about: ['Up to twenty measurements of each check, as the status has them; times are UTC.'],
      flags: {},
      exits: ['Exit codes: 0 done, 2 bad arguments, 5 not there or not to be had.'],
      read: ({ words }) => targetOf(words),
      async act(target, { cluster, io }) {
        const model = modelOf(await readRollout(cluster, target));
        for (const line of explain(model, io.screen, io.now())) io.out(`${line}\n`);
        return EXIT.done;
      },
    },
    world,
  );
}
