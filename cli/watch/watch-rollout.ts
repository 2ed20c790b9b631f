// SPDX-License-Identifier: Apache-2.0
import { createBell } from '../bell.ts';
import { follow } from '../cluster/follow.ts';
import { readRollout } from '../cluster/read.ts';
import type { Stage } from '../cluster-command.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { type Target, targetName } from '../target.ts';
import { type Model, modelOf } from '../view/model.ts';
import { createViewer } from './viewers.ts';

export interface WatchOptions {
  /** The exit code once the object is as it was waited for; undefined: go on. */
  readonly until: (model: Model) => number | undefined;
  /** Ms after which it is given up; absent: never. */
  readonly timeoutMs?: number | undefined;
  /** The exit code then. */
  readonly late: (model: Model) => number;
}

/** Shows an object as it changes, until it is as wanted, time is over, or somebody ends it. Answers the exit code. */
export async function watchRollout(target: Target, stage: Stage, options: WatchOptions): Promise<number> {
  const { cluster, io, world } = stage;
  // said before the screen is taken: that it is not there, or that nobody may look
  let model = modelOf(await readRollout(cluster, target));
  const { clock, ended, terminal } = world;
  const endMs = clock.monotonicMs() + (options.timeoutMs ?? Infinity);
  const bell = createBell(clock, ended);
  const viewer = createViewer(io, terminal, bell.ring);
  const following = follow(cluster, target, {
    clock,
    onChange: bell.ring,
    withPods: io.screen.isTerminal,
  });
  try {
    for (;;) {
      viewer.show(model, following.trouble());
      const code = options.until(model);
      if (code !== undefined) return code;
      const leftMs = endMs - clock.monotonicMs();
      if (leftMs <= 0) return options.late(model);
      await bell.wait(Math.min(leftMs, viewer.tickMs ?? Infinity));
      if (ended.aborted) return EXIT.interrupted;
      const object = following.object();
      if (object) model = modelOf(object, following.pods());
      else if (following.hasSynced()) throw new CommandError(`${targetName(target)} was deleted`);
    }
  } finally {
    viewer.close();
    await following.stop();
  }
}
