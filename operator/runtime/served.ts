// SPDX-License-Identifier: Apache-2.0
import { isNotFound } from '../kube/errors.ts';
import type { Log } from './log.ts';

/** So many 404 in a row, some 7 s: one of several API servers may know less than the others for a while. */
const GONE_AFTER = 4;

/** Told whether the API server serves a resource: when that is first known, and at each change. Must not throw. */
export type OnServed = (isServed: boolean) => void;

/** Whether the API server serves a resource that may be absent, such as one of a CRD that is installed later. */
export interface Served {
  /** A list that failed so, for the `failures`th time in a row, says that there is no such resource. */
  isDenied(error: unknown, failures: number): boolean;
  /** Takes note, and tells it when it is news. */
  note(isServed: boolean): void;
}

/** Without `onServed` the resource must be there: a 404 is an error like any other. */
export function createServed(parts: { name: string; log: Log; onServed: OnServed | undefined }): Served {
  const { name, log, onServed } = parts;
  let known: boolean | undefined;
  return {
    isDenied(error, failures) {
      if (!onServed || !isNotFound(error)) return false;
      return known !== true || failures >= GONE_AFTER;
    },
    note(isServed) {
      if (!onServed || known === isServed) return;
      if (!isServed)
        log.info({ resource: name }, 'the API server does not serve this resource; asking again');
      else if (known === false) log.info({ resource: name }, 'the API server serves this resource now');
      known = isServed;
      onServed(isServed);
    },
  };
}
