// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util';
import { type Flags, UsageError } from './command.ts';

/** Flags and words of a command line. */
export interface Parsed<F extends Flags> {
  readonly words: readonly string[];
  /** Of a flag that was given again the last value. */
  readonly flags: { readonly [name in keyof F]?: string | undefined };
  /** Every value of each flag, in order. */
  readonly all: ReadonlyMap<string, readonly string[]>;
}

/** Of every command that asks a cluster, as kubectl has them. */
export const CLUSTER_FLAGS = {
  namespace: { short: 'n', value: 'NAME', help: 'namespace of the object; default: that of the context' },
  context: { value: 'NAME', help: 'context of the kubeconfig' },
  kubeconfig: { value: 'FILE', help: 'kubeconfig; default: as kubectl, by KUBECONFIG or ~/.kube/config' },
} as const satisfies Flags;

/** Reads arguments. A switch that is set has the value `true`. Throws a UsageError that tells all that is wrong at once. */
export function parseFlags<F extends Flags>(args: readonly string[], known: F): Parsed<F> {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { short, value }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const all = new Map<string, string[]>();
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const problem = problemOf(known, token);
    if (problem === undefined) all.set(token.name, [...(all.get(token.name) ?? []), valueOf(token.value)]);
    else problems.push(problem);
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  const last = [...all].map(([name, values]) => [name, values.at(-1)]);
  return { words: positionals, flags: Object.fromEntries(last) as Parsed<F>['flags'], all };
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

/** `-o=wide`, which kubectl understands too, comes as `=wide`. */
function valueOf(value: string | undefined): string {
  return value?.replace(/^=/, '') ?? 'true';
}

function problemOf(known: Flags, { name, rawName, value }: OptionToken): string | undefined {
  const flag = Object.hasOwn(known, name) ? known[name] : undefined;
  if (!flag) return `unknown flag ${rawName}; there are ${Object.keys(known).map(withDashes).join(', ')}`;
  if (flag.value === undefined) {
    return value === undefined ? undefined : `${rawName} takes no value, not "${value}"`;
  }
  // A single dash is standard input.
  if (value === undefined || value === '' || /^-./.test(value))
    return `${rawName} needs a value: ${rawName} ${flag.value}`;
  const isAllowed = flag.oneOf?.includes(valueOf(value)) ?? true;
  return isAllowed ? undefined : `${rawName} ${valueOf(value)}: must be ${flag.oneOf?.join(', ')}`;
}

function withDashes(name: string): string {
  return `--${name}`;
}

/** A line of the help for each flag. */
export function describeFlags(flags: Flags): string[] {
  const rows = Object.entries(flags).map(([name, { short, value, help }]) => ({
    left: `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  }));
  const width = Math.max(...rows.map(({ left }) => left.length));
  return rows.map(({ left, help }) => `${left.padEnd(width)}  ${help}`);
}
