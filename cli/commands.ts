// SPDX-License-Identifier: Apache-2.0
import type { Command } from './command.ts';
import { completeCommand } from './completion/complete.ts';
import { completionCommand } from './completion/command.ts';
import { convertCommand } from './convert/command.ts';
import { explainCommand } from './explain/command.ts';
import { getCommand } from './get/command.ts';
import { historyCommand } from './history/command.ts';
import { lintCommand } from './lint/command.ts';
import { simulateCommand } from './simulate/command.ts';
import { statusCommand } from './status/command.ts';
import { verbCommands } from './verbs/command.ts';
import { versionCommand } from './version/command.ts';
import { watchCommand } from './watch/command.ts';
import type { World } from './world.ts';

/** Every command, in the order of the help; those that begin with `__` are for shells. */
export function commandsOf(world: World): Command[] {
  const commands: Command[] = [
    getCommand(world),
    watchCommand(world),
    statusCommand(world),
    explainCommand(world),
    historyCommand(world),
    ...verbCommands(world),
    lintCommand,
    simulateCommand,
    convertCommand,
    versionCommand,
    completionCommand,
  ];
  return [...commands, completeCommand(commands)];
}
