// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { operatorLogPath } from './operator.ts';
import { releaseName } from './installation.ts';
import { operatorNamespace } from './world.ts';

/** The log of pods, while they come and go. */
export interface OperatorLogs {
  readonly logPath: string;
  stop(): void;
}

/** kubectl follows the pods that it finds; it ends when all of those have. */
const againAfterMs = 1_000;

/** Writes what all pods of a release say into a file, each line with its pod before it. */
export function followOperatorLogs(release: string = releaseName): OperatorLogs {
  const logPath = operatorLogPath(release);
  mkdirSync(dirname(logPath), { recursive: true });
  let isWanted = true;
  let child: ChildProcess | undefined;

  function follow(): void {
    if (!isWanted) return;
    const log = openSync(logPath, 'a');
    const selector = `--selector=app.kubernetes.io/instance=${release}`;
    const place = [`--namespace=${operatorNamespace}`, selector];
    const how = ['--follow', '--prefix', '--tail=-1', '--max-log-requests=10', '--ignore-errors'];
    child = spawn('kubectl', ['logs', ...place, ...how], { stdio: ['ignore', log, log] });
    closeSync(log);
    child.on('exit', () => setTimeout(follow, againAfterMs).unref());
  }

  follow();
  return {
    logPath,
    stop() {
      isWanted = false;
      child?.kill();
    },
  };
}
