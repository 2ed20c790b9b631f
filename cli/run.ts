// SPDX-License-Identifier: Apache-2.0
import { nearNames } from './cluster/near-names.ts';
import { tellError } from './cluster-command.ts';
import { type Command, type Io, UsageError } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { CLUSTER_FLAGS } from './flags.ts';
import { commandHelp, generalHelp } from './help.ts';

/** Does what a command line says, and answers the exit code. */
export async function run(argv: readonly string[], io: Io, commands: readonly Command[]): Promise<number> {
  const [name, ...args] = withCommandFirst(argv);
  if (name === undefined || name === '--help' || name === '-h') return tellHelp(io, commands);
  if (name === 'help') return help(args, io, commands);
  const command = commands.find((one) => one.name === (name === '--version' ? 'version' : name));
  if (!command) return unknown(name, io, commands);
  if (!name.startsWith('__') && asksForHelp(args)) return tellHelp(io, commands, command);
  try {
    return await command.run(args, io);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    for (const line of error.message.split('\n')) tellError(io, line);
    io.err(`kubectl headway ${command.name} --help says how it is used\n`);
    return EXIT.usage;
  }
}

/** `-n shop get` as `get -n shop`: kubectl takes these flags before a command too. */
function withCommandFirst(argv: readonly string[]): readonly string[] {
  const flags = Object.entries(CLUSTER_FLAGS).flatMap(([name, flag]) => [
    `--${name}`,
    ...('short' in flag ? [`-${flag.short}`] : []),
  ]);
  let at = 0;
  for (;;) {
    const word = argv[at] ?? '';
    if (flags.includes(word)) at += 2;
    else if (flags.some((flag) => word.startsWith(`${flag}=`))) at += 1;
    else break;
  }
  const command = argv[at];
  return command === undefined ? argv : [command, ...argv.slice(at + 1), ...argv.slice(0, at)];
}

function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end < 0 ? undefined : end).some((arg) => arg === '--help' || arg === '-h');
}

function help([name]: readonly string[], io: Io, commands: readonly Command[]): number {
  if (name === undefined) return tellHelp(io, commands);
  const command = commands.find((one) => one.name === name);
  return command ? tellHelp(io, commands, command) : unknown(name, io, commands);
}

function tellHelp(io: Io, commands: readonly Command[], command?: Command): number {
  const { columns } = io.screen;
  io.out(command ? commandHelp(command, columns) : generalHelp(commands, columns));
  return EXIT.done;
}

function unknown(name: string, io: Io, commands: readonly Command[]): number {
  const names = commands.map((one) => one.name).filter((one) => !one.startsWith('__'));
  const near = nearNames(name, names);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are ${names.join(', ')}`;
  tellError(io, `"${name}" is no command; ${hint}`);
  return EXIT.usage;
}
