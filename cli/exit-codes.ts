// SPDX-License-Identifier: Apache-2.0

/** Exit codes of the commands that ask a cluster; 2, for what cannot be understood, is that of a UsageError. */
export const EXIT = {
  done: 0,
  /** The answer is no. */
  refused: 1,
  usage: 2,
  /** The command could not be carried out: no such object, no permission, no API server, no answer of an operator. */
  failed: 5,
  /** By Ctrl-C or another signal. */
  interrupted: 130,
  /** Whoever read the output has left: as a shell tells the end by SIGPIPE. Never 0, which would be an answer. */
  unread: 141,
} as const;

/** Why a command cannot be carried out, in one sentence. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
