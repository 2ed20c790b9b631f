// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { follow } from './command.ts';
import { type Counts, countJest } from './counts.ts';
import { jestCommand, outputDir } from './environment.ts';

export interface JestRun {
  project: string;
  /** Names the log and the report. */
  name: string;
  args?: readonly string[];
  start: (command: readonly string[]) => ChildProcess;
  isShown?: (line: string) => boolean;
  progressMs?: number;
}

/** Runs a project to its end; a run without a report is one failure with the end of its log. */
export async function runJest({
  project,
  name,
  args = [],
  start,
  isShown,
  progressMs,
}: JestRun): Promise<Counts> {
  const reportPath = join(outputDir, `${name}.json`);
  rmSync(reportPath, { force: true });
  const child = start(jestCommand(project, reportPath, args));
  const { code, tail } = await follow(child, {
    title: name,
    logPath: join(outputDir, `${name}.log`),
    ...(isShown ? { isShown } : {}),
    ...(progressMs === undefined ? {} : { progressMs }),
  });
  // With --passWithNoTests a run that finds no tests is content, and reports nothing.
  if (!existsSync(reportPath) && code === 0) return { passed: 0, failed: 0, problems: [] };
  if (!existsSync(reportPath)) {
    return {
      passed: 0,
      failed: 1,
      problems: [`${name}: jest ended with ${code} and without a report\n${tail}`],
    };
  }
  const counts = countJest(readFileSync(reportPath, 'utf8'));
  if (code !== 0 && counts.failed === 0) {
    return { ...counts, failed: 1, problems: [`${name}: jest ended with ${code}\n${tail}`] };
  }
  return counts;
}

const shownOfFailure = 30;

/** Shows the line of each file of tests that is through, and at once the first of what a failed one says. */
export function fileResults(): (line: string) => boolean {
  let left = 0;
  return (line) => {
    if (/^(PASS|FAIL) /.test(line)) {
      left = line.startsWith('FAIL') ? shownOfFailure : 0;
      return true;
    }
    if (left === 0 || line.trim() === '') return false;
    left -= 1;
    return true;
  };
}
