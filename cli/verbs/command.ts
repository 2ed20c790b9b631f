// SPDX-License-Identifier: Apache-2.0
import type { RolloutVerb } from '../../operator/api/rollout-status.ts';
import { clusterCommand, type Stage, tellError } from '../cluster-command.ts';
import { type Command, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type Target, targetOf } from '../target.ts';
import { timeFlag } from '../time-flag.ts';
import type { World } from '../world.ts';
import { awaitAnswer } from './await-answer.ts';
import { RefusedError, type Wish, writeRequest } from './request.ts';

interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly verb: RolloutVerb;
}

const VERBS: readonly Verb[] = [
  {
    name: 'promote',
    verb: 'promote',
    summary: 'end a pause, or a bake; --full skips the steps and checks left',
  },
  { name: 'skip', verb: 'skip-step', summary: 'go to the next step' },
  { name: 'pause', verb: 'pause', summary: 'hold at the current step' },
  { name: 'resume', verb: 'resume', summary: 'end such a pause' },
  { name: 'abort', verb: 'abort', summary: 'roll back' },
  { name: 'retry', verb: 'retry', summary: 'release what was rolled back once more, or judge anew' },
  { name: 'rollback', verb: 'rollback', summary: 'all traffic back to an earlier version at once' },
  { name: 'admit', verb: 'admit', summary: 'let a new version begin, with releasePolicy: Managed' },
];

const TIMEOUT_MS = 30_000;

const TIMEOUT = {
  value: 'DURATION',
  help: 'how long to wait for the answer of the operator; default 30s',
} as const;
const FULL = { help: 'skip the steps and checks that are left' } as const;
const TO = {
  value: 'VERSION',
  help: 'version or revision to go to, of status.previous; default: the newest before this one',
} as const;

/** A command for each verb that a person can ask the operator for. */
export function verbCommands(world: World): Command[] {
  return VERBS.map((verb) => verbCommand(verb, world));
}

function verbCommand({ name, verb, summary }: Verb, world: World): Command {
  const flags = {
    ...(verb === 'promote' ? { full: FULL } : {}),
    ...(verb === 'rollback' ? { to: TO } : {}),
    timeout: TIMEOUT,
  };
  return clusterCommand<typeof flags, Asked>(
    {
      name,
      usage: `KIND/NAME${verb === 'promote' ? ' [--full]' : ''}${verb === 'rollback' ? ' [--to VERSION]' : ''}`,
      summary,
      about: [`kubectl headway ${name} canary/checkout -n shop`],
      flags,
      exits: [
        'Exit codes: 0 accepted, 1 refused, by the status or by the operator, 2 bad arguments, 5 it could not be asked, or nobody has answered in time, 130 ended by Ctrl-C.',
      ],
      read: ({ words, flags: set }) => ({
        target: targetOf(words),
        wish: { verb: set.full === undefined ? verb : 'promote-full', to: set.to },
        timeoutMs: timeoutOf(set.timeout),
      }),
      act: ask,
    },
    world,
  );
}

function timeoutOf(text: string | undefined): number {
  const ms = timeFlag('timeout', text) ?? TIMEOUT_MS;
  if (ms === 0) throw new UsageError('--timeout: must be longer than 0s');
  return ms;
}

interface Asked {
  readonly target: Target;
  readonly wish: Wish;
  readonly timeoutMs: number;
}

async function ask({ target, wish, timeoutMs }: Asked, stage: Stage): Promise<number> {
  const { cluster, io } = stage;
  try {
    const { request, replaced } = await writeRequest(cluster, target, wish);
    if (replaced !== undefined) io.err(`this replaces ${replaced}, which nobody has answered\n`);
    return await awaitAnswer(target, request, { ...stage, timeoutMs });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    tellError(io, error.message);
    return EXIT.refused;
  }
}
