// SPDX-License-Identifier: Apache-2.0
import { parseArgs } from 'node:util';
import type { Profile } from './types.ts';

export const usage = `usage: node test/cluster/main.ts VERB [--name NAME] [--provider node|kind|existing] ...

  up [--profile api|node]            start it, or do nothing if it runs; ready when this returns
  down                               end it and leave nothing behind
  status                             one line for each part
  install-gateway-api                install the CRDs of the Gateway API; a node has them from the start
  remove-gateway-api                 remove them, and with them every object of their kinds
  exec -- COMMAND [ARGUMENT...]      run a command inside the cluster's network
  load-image TAR                     make the images of a docker-archive known to the node
  kubeconfig [USER]                  print the path of a user's kubeconfig: admin (default), alice or bob
  kubeconfig --service-account NAMESPACE/NAME
                                     the same for a ServiceAccount, with a token for a day
  start-part PART, stop-part PART [--signal SIGKILL], restart-part PART [--signal SIGKILL]
  signal-part PART --signal SIGSTOP  send a signal to a part's process
  logs PART                          print the end of a part's log

The name is "dev" and the profile "node" unless said otherwise.`;

/** Verbs without anything behind them. */
const bareVerbs = ['down', 'status', 'install-gateway-api', 'remove-gateway-api'] as const;

/** What the command line asks for. */
export type Command =
  | { verb: 'up'; profile: Profile }
  | { verb: (typeof bareVerbs)[number] }
  | { verb: 'help' }
  | { verb: 'exec'; command: string[] }
  | { verb: 'load-image'; tarPath: string }
  | { verb: 'kubeconfig'; user: string }
  | { verb: 'service-account-kubeconfig'; namespace: string; account: string }
  | { verb: 'start-part' | 'logs'; part: string }
  | { verb: 'stop-part' | 'restart-part' | 'signal-part'; part: string; signal: NodeJS.Signals };

export interface Arguments {
  name: string;
  provider: string | undefined;
  command: Command;
}

/** Reads the command line; throws with one sentence when it makes no sense. */
export function parseArguments(argv: readonly string[]): Arguments {
  const end = argv.indexOf('--');
  const { values, positionals } = parseArgs({
    args: argv.slice(0, end === -1 ? undefined : end),
    allowPositionals: true,
    options: {
      name: { type: 'string', default: 'dev' },
      profile: { type: 'string', default: 'node' },
      provider: { type: 'string' },
      signal: { type: 'string' },
      'service-account': { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [verb = 'help', ...operands] = positionals;
  const given: Given = {
    verb: values.help ? 'help' : verb,
    operands,
    rest: end === -1 ? [] : argv.slice(end + 1),
    profile: values.profile,
    signal: values.signal,
    serviceAccount: values['service-account'],
  };
  return { name: values.name, provider: values.provider, command: commandOf(given) };
}

interface Given {
  verb: string;
  operands: string[];
  rest: string[];
  profile: string;
  signal: string | undefined;
  serviceAccount: string | undefined;
}

function commandOf(given: Given): Command {
  const { verb, operands } = given;
  const takesOperand =
    !['up', 'exec', 'help', ...bareVerbs].includes(verb) && given.serviceAccount === undefined;
  if (operands.length > (takesOperand ? 1 : 0)) {
    throw new Error(`${verb}: what is "${operands.at(-1)}"?`);
  }
  const bareVerb = bareVerbs.find((known) => known === verb);
  if (bareVerb !== undefined) {
    return { verb: bareVerb };
  }
  switch (verb) {
    case 'help':
      return { verb };
    case 'up':
      return { verb, profile: profileOf(given.profile) };
    case 'exec':
      return { verb, command: commandLine(given.rest) };
    case 'load-image':
      return { verb, tarPath: operand(given, 'the path of a docker-archive') };
    case 'kubeconfig':
      return kubeconfigOf(given);
    default:
      return partCommandOf(given);
  }
}

function partCommandOf(given: Given): Command {
  const { verb } = given;
  switch (verb) {
    case 'start-part':
    case 'logs':
      return { verb, part: operand(given, 'the name of a part') };
    case 'stop-part':
    case 'restart-part':
      return {
        verb,
        part: operand(given, 'the name of a part'),
        signal: signalOf(given.signal ?? 'SIGTERM'),
      };
    case 'signal-part':
      return { verb, part: operand(given, 'the name of a part'), signal: signalOf(given.signal) };
    default:
      throw new Error(`no verb "${verb}"\n${usage}`);
  }
}

function operand(given: Given, what: string): string {
  const [first] = given.operands;
  if (first === undefined) {
    throw new Error(`${given.verb} needs ${what}`);
  }
  return first;
}

function commandLine(rest: string[]): string[] {
  if (rest.length === 0) {
    throw new Error('exec needs a command after --');
  }
  return rest;
}

function profileOf(text: string): Profile {
  if (text !== 'api' && text !== 'node') {
    throw new Error(`no profile "${text}"; there are api, node`);
  }
  return text;
}

function kubeconfigOf(given: Given): Command {
  if (given.serviceAccount === undefined) {
    return { verb: 'kubeconfig', user: given.operands[0] ?? 'admin' };
  }
  const [namespace = '', account = '', ...more] = given.serviceAccount.split('/');
  if (namespace === '' || account === '' || more.length > 0) {
    throw new Error(`--service-account is NAMESPACE/NAME, not "${given.serviceAccount}"`);
  }
  return { verb: 'service-account-kubeconfig', namespace, account };
}

const signals = [
  'SIGTERM',
  'SIGKILL',
  'SIGINT',
  'SIGHUP',
  'SIGSTOP',
  'SIGCONT',
  'SIGUSR1',
  'SIGUSR2',
] as const;

function signalOf(text: string | undefined): NodeJS.Signals {
  const found = signals.find((name) => name === text || name === `SIG${text}`);
  if (found === undefined) {
    throw new Error(`--signal is one of ${signals.join(', ')}, not "${text ?? ''}"`);
  }
  return found;
}
