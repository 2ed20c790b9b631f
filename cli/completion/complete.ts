// SPDX-License-Identifier: Apache-2.0
import { listAll } from '../../operator/kube/list-all.ts';
import { resources } from '../../operator/kube/resources.ts';
import { type Cluster, connect } from '../cluster/connect.ts';
import type { Command, Flag, Io } from '../command.ts';
import { KINDS } from '../kinds.ts';
import { SHELLS } from './scripts.ts';

/** What may stand at a place of a command line, and whether files may too. */
interface Candidates {
  readonly words: readonly string[];
  readonly hasFiles: boolean;
}

/** Cobra's directives, which kubectl reads from `kubectl_complete-headway`: 0 files too, 4 nothing else. */
const DIRECTIVES = { files: ':0', nothingElse: ':4' } as const;

/** Somebody waits with a finger on the key. */
const TIMEOUT_MS = 2000;

/**
 * Answers what may stand at the place of its last argument, one a line with what it is behind a tab, and last a directive,
 * as the completion of kubectl asks its plugins. What cannot be had is said on standard error, which shells drop.
 */
export function completeCommand(commands: readonly Command[]): Command {
  return {
    name: '__complete',
    usage: 'WORD...',
    summary: 'candidates for the completion of a shell',
    details: [],
    async run(args, io) {
      const { words, hasFiles } = await candidatesFor(args, io, commands);
      const typed = args.at(-1) ?? '';
      for (const word of words.filter((one) => one.startsWith(typed))) io.out(`${word}\n`);
      io.out(`${hasFiles ? DIRECTIVES.files : DIRECTIVES.nothingElse}\n`);
      return 0;
    },
  };
}

async function candidatesFor(
  args: readonly string[],
  io: Io,
  commands: readonly Command[],
): Promise<Candidates> {
  const [called, ...rest] = args;
  const only = (words: readonly string[]): Candidates => ({ words, hasFiles: false });
  if (rest.length === 0) return only(commands.map((one) => `${one.name}\t${one.summary}`));
  const command = commands.find((one) => one.name === called);
  if (!command) return only([]);
  const [last = '', before = ''] = rest.toReversed();
  const [name, flag] = flagNamed(before, command) ?? [];
  if (flag?.value !== undefined) {
    const words = name === 'namespace' ? await namespaces(rest, io) : (flag.oneOf ?? []);
    return { words, hasFiles: isPath(flag) };
  }
  return only(last.startsWith('-') ? flagsOf(command) : await wordsFor(command, rest, io));
}

async function wordsFor(command: Command, args: readonly string[], io: Io): Promise<readonly string[]> {
  if (command.name === 'completion') return SHELLS;
  return command.usage.includes('KIND') ? targets(args, io) : [];
}

/** The flag that a word is, if it is one. */
function flagNamed(word: string, { flags = {} }: Command): [string, Flag] | undefined {
  return Object.entries(flags).find(
    ([name, { short }]) => word === `--${name}` || (short !== undefined && word === `-${short}`),
  );
}

function isPath({ value }: Flag): boolean {
  return value === 'FILE';
}

function flagsOf({ flags = {} }: Command): string[] {
  return Object.entries(flags).map(([name, { help }]) => `--${name}\t${help}`);
}

async function targets(args: readonly string[], io: Io): Promise<string[]> {
  return ask(args, io, async ({ client, namespace }) => {
    const options = { namespace, metadataOnly: true, timeoutMs: TIMEOUT_MS };
    const lists = await Promise.all(
      KINDS.map(async ({ resource, word }) => {
        const objects = await listAll(client, resource, options);
        return objects.map(({ metadata }) => `${word}/${metadata.name}`);
      }),
    );
    return lists.flat();
  });
}

async function namespaces(args: readonly string[], io: Io): Promise<string[]> {
  return ask(args, io, async ({ client }) => {
    const found = await listAll(client, resources.namespaces, { metadataOnly: true, timeoutMs: TIMEOUT_MS });
    return found.map(({ metadata }) => metadata.name ?? '');
  });
}

async function ask(
  args: readonly string[],
  io: Io,
  question: (cluster: Cluster) => Promise<string[]>,
): Promise<string[]> {
  let cluster: Cluster | undefined;
  try {
    cluster = connect(connectOptionsIn(args));
    return await question(cluster);
  } catch (error) {
    io.err(`${error instanceof Error ? error.message : String(error)}\n`);
    return [];
  } finally {
    await cluster?.client.close();
  }
}

/** What stands on the line so far, which may be half a command and is not checked. */
function connectOptionsIn(args: readonly string[]): Parameters<typeof connect>[0] {
  const valueOf = (...names: readonly string[]) => {
    const at = args.findIndex((arg) => names.includes(arg));
    const joined = args.find((arg) => names.some((name) => arg.startsWith(`${name}=`)));
    return at >= 0 && at < args.length - 2 ? args[at + 1] : joined?.slice(joined.indexOf('=') + 1);
  };
  return {
    namespace: valueOf('-n', '--namespace'),
    context: valueOf('--context'),
    kubeconfig: valueOf('--kubeconfig'),
  };
}
