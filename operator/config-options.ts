// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { durationMs } from './api/duration.ts';
import { ROUTER_NAMES } from './api/traffic.ts';
import { LOG_FORMATS, LOG_LEVELS } from './telemetry/logger.ts';

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const LEASE_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** What every option accepts as text, from a flag or a variable; a file may say the same with its own types. */
function whole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  const read = (value: unknown) =>
    typeof value === 'string' && /^[0-9]{1,9}$/.test(value) ? Number(value) : value;
  return z.preprocess(read, z.int({ error }).min(min, { error }).max(max, { error }));
}

function yesOrNo() {
  const read = (value: unknown) => (value === 'true' ? true : value === 'false' ? false : value);
  return z.preprocess(read, z.boolean({ error: 'must be true or false' }));
}

function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}

function text(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error });
}

function commaSeparated(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const names = value.split(',').map((name) => name.trim());
  return names.filter((name) => name !== '');
}

function namespaces() {
  const error =
    'must be names of namespaces (lower-case letters, digits and "-", at most 63), separated by commas';
  return z
    .preprocess(
      commaSeparated,
      z
        .array(z.string({ error }).regex(NAMESPACE, { error }), { error })
        .max(100, { error: 'must be at most 100 names' }),
    )
    .transform((names) => [...new Set(names)]);
}

/**
 * Those that are named, in the order of ROUTER_NAMES; `none` stands for none of them. An empty list is refused: it is
 * a slip, such as a variable that is not set, and would leave every release with a route alone.
 */
function routers() {
  const error = `must be names out of ${ROUTER_NAMES.join(', ')}, separated by commas, or "none"`;
  function read(value: unknown): unknown {
    if (value === 'none') return [];
    const names = commaSeparated(value);
    return Array.isArray(names) && names.length === 0 ? undefined : names;
  }
  return z
    .preprocess(read, z.array(z.enum(ROUTER_NAMES, { error }), { error }))
    .transform((names) => ROUTER_NAMES.filter((name) => names.includes(name)));
}

const ADDRESS = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]*)):([0-9]{1,5})$/;

function address() {
  const error = 'must be host:port, :port or [IPv6]:port with a port from 0 to 65535, or "off"';
  return z.string({ error }).transform((value, context) => {
    if (value === 'off') return undefined;
    const [, v6, host, port] = ADDRESS.exec(value) ?? [];
    if (port !== undefined && Number(port) <= 65_535) return { host: v6 ?? host ?? '', port: Number(port) };
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}

function duration(min: string, max: string) {
  const error = `must be a duration from ${min} to ${max}, such as 5s or 1m30s`;
  return z.string({ error }).transform((value, context) => {
    try {
      const ms = durationMs(value);
      if (ms >= durationMs(min) && ms <= durationMs(max)) return ms;
    } catch (thrown) {
      if (!(thrown instanceof RangeError)) throw thrown;
    }
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}

/**
 * Every option, by the name it has in a file; the flag is the same in kebab case, the variable in upper case behind
 * HEADWAY_. The description is what --help prints; `default` is text as one would type it.
 */
export const OPTIONS = {
  namespaces: {
    schema: namespaces(),
    default: '',
    value: 'NAME,...',
    describe: 'Namespaces whose Canaries are served, separated by commas. Empty: all.',
  },
  routers: {
    schema: routers(),
    default: ROUTER_NAMES.join(','),
    value: 'NAME,...',
    describe: 'Fields of spec.traffic that are served, or none; others need no rights.',
  },
  kubeconfig: {
    schema: z
      .string({ error: 'must be a path' })
      .max(4096, { error: 'must be a path of at most 4096 characters' }),
    default: '',
    value: 'PATH',
    describe:
      'Kubeconfig to reach the cluster with. Empty: as kubectl does, and inside a pod its ServiceAccount.',
  },
  workers: {
    schema: whole(1, 64),
    default: '16',
    value: 'COUNT',
    describe: 'Canaries that are worked on at the same time, 1 to 64.',
  },
  leaderElection: {
    schema: yesOrNo(),
    default: 'true',
    value: 'BOOLEAN',
    describe: 'Write only while holding a Lease. Needed as soon as there are two replicas.',
  },
  leaderElectionNamespace: {
    schema: text(new RegExp(`^$|${NAMESPACE.source}`), 'must be the name of a namespace'),
    default: '',
    value: 'NAME',
    describe: 'Namespace of the Lease. Empty: the namespace of the pod.',
  },
  leaderElectionName: {
    schema: text(LEASE_NAME, 'must be a name of lower-case letters, digits, "-" and ".", at most 253'),
    default: 'headway',
    value: 'NAME',
    describe: 'Name of the Lease.',
  },
  healthAddress: {
    schema: address(),
    default: ':8081',
    value: 'ADDRESS',
    describe: 'Where /healthz and /readyz are served: host:port, :port or off.',
  },
  metricsAddress: {
    schema: address(),
    default: ':8080',
    value: 'ADDRESS',
    describe: 'Where /metrics is served: host:port, :port or off. The same address as for health is allowed.',
  },
  logLevel: {
    schema: oneOf(LOG_LEVELS),
    default: 'info',
    value: 'LEVEL',
    describe: 'Least level that is logged: debug, info, warn or error.',
  },
  logFormat: {
    schema: oneOf(LOG_FORMATS),
    default: 'json',
    value: 'FORMAT',
    describe: 'json: one object a line, for machines. text: for people.',
  },
  shutdownGrace: {
    schema: duration('0s', '10m'),
    default: '4s',
    value: 'DURATION',
    describe: 'How long a shutdown waits for what is being worked on, 0s to 10m.',
  },
} as const;

export type OptionName = keyof typeof OPTIONS;

export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[];

/** `leader-election-name` of `leaderElectionName`. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `HEADWAY_LEADER_ELECTION_NAME` of `leaderElectionName`. */
export function variableOf(name: string): string {
  return `HEADWAY_${flagOf(name).replaceAll('-', '_').toUpperCase()}`;
}
