// SPDX-License-Identifier: Apache-2.0
import { type DestinationStream, destination, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Log } from '../runtime/log.ts';
import { toTextLine } from './log-text.ts';
import { redactFields, redactText } from './redact.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** json: one object a line, for machines. text: one line with the fields behind the message, for people. */
export const LOG_FORMATS = ['json', 'text'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Where lines go. Default: standard output, written before the call returns, so that no line is lost at an exit. */
  readonly stream?: DestinationStream | undefined;
}

/**
 * A Log by pino: times in RFC 3339, levels by name, errors with their facts under `err`. Whatever has the name or the
 * look of a credential is masked before it reaches pino.
 */
export function createLogger({ level, format, stream }: LoggerOptions): Log {
  const output = stream ?? destination({ fd: 1, sync: true });
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: (err: unknown) => err },
  };
  return wrap(pino(options, format === 'text' ? textStream(output) : output));
}

function textStream(output: DestinationStream): DestinationStream {
  return { write: (line) => output.write(toTextLine(line)) };
}

function wrap(logger: Logger): Log {
  const write = (level: LogLevel) => (fields: Readonly<Record<string, unknown>>, message: string) => {
    if (logger.isLevelEnabled(level)) logger[level](redactFields(fields), redactText(message));
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(logger.child(redactFields(fields))),
  };
}
