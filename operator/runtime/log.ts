// SPDX-License-Identifier: Apache-2.0

type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** The part of a pino logger that runtime/ uses. Errors go under the field `err`. */
export interface Log {
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
  child(fields: Readonly<Record<string, unknown>>): Log;
}

/** Drops every line. */
export const silentLog: Log = Object.freeze({
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
});
