// SPDX-License-Identifier: Apache-2.0
import { readPods, readRollout } from '../cluster/read.ts';
import { clusterCommand, type Stage, tellError } from '../cluster-command.ts';
import { type Command, UsageError } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { type Target, targetOf } from '../target.ts';
import { timeFlag } from '../time-flag.ts';
import { modelOf } from '../view/model.ts';
import { view } from '../view/view.ts';
import { watchRollout } from '../watch/watch-rollout.ts';
import type { World } from '../world.ts';
import { isOver, OUTCOME_EXITS, outcomeOf } from './outcome.ts';

interface Asked {
  readonly target: Target;
  readonly isWaiting: boolean;
  readonly timeoutMs: number | undefined;
  readonly version: string | undefined;
}

const FLAGS = {
  wait: { help: 'follow it until it is over, or needs a person; missing metrics are waited for' },
  timeout: { value: 'DURATION', help: 'with --wait: for so long at most, such as 30m; default: for ever' },
  'for-version': {
    value: 'VERSION',
    help: 'only a release of this version counts; right after a deployment',
  },
} as const;

/** Its exit codes are the answer, so that what goes wrong with the command itself has one of its own, bad arguments too. */
export function statusCommand(world: World): Command {
  const command = clusterCommand<typeof FLAGS, Asked>(
    {
      name: 'status',
      usage: 'KIND/NAME [--wait] [--for-version VERSION] [--timeout DURATION]',
      summary: 'show how a release stands, and answer it as the exit code',
      about: [
        'In a pipeline, right after the deployment of 1.5.0:',
        '  kubectl headway status canary/checkout --wait --for-version 1.5.0 --timeout 30m',
      ],
      flags: FLAGS,
      exits: [
        'Exit codes: 0 promoted, 1 rolled back or refused, 2 the spec is invalid, 3 waits for a person, 4 metrics are missing, 5 the command itself failed (also bad arguments), 6 still on its way (without --wait, or --timeout is over), 130 ended by Ctrl-C.',
      ],
      read: ({ words, flags }) => ({
        target: targetOf(words),
        isWaiting: flags.wait !== undefined,
        timeoutMs: timeoutOf(flags),
        version: flags['for-version'],
      }),
      act: (asked, stage) => (asked.isWaiting ? waitFor(asked, stage) : show(asked, stage)),
    },
    world,
  );
  return {
    ...command,
    async run(args, io) {
      try {
        return await command.run(args, io);
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        for (const line of error.message.split('\n')) tellError(io, line);
        return EXIT.failed;
      }
    },
  };
}

function timeoutOf({
  wait,
  timeout,
}: {
  readonly wait?: string | undefined;
  readonly timeout?: string | undefined;
}) {
  if (timeout !== undefined && wait === undefined) throw new UsageError('--timeout belongs to --wait');
  return timeFlag('timeout', timeout);
}

async function show({ target, version }: Asked, { cluster, io }: Stage): Promise<number> {
  const object = await readRollout(cluster, target);
  const model = modelOf(object, await readPods(cluster, target.name));
  for (const line of view(model, io.screen, io.now())) io.out(`${line}\n`);
  return OUTCOME_EXITS[outcomeOf(model, version)];
}

async function waitFor({ target, timeoutMs, version }: Asked, stage: Stage): Promise<number> {
  let isLate = false;
  const code = await watchRollout(target, stage, {
    timeoutMs,
    late(model) {
      isLate = true;
      return OUTCOME_EXITS[outcomeOf(model, version)];
    },
    until(model) {
      const outcome = outcomeOf(model, version);
      return isOver(outcome, model) ? OUTCOME_EXITS[outcome] : undefined;
    },
  });
  if (isLate) tellError(stage.io, 'time is over, and it is not');
  return code;
}
