// SPDX-License-Identifier: Apache-2.0
import { flagOf, OPTION_NAMES, OPTIONS, type OptionName, variableOf } from './config-options.ts';
import { type Given, readConfigFile, readFlags, readVariables, type Source } from './config-sources.ts';
import type { RouterName } from './api/traffic.ts';
import type { BindAddress } from './telemetry/http-server.ts';
import type { LogFormat, LogLevel } from './telemetry/logger.ts';

/** How this process runs; deeply frozen. */
export interface Config {
  /** Namespaces to serve; empty: all. */
  readonly namespaces: readonly string[];
  /** Ways to split traffic that are served, by their fields of spec.traffic; splits by the ratio of pods always are. */
  readonly routers: readonly RouterName[];
  /** Undefined: as kubectl does, and inside a pod its ServiceAccount. */
  readonly kubeconfig: string | undefined;
  readonly workers: number;
  readonly leaderElection: { readonly enabled: boolean; readonly namespace: string; readonly name: string };
  /** Undefined: not served. */
  readonly healthAddress: BindAddress | undefined;
  readonly metricsAddress: BindAddress | undefined;
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
  readonly shutdownGraceMs: number;
}

/** What the command line asks for. Each of `errors` is one sentence that names flag, value and limit. */
export type LoadedConfig =
  | { readonly kind: 'run'; readonly config: Config }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'version' }
  | { readonly kind: 'invalid'; readonly errors: readonly string[] };

export interface ConfigInput {
  /** Without node and script. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a UTF-8 file; throws when it cannot. */
  readonly readFile: (path: string) => string;
}

/** Where a pod finds the name of its namespace. */
const POD_NAMESPACE_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/**
 * Reads flags, then variables HEADWAY_*, then the file of --config (or HEADWAY_CONFIG), then the defaults; the first
 * that gives an option wins. Everything that is wrong is told at once, also in values that another source overrides.
 */
export function loadConfig(input: ConfigInput): LoadedConfig {
  const flags = readFlags(input.argv);
  if (flags.help) return { kind: 'help', text: helpText() };
  if (flags.version) return { kind: 'version' };
  const path = flags.config ?? (input.env['HEADWAY_CONFIG'] || undefined);
  const sources = [flags, readVariables(input.env), readFileOf(path, input.readFile)];
  const errors = sources.flatMap((source) => source.errors);
  const values = settle(sources, errors);
  const election = leaderElection(values, input.readFile, errors);
  return errors.length > 0
    ? { kind: 'invalid', errors }
    : { kind: 'run', config: assemble(values, election) };
}

function readFileOf(path: string | undefined, readFile: ConfigInput['readFile']): Source {
  if (path === undefined) return { given: new Map(), errors: [] };
  try {
    return readConfigFile(path, readFile(path));
  } catch (error) {
    return {
      given: new Map(),
      errors: [`--config ${path}: ${error instanceof Error ? error.message : String(error)}`],
    };
  }
}

type Values = { readonly [Name in OptionName]: ReturnType<(typeof OPTIONS)[Name]['schema']['parse']> };

/** The value of every option; one that was refused is undefined, and `errors` has the reason. */
function settle(sources: readonly Source[], errors: string[]): Values {
  const values = new Map<OptionName, unknown>();
  for (const name of OPTION_NAMES) {
    const candidates = sources.flatMap((source) => source.given.get(name) ?? []);
    const parsed = candidates.map((given) => parse(name, given, errors));
    const byDefault = () => OPTIONS[name].schema.parse(OPTIONS[name].default);
    values.set(name, candidates.length > 0 ? parsed[0] : byDefault());
  }
  return Object.fromEntries(values) as Values;
}

function parse(name: OptionName, { value, where }: Given, errors: string[]): unknown {
  const result = OPTIONS[name].schema.safeParse(value);
  if (result.success) return result.data;
  const reasons = new Set(result.error.issues.map((issue) => issue.message));
  errors.push(`${where}: ${JSON.stringify(value) ?? String(value)} ${[...reasons].join(' and ')}`);
  return undefined;
}

function leaderElection(
  values: Values,
  readFile: ConfigInput['readFile'],
  errors: string[],
): Config['leaderElection'] {
  const { leaderElection: enabled, leaderElectionNamespace: given, leaderElectionName: name } = values;
  const namespace = given === '' && enabled ? podNamespace(readFile) : given;
  if (enabled && namespace === '') {
    errors.push(
      '--leader-election-namespace: is needed outside of a pod; or switch the election off with --no-leader-election',
    );
  }
  return { enabled, namespace, name };
}

function podNamespace(readFile: ConfigInput['readFile']): string {
  try {
    return readFile(POD_NAMESPACE_FILE).trim();
  } catch {
    return ''; // not in a pod
  }
}

function assemble(values: Values, election: Config['leaderElection']): Config {
  const { healthAddress, metricsAddress } = values;
  return Object.freeze({
    namespaces: Object.freeze(values.namespaces),
    routers: Object.freeze(values.routers),
    kubeconfig: values.kubeconfig || undefined,
    workers: values.workers,
    leaderElection: Object.freeze(election),
    healthAddress: healthAddress && Object.freeze(healthAddress),
    metricsAddress: metricsAddress && Object.freeze(metricsAddress),
    log: Object.freeze({ level: values.logLevel, format: values.logFormat }),
    shutdownGraceMs: values.shutdownGrace,
  });
}

const OWN_FLAGS = [
  ['--config PATH', 'YAML file with options by the names in brackets. Also HEADWAY_CONFIG.'],
  ['--version', 'Print the version and exit.'],
  ['--help', 'Print this and exit.'],
] as const;

/** The text of --help, made of the options. */
export function helpText(): string {
  const rows = OPTION_NAMES.flatMap((name) => {
    const option = OPTIONS[name];
    const byDefault = option.default === '' ? '' : ` Default: ${option.default}.`;
    return [
      `  --${flagOf(name)} ${option.value}  [${name}, ${variableOf(name)}]`,
      `        ${option.describe}${byDefault}`,
    ];
  });
  const own = OWN_FLAGS.flatMap(([flag, text]) => [`  ${flag}`, `        ${text}`]);
  return [
    'headway: an operator for progressive delivery.',
    '',
    'A flag wins over its variable, a variable over the file, the file over the default.',
    '',
    ...rows,
    ...own,
    '',
  ].join('\n');
}
