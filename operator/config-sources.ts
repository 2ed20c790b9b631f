// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util';
import { parseDocument } from 'yaml';
import { flagOf, OPTION_NAMES, OPTIONS, type OptionName, variableOf } from './config-options.ts';

/** A value as it was given, and where, for the sentence that refuses it. */
export interface Given {
  readonly value: unknown;
  readonly where: string;
}

/** What one source says: values by option, and what it says that cannot be understood. */
export interface Source {
  readonly given: ReadonlyMap<OptionName, Given>;
  readonly errors: readonly string[];
}

export interface Flags extends Source {
  readonly help: boolean;
  readonly version: boolean;
  readonly config: string | undefined;
}

const BY_FLAG: ReadonlyMap<string, OptionName> = new Map(OPTION_NAMES.map((name) => [flagOf(name), name]));
const SWITCHES = OPTION_NAMES.filter((name) => OPTIONS[name].value === 'BOOLEAN').map(flagOf);

interface Token {
  readonly name: string;
  readonly value: string | undefined;
}

/** Flags: `--name value`, `--name=value`; a boolean also `--name` and `--no-name`. The last of several wins. */
export function readFlags(argv: readonly string[]): Flags {
  const { options, errors } = tokensOf(argv);
  const given = new Map<OptionName, Given>();
  const own = { help: false, version: false, config: undefined as string | undefined };
  for (const token of options) {
    if (token.name === 'help' || token.name === 'h') own.help = true;
    else if (token.name === 'version') own.version = true;
    else if (token.name === 'config') own.config = token.value;
    else takeOption(token, given, errors);
  }
  return { given, errors, ...own };
}

const WITH_VALUE = [...BY_FLAG.keys(), 'config'].filter((name) => !SWITCHES.includes(name));

function tokensOf(argv: readonly string[]): { options: Token[]; errors: string[] } {
  const options: Token[] = [];
  const { args, errors } = withoutHollowFlags(argv);
  const { tokens } = parseArgs({
    args,
    options: Object.fromEntries(WITH_VALUE.map((name) => [name, { type: 'string' as const }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional') errors.push(`"${token.value}": unexpected argument; see --help`);
    if (token.kind !== 'option') continue;
    options.push({ name: token.name, value: token.value });
  }
  return { options, errors };
}

/** parseArgs would take the next flag for the value of a flag that has none, and say nothing of either. */
function withoutHollowFlags(argv: readonly string[]): { args: string[]; errors: string[] } {
  const errors: string[] = [];
  const args = argv.filter((arg, index) => {
    const next = argv[index + 1];
    const isHollow =
      arg.startsWith('--') &&
      WITH_VALUE.includes(arg.slice(2)) &&
      (next === undefined || next.startsWith('--'));
    if (isHollow) errors.push(`${arg}: needs a value`);
    return !isHollow;
  });
  return { args, errors };
}

function takeOption(token: Token, given: Map<OptionName, Given>, errors: string[]): void {
  const where = `--${token.name}`;
  const negated = token.name.startsWith('no-') ? token.name.slice(3) : undefined;
  const name = BY_FLAG.get(token.name);
  if (negated !== undefined && SWITCHES.includes(negated) && token.value === undefined) {
    given.set(BY_FLAG.get(negated) as OptionName, { value: false, where });
  } else if (name === undefined) {
    errors.push(`${token.name.length === 1 ? '-' : '--'}${token.name}: unknown flag; see --help`);
  } else if (SWITCHES.includes(token.name)) {
    given.set(name, { value: token.value ?? true, where });
  } else {
    given.set(name, { value: token.value, where });
  }
}

/**
 * Variables HEADWAY_*; an empty one counts as absent. Others with that prefix are left alone: Kubernetes sets some for a
 * Service named headway.
 */
export function readVariables(env: Readonly<Record<string, string | undefined>>): Source {
  const given = new Map<OptionName, Given>();
  for (const name of OPTION_NAMES) {
    const where = variableOf(name);
    const value = env[where];
    if (value) given.set(name, { value, where });
  }
  return { given, errors: [] };
}

/** A YAML file: one map, keys as in OPTIONS. Absent and null keys are not given. */
export function readConfigFile(path: string, text: string): Source {
  const given = new Map<OptionName, Given>();
  const document = parseDocument(text, { prettyErrors: true });
  const flaws = document.errors.map((error) => `${path}: ${error.message.split('\n', 1)[0]}`);
  if (flaws.length > 0) return { given, errors: flaws };
  const content: unknown = document.toJS({ maxAliasCount: 0 });
  if (content === null || content === undefined) return { given, errors: [] };
  if (typeof content !== 'object' || Array.isArray(content)) {
    return { given, errors: [`${path}: must be a map of options`] };
  }
  const errors: string[] = [];
  for (const [key, value] of Object.entries(content)) {
    const name = OPTION_NAMES.find((candidate) => candidate === key);
    if (name === undefined) errors.push(`${path}: ${key}: unknown option; see --help`);
    else if (value !== null) given.set(name, { value, where: `${path}: ${key}` });
  }
  return { given, errors };
}
