// SPDX-License-Identifier: Apache-2.0
import { systemClock } from '../operator/runtime/clock.ts';
import { commandsOf } from './commands.ts';
import { EXIT } from './exit-codes.ts';
import { createIo, createTerminal } from './process-io.ts';
import { run } from './run.ts';
import { LEAVE_SCREEN } from './watch/repaint.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The first signal ends the command in good order, the second one at once, with the terminal as it was. */
function endOnSignals(ending: AbortController): void {
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (ending.signal.aborted) {
        if (process.stdout.isTTY) process.stdout.write(LEAVE_SCREEN);
        process.exit(EXIT.interrupted);
      }
      ending.abort(new Error(`ended by ${signal}`));
    });
  }
}

async function main(): Promise<void> {
  const ending = new AbortController();
  endOnSignals(ending);
  // whoever reads the output may leave, as head does
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.unread : EXIT.failed);
  });
  // waits do not keep a process up
  const alive = setInterval(() => undefined, 60_000);
  const io = createIo(process);
  const world = { clock: systemClock, ended: ending.signal, terminal: createTerminal(process.stdout) };
  try {
    process.exitCode = await run(process.argv.slice(2), io, commandsOf(world));
  } finally {
    clearInterval(alive);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = EXIT.failed;
});
