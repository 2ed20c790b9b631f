// SPDX-License-Identifier: Apache-2.0
import type { Command, Flags, Io } from './command.ts';
import { type Cluster, connect } from './cluster/connect.ts';
import { describeTrouble } from './cluster/trouble.ts';
import { EXIT } from './exit-codes.ts';
import { CLUSTER_FLAGS, describeFlags, type Parsed, parseFlags } from './flags.ts';
import { clean } from './text/width.ts';
import type { World } from './world.ts';

type WithCluster<F extends Flags> = F & typeof CLUSTER_FLAGS;

/** What a command that asks a cluster says of itself. */
export interface ClusterCommand<F extends Flags, A> extends Pick<Command, 'name' | 'usage' | 'summary'> {
  /** Lines before the flags: what it does, and an example. */
  readonly about: readonly string[];
  readonly flags: F;
  /** Lines behind the flags: what each exit code means. */
  readonly exits: readonly string[];
  /** Understands what was typed before anything is asked. Throws a UsageError. */
  readonly read: (parsed: Parsed<WithCluster<F>>) => A;
  readonly act: (asked: A, on: Stage) => Promise<number>;
}

/** What a command works on. */
export interface Stage {
  readonly cluster: Cluster;
  readonly io: Io;
  readonly world: World;
}

/** A Command of it: connects, and tells what goes wrong in one line of standard error. */
export function clusterCommand<F extends Flags, A>(command: ClusterCommand<F, A>, world: World): Command {
  const flags: WithCluster<F> = { ...command.flags, ...CLUSTER_FLAGS };
  return {
    name: command.name,
    usage: command.usage,
    summary: command.summary,
    details: [...command.about, '', ...describeFlags(flags), '', ...command.exits],
    flags,
    async run(args, io) {
      const parsed = parseFlags(args, flags);
      const asked = command.read(parsed);
      return onCluster(parsed.flags, { io, world }, (stage) => command.act(asked, stage));
    },
  };
}

async function onCluster(
  { namespace, context, kubeconfig }: Parsed<typeof CLUSTER_FLAGS>['flags'],
  { io, world }: Pick<Stage, 'io' | 'world'>,
  act: (stage: Stage) => Promise<number>,
): Promise<number> {
  const cluster = tryConnect({ namespace, context, kubeconfig }, io);
  if (!cluster) return EXIT.failed;
  try {
    return await act({ cluster, io, world });
  } catch (error) {
    if (world.ended.aborted) return EXIT.interrupted;
    // a bug, which is told with its stack
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
    tellError(io, describeTrouble(error, cluster.context));
    return EXIT.failed;
  } finally {
    await cluster.client.close();
  }
}

function tryConnect(options: Parameters<typeof connect>[0], io: Io): Cluster | undefined {
  try {
    return connect(options);
  } catch (error) {
    tellError(io, error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** One line on standard error. */
export function tellError(io: Io, message: string): void {
  io.err(`error: ${clean(message, io.screen.hasUnicode)}\n`);
}
