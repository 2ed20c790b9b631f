// SPDX-License-Identifier: Apache-2.0
// What tests do to a cluster of the provider "node". All state is in files, so this works from any process,
// inside the cluster's network or outside.
import { readFileSync } from 'node:fs';
import { layoutOf } from './node/layout.ts';
import { logPath } from './node/processes.ts';
import { logTail } from './node/run-parts.ts';

export { signalPart, startPart, stopPart } from './node/run-parts.ts';

/** The API server's audit log of a cluster, as JSON lines. */
export function auditLogPath(cluster: string): string {
  return layoutOf(cluster).auditLogPath;
}

/** The end of a part's log. */
export function partLog(cluster: string, part: string): string {
  return logTail(layoutOf(cluster), part);
}

/** All of a part's log. */
export function wholePartLog(cluster: string, part: string): string {
  return readFileSync(logPath(layoutOf(cluster), part), 'utf8');
}
