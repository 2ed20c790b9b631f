// SPDX-License-Identifier: Apache-2.0
import { clockOf } from '../../operator/engine/time.ts';

/** Says one line with the time of day in UTC, as the sentences of the status have it. */
export type Say = (line: string) => void;

/** Plain lines; the time is dimmed where a terminal shows it and NO_COLOR is not set. */
export function narrator(): Say {
  const isDimmed = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  return (line) => {
    const time = clockOf(Date.now());
    console.log(isDimmed ? `\u001b[2m${time}\u001b[0m  ${line}` : `${time}  ${line}`);
  };
}
