// SPDX-License-Identifier: Apache-2.0
import type { Clock } from '../operator/runtime/clock.ts';

/** What a command that lasts sees besides its Io: tests give it another one. */
export interface World {
  readonly clock: Clock;
  /** Aborts when somebody ends the command, by Ctrl-C for example. */
  readonly ended: AbortSignal;
  readonly terminal: Terminal;
}

export interface Terminal {
  /** Lines of the terminal: 24 where nobody says. */
  rows(): number;
  /** Calls `listener` when the terminal gets another size. Returns the way to stop that. */
  onResize(listener: () => void): () => void;
}
