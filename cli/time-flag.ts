// SPDX-License-Identifier: Apache-2.0
import { durationMs } from '../operator/api/duration.ts';
import { UsageError } from './command.ts';

/** Milliseconds of a flag such as `--timeout 5m`; a bare number is seconds. Throws a UsageError for anything else. */
export function timeFlag(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  try {
    return durationMs(text);
  } catch (error) {
    throw new UsageError(`--${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
