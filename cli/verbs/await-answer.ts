// SPDX-License-Identifier: Apache-2.0
import { createBell } from '../bell.ts';
import { follow } from '../cluster/follow.ts';
import { type Stage, tellError } from '../cluster-command.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type Target, targetName } from '../target.ts';
import { clean } from '../text/width.ts';
import { typed } from '../view/deeds.ts';
import { type Model, modelOf } from '../view/model.ts';
import { isAnswerTo, type Request } from './request.ts';

interface Waiting extends Stage {
  readonly timeoutMs: number;
}

/** Waits until `status.lastAction` answers a request, tells the answer in one sentence, and answers the exit code. */
export async function awaitAnswer(target: Target, request: Request, waiting: Waiting): Promise<number> {
  const { cluster, world, timeoutMs } = waiting;
  const { clock, ended } = world;
  const endMs = clock.monotonicMs() + timeoutMs;
  const bell = createBell(clock, ended);
  const following = follow(cluster, target, { clock, onChange: bell.ring, withPods: false });
  try {
    for (;;) {
      const object = following.object();
      const model = object && modelOf(object);
      if (model && isAnswerTo(model.status.lastAction, request)) return tell(target, model, waiting);
      if (!object && following.hasSynced()) throw new CommandError(`${targetName(target)} was deleted`);
      const leftMs = endMs - clock.monotonicMs();
      if (leftMs <= 0) throw new CommandError(lateSentence(target, request, following.trouble()));
      await bell.wait(leftMs);
      if (ended.aborted) return EXIT.interrupted;
    }
  } finally {
    await following.stop();
  }
}

function tell(target: Target, { status }: Model, { io }: Waiting): number {
  const { lastAction, message = '' } = status;
  const verb = `${typed(lastAction?.verb ?? '')} of ${targetName(target)}`;
  if (lastAction?.result !== 'Accepted') {
    tellError(io, `${verb} was refused: ${lastAction?.message ?? 'no reason was given'}`);
    return EXIT.refused;
  }
  io.out(clean(`${verb} is accepted; ${message}`, io.screen.hasUnicode) + '\n');
  return EXIT.done;
}

function lateSentence(
  target: Target,
  { verb, revision, nonce }: Request,
  trouble: string | undefined,
): string {
  const why = trouble ?? 'no operator has answered: is one running, and does it serve this namespace?';
  return `${typed(verb)} of ${targetName(target)} is asked for and not answered yet (${why}); the request ${verb}/${revision}/${nonce} stays in its annotation until an operator sees it`;
}
