// SPDX-License-Identifier: Apache-2.0

/** What a command sees of the world outside: tests give it another one. */
export interface Io {
  /** Writes to standard output, as it is. */
  out(text: string): void;
  /** Writes to standard error, as it is. */
  err(text: string): void;
  /** All of standard input. */
  stdin(): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now(): number;
  readonly screen: Screen;
}

/** What standard output can show. */
export interface Screen {
  readonly isTerminal: boolean;
  /** Characters in a line: 80 where nobody says. */
  readonly columns: number;
  readonly hasColor: boolean;
  /** Whether its locale has more than ASCII. */
  readonly hasUnicode: boolean;
}

/** A flag of a command. Without `value` it is a switch. */
export interface Flag {
  readonly short?: string | undefined;
  /** What its value is called in the help, as in `--timeout DURATION`; of a path it is `FILE`. */
  readonly value?: string | undefined;
  readonly help: string;
  /** All that the value may be. */
  readonly oneOf?: readonly string[] | undefined;
}

/** By their long names, without dashes. */
export type Flags = Readonly<Record<string, Flag>>;

/** A command of `kubectl headway`. */
export interface Command {
  readonly name: string;
  /** What follows the name, as in `KIND/NAME [--full]`. */
  readonly usage: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Lines that say what each flag and exit code means, for `--help`. */
  readonly details: readonly string[];
  /** Absent: it has none. */
  readonly flags?: Flags | undefined;
  /** Answers the exit code; a bad argument throws a UsageError. */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** What was typed cannot be understood; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
